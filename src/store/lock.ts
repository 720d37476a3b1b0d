// A data directory belongs to one process. The embedded database has no lock of its own, so a file with the owner's
// process id is taken first; a file left by a process that is gone is taken over.
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Takes the directory; answers how to give it back. Throws one clear message if another process holds it. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'lock')
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(`${process.pid}\n`)
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
      if (isAlive(owner)) throw new DirectoryHeld(directory, owner)
      await rm(file, { force: true })
    }
  }
  throw new DirectoryHeld(directory, 0)
}

export class DirectoryHeld extends Error {
  constructor(directory: string, owner: number) {
    super(
      `The data directory ${directory} is held by process ${owner}. Stop that process, or set SYNDIC_DATA to another directory.`,
    )
    this.name = 'DirectoryHeld'
  }
}

function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false
  try {
    process.kill(owner, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
