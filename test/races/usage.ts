// Usage of a tenant at every stage of its way: events, an hour, records, a request.

import * as agreements from '../../src/agreements/index.ts'
import { decimal, zero } from '../../src/core/decimal.ts'
import { takeUsage } from '../../src/metering/ingest.ts'
import type { UsageRecord } from '../../src/metering/model.ts'
import { ask, toSentRecord } from '../../src/metering/request.ts'
import { lockMeters, writeCounts, writeMeters } from '../../src/metering/store-hours.ts'
import { moveHours } from '../../src/metering/store-moves.ts'
import { insertRecords, takePending } from '../../src/metering/store-records.ts'
import type { Scope } from '../../src/store/index.ts'
import { awsRules } from '../metering/rules.ts'
import type { World } from './processes.ts'
import { type Tenant, writeAgreement } from './tenant.ts'

export const HOURS = ['2026-01-05T06:00:00.000Z', '2026-01-05T07:00:00.000Z'] as const

/** Three events of each of two hours that are over. */
export async function takeEvents(world: World, tenant: Tenant, agreement_id: string): Promise<void> {
  const events = HOURS.flatMap((hour, index) =>
    [1, 2, 3].map((number) => ({
      id: `event-${hour}-${number}`,
      source: 'product',
      subject: agreement_id,
      type: 'scans',
      time: hour.replace(':00:00', `:0${number}:00`),
      data: { quantity: `${number + index}.25` },
    })),
  )
  const { context } = world.one
  const answers = await context.store.inTenant(tenant.organisation_id, (scope) =>
    takeUsage(context, scope, events),
  )
  if (answers.some(({ status }) => status !== 'accepted')) throw new Error(JSON.stringify(answers))
}

/** Two hours that are counted and open: seven units and a fraction, and nine. */
export async function openHours(scope: Scope, tenant: Tenant): Promise<string> {
  const agreement_id = await writeAgreement(scope, tenant)
  const meter = { agreement_id, dimension: 'scans', connection_id: tenant.connection_id }
  await lockMeters(scope, [meter])
  await writeCounts(
    scope,
    HOURS.map((hour, index) => {
      const used = decimal(index === 0 ? '7.25' : '9')
      const counted = { measured: used, used, added: used, late: zero, events: 3 }
      const deadline_at = new Date('2026-01-06T06:00:00.000Z')
      return { ...meter, hour: new Date(hour), ...counted, deadline_at, tagged: false }
    }),
  )
  await writeMeters(scope, [
    {
      ...meter,
      carry: zero,
      carry_hour: null,
      next_close_at: new Date('2026-01-05T07:10:00.000Z'),
      tagged: false,
    },
  ])
  return agreement_id
}

/** Two closed hours with a record each that waits to be sent. */
export async function pendingRecords(scope: Scope, tenant: Tenant): Promise<UsageRecord[]> {
  const agreement_id = await writeAgreement(scope, tenant)
  const meter = { agreement_id, dimension: 'scans', connection_id: tenant.connection_id }
  await lockMeters(scope, [meter])
  const records = HOURS.map((hour, index) => ({
    ...meter,
    id: scope.id('record'),
    hour: new Date(hour),
    source_hour: new Date(hour),
    quantity: decimal(index === 0 ? '7' : '9'),
    deadline_at: new Date('2026-01-06T06:00:00.000Z'),
    allocations: null,
    supersedes: null,
  }))
  await moveHours(
    scope,
    records.map(({ hour, quantity, deadline_at }) => ({
      ...meter,
      hour,
      deadline_at,
      drawn: zero,
      sent: quantity,
      carried_in: quantity,
      carried_out: zero,
      lost: zero,
    })),
  )
  await insertRecords(scope, records)
  return (await takePending(scope, tenant.connection_id, 100, 0)).records
}

/** Writes one request with all of these records down. */
export async function sendRecords(
  scope: Scope,
  tenant: Tenant,
  records: readonly UsageRecord[],
): Promise<void> {
  const known = await agreements.findMany(
    scope,
    records.map(({ agreement_id }) => agreement_id),
  )
  const sent = records.flatMap((record) => {
    const agreement = known.get(record.agreement_id)
    return agreement === undefined ? [] : (toSentRecord(record, agreement, awsRules) ?? [])
  })
  await ask(scope, tenant.connection_id, { may_have_arrived: false, records: sent }, 'first')
}
