// A data directory belongs to one process. The embedded database has no lock of its own, so a file with the owner's
// process id is taken first; a file left by a process that is gone is taken over.
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const ATTEMPTS = 3
/** What this process holds: its own process id in a file would look like one left by a container's last start. */
const held = new Set<string>()

/** Takes the directory; answers how to give it back. Throws one clear message if another process holds it. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const place = resolve(directory)
  if (held.has(place)) throw new DirectoryHeld(directory, process.pid)
  held.add(place)
  try {
    await mkdir(place, { recursive: true })
    await take(directory, join(place, 'lock'))
  } catch (error) {
    held.delete(place)
    throw error
  }
  return async () => {
    await rm(join(place, 'lock'), { force: true })
    held.delete(place)
  }
}

async function take(directory: string, file: string): Promise<void> {
  // The file appears with its content in it: one that is read half-written would look like one left behind.
  const own = `${file}.${randomUUID()}`
  await writeFile(own, `${process.pid}\n`)
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await appears(own, file)) return
      const owner = await readOwner(file)
      if (isAlive(owner)) throw new DirectoryHeld(directory, owner)
      if (await takeOver(directory, own, file)) return
    }
    throw new DirectoryHeld(directory, await readOwner(file))
  } finally {
    await rm(own, { force: true })
  }
}

/**
 * Replaces what a dead owner left, in one step, so that there is no moment without a lock. Only one process at a time
 * may do so; whether the owner is dead is asked again then. False: somebody else was quicker.
 */
async function takeOver(directory: string, own: string, file: string): Promise<boolean> {
  const taking = `${file}.taking`
  if (!(await appears(own, taking))) {
    const other = await readOwner(taking)
    if (isAlive(other)) throw new DirectoryHeld(directory, other)
    await rm(taking, { force: true })
    return false
  }
  try {
    if (isAlive(await readOwner(file))) return false
    await rename(own, file)
    return true
  } finally {
    await rm(taking, { force: true })
  }
}

export class DirectoryHeld extends Error {
  constructor(directory: string, owner: number) {
    super(
      `The data directory ${directory} is held by process ${owner}. Stop that process, or set SYNDIC_DATA to another directory.`,
    )
    this.name = 'DirectoryHeld'
  }
}

/** True when the file was not there and now is, with the same content; of many at once one succeeds. */
async function appears(content: string, file: string): Promise<boolean> {
  try {
    await link(content, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

async function readOwner(file: string): Promise<number> {
  return Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
}

function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false
  try {
    process.kill(owner, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
