import type pg from 'pg'

/** How to end a pool, asked for before its first connection. */
export function closing(pool: pg.Pool): () => Promise<void> {
  // The pool calls itself ended before its connections are; a server stopped in between would break them.
  const ended: Promise<unknown>[] = []
  pool.on('connect', (client) =>
    ended.push(new Promise((resolve) => client.once('end', () => resolve(null)))),
  )
  return async () => {
    await pool.end()
    await Promise.all(ended)
  }
}
