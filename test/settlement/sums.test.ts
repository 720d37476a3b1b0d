// The sums of the reconciliation against the rule for one line, whatever lines there are; and the order of its list.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Asset } from '../../src/core/money.ts'
import { lineSums, ownerlessSums, type StageSums } from '../../src/settlement/line-sums.ts'
import { lineKinds, lineStages, lineStates } from '../../src/settlement/model.ts'
import { keyOf, type Reconciled, sorted } from '../../src/settlement/reconcile.ts'
import { world } from './support.ts'

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const made = fc.record({
  current: fc.boolean(),
  deleted: fc.constantFrom(false, false, true),
  // Those that count come more often than one of each would.
  kind: fc.oneof(fc.constantFrom('sale', 'listing_fee', 'bank'), fc.constantFrom(...lineKinds)),
  stage: fc.oneof(fc.constant('disbursed'), fc.constantFrom(...lineStages)),
  state: fc.oneof(fc.constant('explained'), fc.constantFrom(...lineStates)),
  asset: fc.constantFrom('USD/2', 'EUR/2'),
  minor: fc.bigInt(-1000n, 1000n),
  paid: maybe(fc.record({ asset: fc.constantFrom('USD/2', 'JPY/0'), minor: fc.bigInt(-1000n, 1000n) })),
  agreement_id: maybe(fc.constantFrom('agr_a1', 'agr_b2')),
  cloud_agreement_id: maybe(fc.constant('agmt-x')),
  parent_key: maybe(fc.constant('k0')),
  disbursement_key: maybe(fc.constantFrom('d1', 'd2', 'd3')),
})
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never

const names = ['invoiced', 'collected', 'disbursed', 'banked', 'left', 'came'] as const

/** What one line that counts adds, and to whose sum in which currency. */
function adds(line: Made, arrived: ReadonlySet<string | null>): [key: string, ...Partial<StageSums>[]][] {
  const { stage, asset, minor, paid } = line
  const settled = line.state === 'explained' || line.state === 'exception'
  const open = line.state === 'new' || line.state === 'waiting'
  const whole = ['bank', 'disbursement', 'disbursement_failure'].includes(line.kind)
  if (!line.current || line.deleted || !(settled || open) || stage === 'unknown' || whole) return []
  const owner = settled ? line.agreement_id : null
  const at_bank = line.disbursement_key !== null && arrived.has(line.disbursement_key)
  if (stage !== 'disbursed') {
    if (stage === 'invoiced' || stage === 'forgiven') return [[`${owner} ${asset}`, { invoiced: minor }]]
    return [[`${owner} ${asset}`, stage === 'collected' ? { collected: minor } : {}]]
  }
  const of_payout =
    settled && line.agreement_id === null && line.cloud_agreement_id === null && line.parent_key === null
  const put = (
    to: Asset | string,
    amount: bigint,
    more: Partial<StageSums>,
  ): ReturnType<typeof adds>[number] => [
    `${owner} ${to}`,
    { disbursed: -amount, ...more },
    of_payout ? { invoiced: -amount, collected: -amount } : {},
  ]
  if (paid === null) return [put(asset, minor, at_bank ? { banked: -minor } : {})]
  const came = { came: -paid.minor, ...(at_bank ? { banked: -paid.minor } : {}) }
  return [put(asset, minor, { left: -minor }), put(paid.asset, paid.minor, came)]
}

function addedUp(
  parts: readonly (readonly [key: string, ...Partial<StageSums>[]])[],
): Record<string, StageSums> {
  const sums: Record<string, StageSums> = {}
  for (const [key, ...amounts] of parts) {
    const to = sums[key] ?? { invoiced: 0n, collected: 0n, disbursed: 0n, banked: 0n, left: 0n, came: 0n }
    sums[key] = to
    for (const amount of amounts) for (const name of names) to[name] += amount[name] ?? 0n
  }
  return sums
}

test('random lines come to what each of them adds, with an owner and without', async () => {
  const vendor = await world()
  const { organisation_id } = vendor.context
  const row = (line: Made, index: number) => {
    const { paid, ...rest } = line
    return {
      organisation_id,
      id: `line_${index}`,
      statement_id: 'stmt_1',
      source: 'conn_1',
      key: `k${index}`,
      version: '1',
      amount: '0',
      currency: 'USD',
      occurred_at: new Date(0),
      imported_at: new Date(0),
      counts: true,
      raw: {},
      ...rest,
      paid_asset: paid?.asset ?? null,
      paid_minor: paid?.minor ?? null,
    }
  }
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 40 }), async (lines) => {
        const arrived = new Set(
          lines
            .filter(({ kind, current, state }) => kind === 'bank' && current && state === 'explained')
            .map(({ disbursement_key }) => disbursement_key),
        )
        const wanted = addedUp(lines.flatMap((line) => adds(line, arrived)))
        await vendor.tenant(async (scope) => {
          await scope.tx.statement_line.deleteMany({})
          await scope.tx.statement_line.createMany({ data: lines.map(row) })
          const owned = await lineSums(scope)
          const none = await ownerlessSums(scope)
          const found = addedUp([
            ...owned.map(({ agreement_id, asset, sums }) => [`${agreement_id} ${asset}`, sums] as const),
            ...none.map(({ asset, sums }) => [`null ${asset}`, sums] as const),
          ])
          expect(found).toEqual(wanted)
          expect(await lineSums(scope, 'agr_a1')).toEqual(
            owned.filter(({ agreement_id }) => agreement_id === 'agr_a1'),
          )
        })
      }),
      { numRuns: 150 },
    )
  } finally {
    await vendor.context.close()
  }
})

test('agreements go by their keys, what belongs to none last; equal amounts by them too', () => {
  const items = fc.array(
    fc.record({
      agreement_id: maybe(fc.constantFrom('agr_1', 'agr_2', 'agr_3')),
      asset: fc.constantFrom<Asset>('USD/2', 'EUR/2'),
      difference: fc.constantFrom(-5n, 0n, 5n),
    }),
  )
  const nothing = { expected: 0n, invoiced: 0n, collected: 0n, disbursed: 0n, banked: 0n }
  const whole = (item: Pick<Reconciled, 'agreement_id' | 'asset' | 'difference'>): Reconciled => ({
    ...nothing,
    ...item,
    causes: [],
    explained: true,
  })
  fc.assert(
    fc.property(items, (some) => {
      const all = some.map(whole)
      const keys = all.map(keyOf).sort()
      expect(sorted(all).map(keyOf)).toEqual(keys)
      expect(sorted(all, '-agreement').map(keyOf)).toEqual(keys.reverse())
      const text = (item: Reconciled) => `${item.asset} ${item.difference === 0n ? 0 : 1} ${keyOf(item)}`
      expect(sorted(all, 'difference').map(text)).toEqual(all.map(text).sort())
    }),
  )
})
