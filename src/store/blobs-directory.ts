import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Blobs, checkKey } from './blobs.ts'

/** Blobs as files, two letters deep; a blob is whole or absent because it is written aside and renamed. */
export function directoryBlobs(directory: string): Blobs {
  const place = (key: string) => {
    checkKey(key)
    return { folder: join(directory, key.slice(0, 2)), file: join(directory, key.slice(0, 2), key) }
  }
  return {
    async put(key, bytes) {
      const { folder, file } = place(key)
      await mkdir(folder, { recursive: true })
      // The same content may be written twice at once: each writer has a file of its own to rename.
      const aside = `${file}.${randomUUID()}.part`
      await writeFile(aside, bytes)
      await rename(aside, file)
    },
    async get(key) {
      try {
        return await readFile(place(key).file)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
  }
}
