import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DirectoryHeld, lockDirectory } from '../../src/store/lock.ts'

const LOCK = fileURLToPath(new URL('../../src/store/lock.ts', import.meta.url))

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syndic-lock-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

type Other = {
  pid: number
  /** What the other process said: "held", or the message it was refused with. */
  said: string
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Another process that takes the directory and keeps it until it is ended. */
function anotherProcess(): Promise<Other> {
  const script = `
    const { lockDirectory } = await import(process.argv[1])
    try {
      await lockDirectory(process.argv[2])
      console.log('held')
    } catch (error) {
      console.log(error.message)
    }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, LOCK, directory])
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.stderr.once('data', (text) => reject(new Error(String(text))))
    child.stdout.once('data', (text) =>
      resolve({
        pid: child.pid ?? 0,
        said: String(text).trim(),
        end: async (signal) => {
          child.kill(signal)
          await exited
        },
      }),
    )
  })
}

test('a second process is refused with the directory, the owner and what to do', async () => {
  const unlock = await lockDirectory(directory)
  const other = await anotherProcess()
  await other.end('SIGTERM')
  expect(other.said).toContain(directory)
  expect(other.said).toContain(`process ${process.pid}`)
  expect(other.said).toContain('SYNDIC_DATA')
  await unlock()
})

test('a directory is refused while another process lives, and taken over when it died without a word', async () => {
  const other = await anotherProcess()
  expect(other.said).toBe('held')
  const refused = await lockDirectory(directory).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(DirectoryHeld)
  expect(String(refused)).toContain(`process ${other.pid}`)
  await other.end('SIGKILL')
  expect(await readdir(directory)).toContain('lock')
  const unlock = await lockDirectory(directory)
  expect((await readFile(join(directory, 'lock'), 'utf8')).trim()).toBe(String(process.pid))
  await unlock()
})

test('the same process does not take one directory twice either', async () => {
  const unlock = await lockDirectory(directory)
  await expect(lockDirectory(join(directory, '.'))).rejects.toThrow(DirectoryHeld)
  await unlock()
  await (await lockDirectory(directory))()
})

test('what was left by a former life with the same process id is taken over', async () => {
  await writeFile(join(directory, 'lock'), `${process.pid}\n`)
  await (await lockDirectory(directory))()
})

test.each(['', 'nonsense', '-1', '0', '999999999'])('a lock that says "%s" is nobody\'s', async (text) => {
  await writeFile(join(directory, 'lock'), text)
  await (await lockDirectory(directory))()
  expect(await readdir(directory)).toEqual([])
})

test('of many in one process who want it at once exactly one gets it', async () => {
  for (const left of [undefined, '999999999']) {
    if (left !== undefined) await writeFile(join(directory, 'lock'), left)
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)))
    const taken = answers.filter((answer) => answer.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    for (const { value } of taken) await value()
    expect(await readdir(directory)).toEqual([])
  }
})

test.each([
  ['find it free', undefined],
  ['find a dead owner', '999999999'],
])('of several processes that %s at once exactly one gets the directory', async (_, left) => {
  if (left !== undefined) await writeFile(join(directory, 'lock'), left)
  const others = await Promise.all(Array.from({ length: 8 }, anotherProcess))
  const holders = others.filter(({ said }) => said === 'held')
  expect(holders).toHaveLength(1)
  for (const { said } of others)
    expect(said).toMatch(/^(held|The data directory .* is held by process \d+\. .*)$/)
  expect(await readdir(directory)).toEqual(['lock'])
  expect((await readFile(join(directory, 'lock'), 'utf8')).trim()).toBe(String(holders[0]?.pid))
  await Promise.all(others.map((other) => other.end('SIGKILL')))
})

test('a process that died while it took over is no obstacle', async () => {
  await writeFile(join(directory, 'lock'), '999999999')
  await writeFile(join(directory, 'lock.taking'), '999999998')
  await (await lockDirectory(directory))()
  expect(await readdir(directory)).toEqual([])
})

test('a refusal leaves nothing behind in the directory', async () => {
  const other = await anotherProcess()
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryHeld)
  expect(await readdir(directory)).toEqual(['lock'])
  await other.end('SIGKILL')
})

test('a directory that does not exist is made', async () => {
  const deep = join(directory, 'a', 'b')
  await (await lockDirectory(deep))()
  expect(await readdir(deep)).toEqual([])
})
