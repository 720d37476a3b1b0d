// What the ledger's tests share: a tenant's books, and a door to them.

import { Hono } from 'hono'
import type { Context } from '../../src/context.ts'
import { type Money, parseMoney } from '../../src/core/money.ts'
import { problemBody, problemCodes, Refusal } from '../../src/core/problem.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { balances, type EntryDraft, post } from '../../src/ledger/index.ts'
import { callerFor } from '../support/caller.ts'
import type { TestContext } from '../support/context.ts'

/** US dollars as a person writes them. */
export function usd(text: string): Money {
  const money = parseMoney('USD', text)
  if (money === undefined) throw new Error(`Not an amount: ${text}`)
  return money
}

/** Books entries in one transaction; recipes that had nothing to book are left out. */
export function book(
  context: Pick<TestContext, 'store' | 'organisation_id'>,
  ...drafts: (EntryDraft | null)[]
) {
  return context.store.inTenant(context.organisation_id, (scope) =>
    post(
      scope,
      drafts.filter((draft) => draft !== null),
    ),
  )
}

/** Balances in minor units by account, zeros left out. */
export async function standing(
  context: Pick<TestContext, 'store' | 'organisation_id'>,
  prefix = '',
): Promise<Record<string, bigint>> {
  const rows = await context.store.inTenant(context.organisation_id, (scope) => balances(scope, prefix))
  return Object.fromEntries(rows.filter((row) => row.balance !== 0n).map((row) => [row.account, row.balance]))
}

/** A room's routes as one tenant meets them. */
export function door(routes: Hono<DoorEnv>, organisation_id: string) {
  const app = new Hono<DoorEnv>()
  app.use(async (context, next) => {
    context.set('caller', callerFor(organisation_id))
    await next()
  })
  app.route('/', routes)
  app.onError((error, context) => {
    if (!(error instanceof Refusal)) throw error
    return context.json(problemBody(error.code, error.message, error.errors), problemCodes[error.code][0])
  })
  return {
    get: async (path: string) => answer(await app.request(path)),
    text: async (path: string) => (await app.request(path)).text(),
    post: async (path: string, body?: unknown) =>
      answer(
        await app.request(path, {
          method: 'POST',
          ...(body === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        }),
      ),
  }
}

async function answer(response: Response): Promise<{ status: number; body: unknown }> {
  return { status: response.status, body: await response.json() }
}

/** Another tenant of the same installation. */
export async function anotherTenant(context: Context, name: string): Promise<string> {
  return context.store.inInstallation(async ({ tx, id, now }) => {
    const organisation_id = id('organisation')
    await tx.organisation.create({
      data: { id: organisation_id, kind: 'reseller', name, created_at: now() },
    })
    return organisation_id
  })
}

/** What the organisation's audit records are about, oldest first. */
export async function subjectsOf(context: TestContext): Promise<string[]> {
  const records = await context.store.inTenant(context.organisation_id, ({ tx }) =>
    tx.audit_record.findMany({ orderBy: { sequence: 'asc' }, select: { subject_id: true } }),
  )
  return records.map(({ subject_id }) => subject_id)
}
