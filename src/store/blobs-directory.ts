import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Blobs } from './blobs.ts'

/** Blobs as files, two letters deep; a blob is whole or absent because it is written aside and renamed. */
export function directoryBlobs(directory: string): Blobs {
  const place = (key: string) => {
    if (!/^[0-9a-f]{16,128}$/.test(key)) throw new Error(`A blob key is a digest in hex, not "${key}"`)
    return { folder: join(directory, key.slice(0, 2)), file: join(directory, key.slice(0, 2), key) }
  }
  return {
    async put(key, bytes) {
      const { folder, file } = place(key)
      await mkdir(folder, { recursive: true })
      const aside = `${file}.${process.pid}.part`
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
