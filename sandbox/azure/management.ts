import { type Decimal, decimal, format, sum } from '../money.ts'
import { endOfDate, iso, parseDate } from '../time.ts'
import { wrappedError } from './errors.ts'
import type { Account, JsonObject } from './model.ts'
import type { Answer, Call, Route } from './route.ts'
import type { World } from './world.ts'

// A customer's commitment to spend with its cloud. Only the customer's own application may look.

type Commitment = NonNullable<Account['commitment']>

function customer(call: Call): { account: Account; commitment: Commitment | undefined } {
  const { account: id = '' } = call.parameters
  if (call.caller.account_id !== id) {
    throw wrappedError(403, 'AuthorizationFailed', 'The client has no access to this billing account.')
  }
  if (!call.url.searchParams.has('api-version')) {
    throw wrappedError(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.')
  }
  return { account: call.caller, commitment: call.caller.commitment }
}

const scope = (account: Account) => `/providers/Microsoft.Billing/billingAccounts/${account.account_id}`
const lotName = (account: Account) => `macc-${account.account_id.slice(0, 8)}`
const money = (value: Decimal): JsonObject => ({ currency: 'USD', value: Number(format(value)) })

/** Every purchase on the marketplace draws the commitment down in full, when it is invoiced. */
function drawings(world: World, account: Account, { start, end }: Commitment) {
  return world.invoices
    .all()
    .filter(({ customer, invoiced_at }) => customer === account.account_id && invoiced_at >= parseDate(start))
    .filter(({ invoiced_at }) => invoiced_at <= endOfDate(end))
}

function lots(call: Call): Answer {
  const { account, commitment } = customer(call)
  if (!commitment) return { status: 200, body: { value: [] } }
  const used = sum(drawings(call.world, account, commitment).map((invoice) => decimal(invoice.amount)))
  const original = decimal(commitment.amount)
  const left = original > used ? original - used : 0n
  const over = call.world.clock.now() > endOfDate(commitment.end)
  const lot = {
    id: `${scope(account)}/providers/Microsoft.Consumption/lots/${lotName(account)}`,
    name: lotName(account),
    type: 'Microsoft.Consumption/lots',
    properties: {
      source: 'ConsumptionCommitment',
      startDate: iso(parseDate(commitment.start)),
      expirationDate: iso(endOfDate(commitment.end)),
      purchasedDate: iso(parseDate(commitment.start)),
      status: left === 0n ? 'Complete' : over ? 'Expired' : 'Active',
      originalAmount: money(original),
      closedBalance: money(left),
    },
  }
  return { status: 200, body: { value: [lot] } }
}

/** One event for each invoice; none names a product of the marketplace. */
function events(call: Call): Answer {
  const { account, commitment } = customer(call)
  if (!commitment) return { status: 200, body: { value: [] } }
  let left = decimal(commitment.amount)
  const value = drawings(call.world, account, commitment).map((invoice) => {
    const amount = decimal(invoice.amount)
    const charges = amount - left < 0n ? amount : left
    left -= charges
    return {
      id: `${scope(account)}/providers/Microsoft.Consumption/events/${invoice.invoice_id}`,
      name: invoice.invoice_id,
      type: 'Microsoft.Consumption/events',
      properties: {
        transactionDate: iso(invoice.invoiced_at),
        description: 'Charges of the marketplace',
        billingAccountId: account.account_id,
        billingAccountDisplayName: account.name,
        charges: money(charges),
        closedBalance: money(left),
        eventType: 'SettledCharges',
        invoiceNumber: invoice.invoice_id,
        lotId: `${scope(account)}/providers/Microsoft.Consumption/lots/${lotName(account)}`,
        lotSource: 'ConsumptionCommitment',
      },
    }
  })
  return { status: 200, body: { value } }
}

function applicable(call: Call): Answer {
  const { account, commitment } = customer(call)
  if (!commitment) return { status: 200, body: { value: [] } }
  const macc = {
    id: `${scope(account)}/providers/Microsoft.BillingBenefits/applicableMaccs/${lotName(account)}`,
    name: lotName(account),
    type: 'Microsoft.BillingBenefits/applicableMaccs',
    properties: {
      allowContributors: true,
      automaticShortfall: 'Enabled',
      billingAccountResourceId: scope(account),
      commitment: { amount: Number(commitment.amount), currencyCode: 'USD', grain: 'FullTerm' },
      displayName: lotName(account),
      startAt: iso(parseDate(commitment.start)),
      endAt: iso(endOfDate(commitment.end)),
      entityType: 'Primary',
      provisioningState: 'Succeeded',
      status: 'Active',
      systemId: lotName(account),
    },
  }
  return { status: 200, body: { value: [macc] } }
}

const root = '/providers/Microsoft.Billing/billingAccounts/:account/providers'
export const managementRoutes: Route[] = [
  { method: 'GET', path: `${root}/Microsoft.Consumption/lots`, operation: 'ListLots', run: lots },
  { method: 'GET', path: `${root}/Microsoft.Consumption/events`, operation: 'ListEvents', run: events },
  {
    method: 'GET',
    path: `${root}/Microsoft.BillingBenefits/applicableMaccs`,
    operation: 'ListApplicableMaccs',
    run: applicable,
  },
]
