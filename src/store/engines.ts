// The generated client is dear to make: it reads its description of the schema and learns a plan for each query. It holds
// no connection of its own. So an isolate keeps clients, and lends each to one request at a time, with that request's own
// connection behind it. One that was never given back, because its request was cancelled, is forgotten.
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import type { DatabaseClient } from './store.ts'

/** How many clients are kept that nobody uses; a busier moment makes more of them. */
const KEPT_MAX = 8

type Engine = { client: DatabaseClient; connect(to: SqlDriverAdapter | undefined): void }

export type Lent = {
  client: DatabaseClient
  /** For a request that is done with it: nothing it began may still be under way. */
  giveBack(): void
}

/** Clients without connections. `make` is called with what stands for the connection of whoever has the client. */
export function keepEngines(make: (connection: SqlDriverAdapterFactory) => DatabaseClient) {
  const kept: Engine[] = []
  return {
    /** A client for one request, whose queries go to the request's pool. */
    async lend(pool: pg.Pool): Promise<Lent> {
      const connection = await new PrismaPg(pool).connect()
      const { client, connect } = kept.pop() ?? makeEngine(make)
      connect(connection)
      return {
        client,
        giveBack() {
          connect(undefined)
          if (kept.length < KEPT_MAX) kept.push({ client, connect })
        },
      }
    },
  }
}
export type Engines = ReturnType<typeof keepEngines>

function makeEngine(make: (connection: SqlDriverAdapterFactory) => DatabaseClient): Engine {
  let present: SqlDriverAdapter | undefined
  const held = () => {
    if (present === undefined) throw new Error('This database client was given back')
    return present
  }
  const names = { provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const
  const standing: SqlDriverAdapter = {
    ...names,
    queryRaw: (query) => held().queryRaw(query),
    executeRaw: (query) => held().executeRaw(query),
    executeScript: (script) => held().executeScript(script),
    startTransaction: async (level) => untilItEnds(await held().startTransaction(level)),
    getConnectionInfo: () => held().getConnectionInfo?.() ?? { supportsRelationJoins: false },
    dispose: async () => {},
  }
  const client = make({ ...names, connect: async () => standing })
  return {
    client,
    connect(to) {
      present = to
    },
  }
}

/** The client remembers transactions that ended; their connections must not be remembered with them. */
function untilItEnds(transaction: Transaction): Transaction {
  let present: Transaction | undefined = transaction
  const held = () => {
    if (present === undefined) throw new Error('This transaction ended')
    return present
  }
  const end = () => {
    const ending = held()
    present = undefined
    return ending
  }
  const { provider, adapterName, options } = transaction
  return {
    provider,
    adapterName,
    options,
    queryRaw: (query) => held().queryRaw(query),
    executeRaw: (query) => held().executeRaw(query),
    commit: () => end().commit(),
    rollback: () => end().rollback(),
    createSavepoint: async (name) => held().createSavepoint?.(name),
    rollbackToSavepoint: async (name) => held().rollbackToSavepoint?.(name),
    releaseSavepoint: async (name) => held().releaseSavepoint?.(name),
  }
}
