/** Raw bytes kept under a key, written once: a directory on Node, R2 on Workers. */
export type Blobs = {
  /** Writes a blob; writing the same key again is harmless because keys are digests of the content. */
  put(key: string, bytes: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array | undefined>
}

/** Every driver takes the same keys. Throws for what is not a digest: a key becomes part of a path. */
export function checkKey(key: string): void {
  if (!/^[0-9a-f]{16,128}$/.test(key)) throw new Error(`A blob key is a digest in hex, not "${key}"`)
}

/** What an R2 bucket offers that we need. */
type Bucket = {
  put(key: string, value: Uint8Array): Promise<unknown>
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>
}

export function bucketBlobs(bucket: Bucket): Blobs {
  return {
    async put(key, bytes) {
      checkKey(key)
      await bucket.put(key, bytes)
    },
    async get(key) {
      checkKey(key)
      const found = await bucket.get(key)
      return found === null ? undefined : new Uint8Array(await found.arrayBuffer())
    },
  }
}

/** Blobs in memory, for tests. */
export function memoryBlobs(): Blobs {
  const kept = new Map<string, Uint8Array>()
  return {
    async put(key, bytes) {
      checkKey(key)
      kept.set(key, Uint8Array.from(bytes))
    },
    async get(key) {
      checkKey(key)
      return kept.get(key)
    },
  }
}
