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
  await mkdir(directory, { recursive: true })
  const place = resolve(directory)
  const file = join(place, 'lock')
  // The file appears with its content in it: one that is read half-written would look like one left behind.
  const own = `${file}.${randomUUID()}`
  await writeFile(own, `${process.pid}\n`)
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await appears(own, file)) {
        held.add(place)
        return async () => {
          await rm(file, { force: true })
          held.delete(place)
        }
      }
      const owner = await readOwner(file)
      if (held.has(place) || isAlive(owner)) throw new DirectoryHeld(directory, owner)
      await discard(file, owner)
    }
  } finally {
    await rm(own, { force: true })
  }
  throw new DirectoryHeld(directory, await readOwner(file))
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

/** Removes what a dead owner left. What somebody else took over since it was read is put back. */
async function discard(file: string, owner: number): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  if (!Object.is(await readOwner(aside), owner)) await appears(aside, file)
  await rm(aside, { force: true })
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
