/** A service that keeps a key nobody can take out of it: short secrets go in and come out wrapped, and back again. */
export type KeyService = {
  wrap(plain: Uint8Array): Promise<Uint8Array>
  /** Throws Fault when the service does not answer or does not know what it is given. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>
}
