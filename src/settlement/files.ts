// The raw bytes of statements, kept in parts under the digests of those parts: no file is ever whole in memory.
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'

/** How large one stored part of a file is, in bytes. */
export const PART_BYTES = 4 * 1024 * 1024

export type StoredFile = { parts: string[]; sha256: string; bytes: number }

/** Keeps a file. A file of one part has its own SHA-256; a longer one the SHA-256 of its parts' digests. */
export async function keepFile(
  { blobs }: Pick<Context, 'blobs'>,
  source: AsyncIterable<Uint8Array>,
): Promise<StoredFile> {
  const parts: string[] = []
  let bytes = 0
  const keep = async (part: Uint8Array) => {
    const digest = await sha256(part)
    await blobs.put(digest, part)
    parts.push(digest)
  }
  const held = new Uint8Array(PART_BYTES)
  let filled = 0
  for await (const chunk of source) {
    bytes += chunk.length
    for (let from = 0; from < chunk.length; ) {
      const taken = Math.min(PART_BYTES - filled, chunk.length - from)
      held.set(chunk.subarray(from, from + taken), filled)
      filled += taken
      from += taken
      if (filled < PART_BYTES) continue
      await keep(held.slice())
      filled = 0
    }
  }
  if (filled > 0 || parts.length === 0) await keep(held.slice(0, filled))
  const only = parts[0]
  return {
    parts,
    bytes,
    sha256: parts.length === 1 && only !== undefined ? only : await sha256(parts.join('\n')),
  }
}

/** The bytes of a kept file, part by part. Throws when a part is gone from the blob store. */
export async function* openFile(
  { blobs }: Pick<Context, 'blobs'>,
  parts: readonly string[],
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const bytes = await blobs.get(part)
    if (bytes === undefined) throw new Error(`The blob store has lost ${part}`)
    yield bytes
  }
}
