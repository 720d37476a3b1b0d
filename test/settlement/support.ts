// A small cloud that writes plain files, a vendor's books, and words to say what happened.
import {
  type Connector,
  type SettlementRules,
  StatementError,
  type StatementItem,
  type StatementLine,
} from '../../connectors/connector.ts'
import type { Context } from '../../src/context.ts'
import { parseDecimal } from '../../src/core/decimal.ts'
import type { Terms } from '../../src/offers/model.ts'
import { importStatement } from '../../src/settlement/import.ts'
import { pullStatements } from '../../src/settlement/pull.ts'
import { type Reconciled, reconcile, totals } from '../../src/settlement/reconcile.ts'
import { matchStatements } from '../../src/settlement/settle.ts'
import { checkUpload, takeUpload } from '../../src/settlement/upload.ts'
import { type Scope, toJson } from '../../src/store/index.ts'
import type { WorkItem } from '../../src/work/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { guide } from '../support/guide.ts'

export const columns = [
  'key',
  'version',
  'deleted',
  'kind',
  'stage',
  'amount',
  'agreement',
  'dimension',
  'invoice',
  'parent',
  'disbursement',
  'trace',
  'on',
  'from',
  'until',
  'counts',
] as const
export type Row = Partial<Record<(typeof columns)[number], string>>

export function file(rows: readonly Row[], header: readonly string[] = columns): string {
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','))
  return `${[header.join(','), ...lines].join('\n')}\n`
}

export const rules: SettlementRules = {
  resale_pays: 'gross_and_cost',
  usage_rounding: 'half_up',
  time_zone: 'UTC',
  usage_taken_ms: 0,
  usage_counted_ms: null,
  payer: 'AMAZON',
}

export type Cloud = { files: Map<string, string>; connector: Connector; fetched: string[] }

export function fakeCloud(): Cloud {
  const files = new Map<string, string>()
  const fetched: string[] = []
  const connector: Connector = {
    cloud: 'aws',
    guide,
    connectionFields: [],
    test: async () => [],
    settlements: {
      rules,
      pull: async (_connection, cursor) => {
        const seen = new Set<string>(cursor === null ? [] : (JSON.parse(cursor) as string[]))
        const items = [...files].flatMap(([name, text]) => {
          const version = String(text.length)
          if (seen.has(`${name} ${version} ${text.slice(-40)}`)) return []
          seen.add(`${name} ${version} ${text.slice(-40)}`)
          return [{ name, version, bytes: text.length, changed_at: new Date(0) }]
        })
        return { items, next: JSON.stringify([...seen]), more: false }
      },
      fetchFile: async (_connection, name) => {
        fetched.push(name)
        const body = new Response(files.get(name) ?? '').body
        if (body === null) throw new Error('no body')
        return body
      },
      recognise: (name) => (name.startsWith('other') ? null : 'plain'),
      parse: (_format, rows) => parse(rows),
    },
  }
  return { files, connector, fetched }
}

async function* parse(rows: AsyncIterable<readonly string[]>): AsyncGenerator<StatementItem> {
  let header: readonly string[] | undefined
  let number = 0
  for await (const cells of rows) {
    number += 1
    if (header === undefined) {
      header = cells
      const missing = columns.find((column) => !cells.includes(column))
      if (missing !== undefined) {
        throw new StatementError({ row: 1, column: missing, rule: 'is missing', fix: 'Export all columns' })
      }
      continue
    }
    const names = header
    const row: Row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
    if (row.kind === 'usage_reading') yield readingOf(row, number)
    else yield { is: 'line', line: lineOf(row, number) }
  }
}

function numberOf(row: Row, number: number) {
  const amount = parseDecimal(row.amount ?? '')
  if (amount !== undefined) return amount
  throw new StatementError({
    row: number,
    column: 'amount',
    rule: `"${row.amount}" is no number`,
    fix: 'Write 1.00',
  })
}

function readingOf(row: Row, number: number): StatementItem {
  const usage = {
    agreement_id: row.agreement ?? '',
    dimension: row.dimension ?? '',
    on: row.on ?? '',
    quantity: numberOf(row, number),
    raw: {},
  }
  return { is: 'usage', usage }
}

