// The one way to the database. Everything happens in a transaction that knows its tenant; only the transaction's own
// client is reachable inside (with the embedded database there is no second connection to reach).
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { type Id, type Noun, newId } from '../core/id.ts'
import type { Random } from '../core/random.ts'
import type { Clocks } from '../core/time.ts'
import type { Prisma, PrismaClient } from './generated/node/client.ts'

/** The client of one transaction. */
export type Tx = Prisma.TransactionClient

/** The generated client of a runtime, as far as it is used outside transactions. */
export type DatabaseClient = Pick<PrismaClient, '$transaction' | '$disconnect'>

/** One transaction of one tenant, with the present and new ids: what every write inside a transaction is given. */
export type Scope = {
  organisation_id: string
  tx: Tx
  /** Business time. */
  now(): Date
  /** Wall time, for leases, locks and limits. */
  wall(): Date
  id<N extends Noun>(noun: N): Id<N>
  /** 128 random bits as text, to be hashed together with what should not be guessed from its hash. */
  salt(): string
  /**
   * Does what no tenant may, such as making another one, inside the same transaction. For the operator's acts, and for
   * what belongs to people and to no tenant.
   */
  asInstallation<T>(work: (scope: InstallationScope) => Promise<T>): Promise<T>
}

/** A transaction without a tenant. */
export type InstallationScope = Omit<Scope, 'organisation_id' | 'asInstallation'> & {
  /** Does one tenant's part inside the same transaction, such as its audit record of what happened to a person. */
  asTenant<T>(organisation_id: string, work: (scope: Scope) => Promise<T>): Promise<T>
}

export type Store = {
  /** Runs work in one READ COMMITTED transaction for a tenant. Keep it short and never call a cloud inside. */
  inTenant<T>(organisation_id: string, work: (scope: Scope) => Promise<T>): Promise<T>
  /** The same without a tenant, for the installation's own tables and for claiming work. */
  inInstallation<T>(work: (scope: InstallationScope) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const LIMITS = { maxWait: 60_000, timeout: 60_000 } as const

type Parts = {
  pool: pg.Pool
  /** The generated client of this runtime: Node's or the Workers' one. */
  client: (adapter: PrismaPg) => DatabaseClient
  clocks: Clocks
  random: Random
  close?: () => Promise<void>
}

/** A store with a client of its own, over a pool. */
export function makeStore({ pool, client, close, ...rest }: Parts): Store {
  const prisma = client(new PrismaPg(pool))
  return storeOn(prisma, {
    ...rest,
    async close() {
      await prisma.$disconnect()
      await (close === undefined ? pool.end() : close())
    },
  })
}

/** A store over a client that somebody else keeps. */
export function storeOn(
  prisma: Pick<DatabaseClient, '$transaction'>,
  { clocks, random, close }: Pick<Parts, 'clocks' | 'random'> & Pick<Store, 'close'>,
): Store {
  let made = 0
  const shared = {
    now: () => clocks.business.now(),
    wall: () => clocks.wall.now(),
    id: <N extends Noun>(noun: N) => newId(noun, clocks.business.now(), random, made++),
    salt: () => Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  }
  const tenantScope = (tx: Tx, organisation_id: string): Scope => ({
    ...shared,
    organisation_id,
    tx,
    asInstallation: async (inner) => {
      await enterInstallation(tx)
      const answer = await inner(installationScope(tx))
      await enterTenant(tx, organisation_id)
      return answer
    },
  })
  const installationScope = (tx: Tx): InstallationScope => ({
    ...shared,
    tx,
    asTenant: async (organisation_id, inner) => {
      await enterTenant(tx, organisation_id)
      const answer = await inner(tenantScope(tx, organisation_id))
      await enterInstallation(tx)
      return answer
    },
  })
  return {
    inTenant: (organisation_id, work) =>
      prisma.$transaction(async (tx) => {
        await enterTenant(tx, organisation_id)
        return work(tenantScope(tx, organisation_id))
      }, LIMITS),
    inInstallation: (work) =>
      prisma.$transaction(async (tx) => {
        await enterInstallation(tx)
        return work(installationScope(tx))
      }, LIMITS),
    close,
  }
}

// The role and the tenant hold for this transaction only: a pooled connection carries nothing over to the next one.
// READ COMMITTED is PostgreSQL's own default; naming it here costs no round trip and fails where somebody set another.

async function enterTenant(tx: Tx, organisation_id: string): Promise<void> {
  await tx.$executeRaw`
    SELECT set_config('role', 'syndic_tenant', true), set_config('syndic.organisation', ${organisation_id}, true),
      set_config('transaction_isolation', 'read committed', true)`
}

async function enterInstallation(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    SELECT set_config('role', 'syndic_installation', true), set_config('syndic.organisation', '', true),
      set_config('transaction_isolation', 'read committed', true)`
}
