/** A source of randomness. Given a seeded one, a run can be repeated. */
export type Random = { bytes(length: number): Uint8Array }

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

/** A repeatable source (splitmix32) for tests and simulations. Never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return { bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff) }
}