function lineOf(row: Row, number: number): StatementLine {
  const or = (text: string | undefined) => (text === undefined || text === '' ? null : text)
  const on = row.on ?? ''
  return {
    key: row.key ?? '',
    version: row.version || '1',
    deleted: row.deleted === 'yes',
    kind: row.kind as StatementLine['kind'],
    stage: row.stage as StatementLine['stage'],
    amount: numberOf(row, number),
    currency: 'USD',
    agreement_id: or(row.agreement),
    offer_id: null,
    product_id: null,
    dimension: or(row.dimension),
    invoice_id: or(row.invoice),
    parent_key: or(row.parent),
    disbursement_key: or(row.disbursement),
    bank_reference: or(row.trace),
    occurred_at: new Date(`${on}T08:00:00Z`),
    period_starts_on: or(row.from) ?? on,
    period_ends_on: or(row.until) ?? on,
    counts: row.counts !== 'no',
    raw: { row: String(number) },
  }
}

export type World = {
  context: TestContext
  cloud: Cloud
  connection_id: string
  tenant<T>(work: (scope: Scope) => Promise<T>): Promise<T>
  /** The cloud writes a file; it is pulled, imported and matched. */
  write(name: string, rows: readonly Row[]): Promise<void>
  bank(text: string, name?: string): Promise<void>
  match(): Promise<void>
  reconciled(agreement_id: string | null): Promise<Reconciled>
  total(): Promise<Reconciled>
  balance(prefix: string): Promise<Record<string, string>>
}

/** A piece of work as the ticker hands it to its handler. */
export const item = (organisation_id: string, kind: WorkItem['kind'], key: string): WorkItem => ({
  organisation_id,
  id: 'work_1',
  kind,
  key,
  payload: {},
  attempts: 1,
  generation: 0,
})

export async function world(start = '2026-02-10T12:00:00.000Z'): Promise<World> {
  const cloud = fakeCloud()
  const context = await testContext({ start, connectors: { aws: cloud.connector } })
  const { organisation_id } = context
  const connection_id = 'conn_vendor01'
  const tenant: World['tenant'] = (work) => context.store.inTenant(organisation_id, work)
  await tenant(({ tx, now }) =>
    tx.connection.create({
      data: {
        organisation_id,
        id: connection_id,
        cloud: 'aws',
        name: 'Vendor',
        account_id: '111111111111',
        settings: {},
        sealed_credentials: '{}',
        created_at: now(),
      },
    }),
  )
  const match = async () =>
    void (await matchStatements(context, item(organisation_id, 'settlement.match', 'all')))
  return {
    context,
    cloud,
    connection_id,
    tenant,
    match,
    async write(name, rows) {
      cloud.files.set(name, file(rows))
      await pullAndImport(context, organisation_id, connection_id)
      await match()
    },
    async bank(text, name = 'bank.csv') {
      const checked = await checkUpload(context, organisation_id, {
        name,
        bytes: new TextEncoder().encode(text),
        bank_account: 'main',
      })
      await tenant((scope) => takeUpload(scope, checked))
      await importAll(context, organisation_id)
      await match()
    },
    async reconciled(agreement_id) {
      const all = await tenant(reconcile)
      const found = all.find((one) => one.agreement_id === agreement_id)
      if (found === undefined) throw new Error(`nothing is reconciled for ${agreement_id}`)
      return found
    },
    async total() {
      const [one] = totals(await tenant(reconcile))
      if (one === undefined) throw new Error('nothing is reconciled')
      return one
    },
    balance: (prefix) => tenant((scope) => balancesOf(scope, prefix)),
  }
}

export async function pullAndImport(
  context: Context,
  organisation_id: string,
  connection_id: string,
): Promise<void> {
  await pullStatements(context, item(organisation_id, 'settlement.pull', connection_id))
  await importAll(context, organisation_id)
}

export async function importAll(context: Context, organisation_id: string): Promise<void> {
  const open = await context.store.inTenant(organisation_id, ({ tx }) =>
    tx.statement.findMany({
      where: { organisation_id, state: { in: ['received', 'importing'] } },
      orderBy: { id: 'asc' },
    }),
  )
  for (const { id } of open) {
    for (let again = true; again; ) {
      again = !(await importStatement(context, item(organisation_id, 'settlement.import', id))).done
    }
  }
}

