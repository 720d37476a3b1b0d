// Everything that stands about one tenant, in the database, at its cloud and in the mailbox, written so that two tenants to whom the same
// happened read alike: ids without their digits, no attempts, no leases, no sequences.
import { prefixes } from '../../src/core/id.ts'
import { readTotals } from '../../src/ledger/store.ts'
import type { World } from './processes.ts'
import type { Tenant } from './tenant.ts'

/** How often something was tried is not what it came to; a digest over ids is as different as the ids. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  work: ['attempts', 'generation', 'lease_until', 'lease_owner', 'last_error'],
  operation: ['attempts'],
  entry: ['sequence', 'body_hash'],
  posting: ['entry_sequence'],
  usage_claim: ['sequence'],
  usage_event: ['sequence'],
  timeline_event: ['sequence'],
  partner_statement: ['digest'],
}
/** Attempts are looked at by themselves, buckets and kept answers are no effect; balances are read as anybody reads them. */
const NOT_READ = [
  'operation_attempt',
  'quota_bucket',
  'idempotency_key',
  'organisation',
  'connection',
  'account_balance',
  'group_day',
  'month_flow',
  'unrolled_entry',
]

const IDS = new RegExp(`\\b(${Object.values(prefixes).join('|')})_[0-9a-z]{26}`, 'g')

/** Each line is a row: its table and its columns. Sorted. */
export async function dump({ watch, cloud, mailbox, one }: World, tenant: Tenant): Promise<string[]> {
  const tables = await tenantTables(watch)
  const rows = await watch.query<{ name: string; row: Record<string, unknown> }>(
    tables
      .map(
        (name) => `SELECT '${name}' AS name, to_jsonb(x) AS row FROM "${name}" x WHERE organisation_id = $1`,
      )
      .join(' UNION ALL '),
    [tenant.organisation_id],
  )
  const lines = rows.rows.filter(isEffect).map(({ name, row }) => {
    const kept = Object.entries(row).filter(
      ([column]) => column !== 'organisation_id' && !LEFT_OUT[name]?.includes(column),
    )
    return masked(`${name} ${JSON.stringify(Object.fromEntries(kept))}`, tenant)
  })
  const totals = await one.context.store.inTenant(tenant.organisation_id, (scope) => readTotals(scope, {}))
  for (const { account, asset, debits, credits } of totals) {
    lines.push(masked(`balance ${account} ${asset} ${debits} ${credits}`, tenant))
  }
  for (const letter of mailbox.lettersTo(tenant.tag)) {
    lines.push(masked(`letter ${JSON.stringify(letter)}`, tenant))
  }
  const at_cloud = masked(`cloud ${JSON.stringify(cloud.standing(tenant.account))}`, tenant)
  return [...lines.sort(), at_cloud]
}

/** A look at records in danger is left behind or not: without any, it finds nothing. */
function isEffect({ name, row }: { name: string; row: Record<string, unknown> }): boolean {
  return name !== 'work' || row.kind !== 'metering.batch'
}

function masked(text: string, tenant: Tenant): string {
  return text
    .replaceAll(tenant.tag, 'T')
    .replace(IDS, '$1_')
    .replace(/[0-9a-f]{64}/g, 'digest')
}

let known: string[] | undefined

async function tenantTables(watch: World['watch']): Promise<string[]> {
  if (known !== undefined) return known
  const { rows } = await watch.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'organisation_id' ORDER BY table_name`,
  )
  known = rows.map(({ table_name }) => table_name).filter((name) => !NOT_READ.includes(name))
  return known
}
