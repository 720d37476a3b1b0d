// The ten feeds that describe: who the buyer is, what an offer is called, agreements whose messages were missed, ids of
// earlier days, and taxes by jurisdiction. All as the sandbox's own state has them.
import { afterEach, expect, test } from 'vitest'
import { readAgreement } from '../../src/agreements/index.ts'
import { describe as described } from '../../src/descriptions/index.ts'
import { buyerAccount, resellerAccount, vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, buy, resell } from './aws-market.ts'
import { agreementOf, type Seat } from './market.ts'
import { contract, exceptions, item } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

async function until(to: string, ...seats: Seat[]): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  for (const of of seats) {
    await of.settle()
    await of.bank()
  }
}

const one = contract(['2026-09-05', '600.00'])

/** Does the readings that the files asked for, as the ticker does. */
async function readAsked({ organisation_id, tenant, market: { context } }: Seat): Promise<number> {
  const due = await tenant(({ tx }) =>
    tx.work.findMany({ where: { organisation_id, kind: 'agreements.read' } }),
  )
  for (const { key, payload } of due)
    await readAgreement(context, { ...item(organisation_id, 'agreements.read', key), payload })
  await tenant(({ tx }) => tx.work.deleteMany({ where: { organisation_id, kind: 'agreements.read' } }))
  return due.length
}

test('all twelve feeds are read, and each thing is told as the cloud has it', async () => {
  market = await awsMarket({
    buyer: {
      tax: { rate: '0.0825', liable: 'seller' },
      name: 'Example Buyer LLC',
      country: 'US',
      state: 'TX',
    },
  })
  const { vendor } = market
  const id = await buy(market, one)
  await until('2026-09-08', vendor)
  const files = await vendor.tenant(({ tx }) => tx.statement.findMany({ orderBy: { format: 'asc' } }))
  expect([...new Set(files.map(({ format, state }) => `${format} ${state}`))]).toEqual([
    'aws.accountfeed_v1 imported',
    'aws.addressfeed_v1 imported',
    'aws.agreementfeed_v1 imported',
    'aws.agreementtermfeed_v1 imported',
    'aws.billingeventfeed_v1 imported',
    'aws.legacyidmappingfeed_v1 imported',
    'aws.offerfeed_v1 imported',
    'aws.offerproductfeed_v1 imported',
    'aws.offertargetfeed_v1 imported',
    'aws.productfeed_v1 imported',
    'aws.taxitemfeed_v1 imported',
  ])
  const tax = await vendor.tenant(({ tx }) =>
    tx.statement_line.findFirstOrThrow({ where: { kind: 'tax', stage: 'invoiced' } }),
  )
  const found = await vendor.tenant((scope) =>
    described(scope, [
      {
        id: 'x',
        connection_id: vendor.connection.id,
        agreement_id: id,
        offer_id: null,
        invoice_id: tax.invoice_id,
        reference: tax.reference,
        at: tax.occurred_at,
      },
    ]),
  )
  console.log(JSON.stringify(found.get('x'), null, 1), await exceptions(vendor))
})