/** Open balances of accounts by postings, in whole cents written out; accounts at zero are left out. */
export async function balancesOf(scope: Scope, prefix: string): Promise<Record<string, string>> {
  const postings = await scope.tx.posting.findMany({ where: { organisation_id: scope.organisation_id } })
  const sums = new Map<string, bigint>()
  for (const { from_account, to_account, amount } of postings) {
    sums.set(from_account, (sums.get(from_account) ?? 0n) - amount)
    sums.set(to_account, (sums.get(to_account) ?? 0n) + amount)
  }
  const open = [...sums].filter(([account, amount]) => account.startsWith(prefix) && amount !== 0n)
  return Object.fromEntries(open.sort().map(([account, amount]) => [account, dollars(amount)]))
}

export function dollars(amount: bigint): string {
  const sign = amount < 0n ? '-' : ''
  const text = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
  return `${sign}${text.slice(0, -2)}.${text.slice(-2)}`
}

/** A contract paid in instalments. */
export function contract(...instalments: [due_on: string, amount: string][]): Terms {
  const cents = instalments.reduce((sum, [, amount]) => sum + BigInt(amount.replace('.', '')), 0n)
  return {
    kind: 'contract',
    currency: 'USD',
    duration_months: 12,
    total: dollars(cents),
    grants: [{ dimension: 'seats', quantity: 1 }],
    instalments: instalments.map(([due_on, amount]) => ({ due_on, amount })),
  }
}

export function usageTerms(usage_prices: Record<string, string>): Terms {
  return { kind: 'usage', currency: 'USD', duration_months: 12, usage_prices }
}

export async function agree(
  { context, connection_id, tenant }: World,
  id: string,
  terms: Terms,
  more: { role?: 'seller' | 'manufacturer'; wholesale?: Terms; authorization?: string; product?: null } = {},
): Promise<void> {
  const accepted_at = new Date('2026-01-01T00:00:00Z')
  await tenant(({ tx }) =>
    tx.agreement.create({
      data: {
        organisation_id: context.organisation_id,
        id,
        connection_id,
        cloud: 'aws',
        cloud_agreement_id: `agmt-${id}`,
        cloud_authorization_id: more.authorization ?? null,
        product_id: more.product === null ? null : 'prod_p1',
        role: more.role ?? 'seller',
        state: 'active',
        cloud_state: 'ACTIVE',
        buyer_account_id: '222222222222',
        seller_account_id: more.role === 'manufacturer' ? '333333333333' : '111111111111',
        currency: 'USD',
        terms: toJson(terms),
        ...(more.wholesale === undefined ? {} : { wholesale: toJson(more.wholesale) }),
        entitlements: [],
        accepted_at,
        starts_at: accepted_at,
        ends_at: new Date('2027-01-01T00:00:00Z'),
        evidence: {},
        created_at: accepted_at,
        updated_at: accepted_at,
      },
    }),
  )
}

/** Usage the cloud accepted, as one hour of a month. */
export async function accepted(
  { context, connection_id, tenant }: World,
  agreement_id: string,
  dimension: string,
  quantity: string,
  hour = '2026-01-15T10:00:00Z',
): Promise<void> {
  await tenant((scope) =>
    scope.tx.usage_record.create({
      data: {
        organisation_id: context.organisation_id,
        id: scope.id('record'),
        connection_id,
        agreement_id,
        dimension,
        hour: new Date(hour),
        source_hour: new Date(hour),
        quantity,
        state: 'accepted',
        attempts: 1,
        deadline_at: new Date(hour),
        created_at: new Date(hour),
        settled_at: new Date(hour),
      },
    }),
  )
}

/** The causes of a reconciliation as words: { fee_tier: "5.00" }. */
export function named(item: Reconciled): Record<string, string> {
  return Object.fromEntries(item.causes.map(({ cause, amount }) => [cause, dollars(amount)]))
}

/** Open exceptions by kind and what they say. */
export function exceptions({ tenant }: Pick<World, 'tenant'>): Promise<{ kind: string; sentence: string }[]> {
  return tenant(({ tx, organisation_id }) =>
    tx.exception_item.findMany({
      where: { organisation_id, state: 'open' },
      select: { kind: true, sentence: true },
      orderBy: { id: 'asc' },
    }),
  )
}
