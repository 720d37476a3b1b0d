// Google Cloud Marketplace as the sandbox plays it: what people do in Google's own pages.
import { decimal } from '../../core/decimal.ts'
import { assetOf, formatMoney, roundMoney } from '../../core/money.ts'
import type { Control } from '../control.ts'
import { type Company, type ListingRequest, type Market, slug } from '../market.ts'

type AccountDraft =
  | { role: 'provider'; account_id: string; name: string; project?: string }
  | { role: 'reseller'; account_id: string; name: string; email?: string }
  | { role: 'customer'; account_id?: string; name: string; email?: string; reseller?: string }
export type Account = {
  account_id: string
  project?: string
  report_bucket?: string
  service_account?: { client_email: string; private_key: string }
}
type Listed = Company & { role: string; pays?: boolean; project?: string }
export type ListingDraft = {
  account_id: string
  service_name: string
  title: string
  signup_url: string
  domain: string
  metrics: { name: string; value_type: 'INT64' | 'DOUBLE'; unit: string; price: string }[]
  plans: { plan: string; title: string; monthly_fee?: string; months: number[]; usage: boolean }[]
}
export type Listing = { service_name: string; standard_offers: string[] }
type Entitlement = { name: string; offer?: string; consumers?: { project: string }[] }

export const lastOf = (name: string) => name.split('/').at(-1) ?? ''

export function openGcpMarket({ read, send, change }: Pick<Control, 'read' | 'send' | 'change'>) {
  const account = (draft: AccountDraft) => send<Account>('/gcp/accounts', draft)
  const accepted = <T>(kind: string) => read<T[]>(`/gcp/accepted?kind=${kind}`)
  const accounts = () => read<Listed[]>('/gcp/accounts')
  /** What a person does in the Producer Portal; the same listing again is the one that is there. */
  const list = (draft: ListingDraft) => send<Listing>('/gcp/listings', draft)
  return {
    cloud: 'gcp',
    name: 'Google Cloud Marketplace',
    sellers: ['vendor'],
    messages: { service: 'pubsub', operation: 'Push' },
    /** Registers an account, or finds the one that was registered so. */
    account,
    accepted,
    list,
    connectionOf,
    async seller(_, { name, unique }) {
      const account_id = `${slug(name, 24)}-${unique}`
      const project = `${slug(name, 12)}-${unique}`
      const made = await account({ role: 'provider', name, account_id, project })
      return connectionOf(made, { project, domain: `${account_id}.example`, contact_name: name })
    },
    async listen({ account_id, settings }, url) {
      const { push_audience: audience, push_service_account: service_account_email } = settings
      await send('/gcp/event-destinations', { account_id, url, audience, service_account_email })
    },
    async buyer(name) {
      const email = `buyer@${slug(name, 30)}.example`
      return { name, account_id: (await account({ role: 'customer', name, email })).account_id }
    },
    async buyers() {
      return (await accounts()).flatMap(({ account_id, name, role, pays = true }) =>
        role === 'customer' ? [{ cloud: 'gcp' as const, account_id, name, pays }] : [],
      )
    },
    async accept(billing_account, offer) {
      const known = (await accepted<Entitlement>('entitlements')).find(
        (entitlement) => lastOf(entitlement.offer ?? '') === offer,
      )
      if (known !== undefined) return lastOf(known.name)
      const path = `/gcp/buyers/${billing_account}/accept`
      return (await send<{ entitlement_id: string }>(path, { offer })).entitlement_id
    },
    async visit(billing_account, entitlement_id) {
      const visit = await send<{ 'x-gcp-marketplace-token': string; signup_url: string }>(
        `/gcp/buyers/${billing_account}/register`,
        { entitlement_id },
      )
      const token = visit['x-gcp-marketplace-token']
      return { address: visit.signup_url, token, form: { 'x-gcp-marketplace-token': token } }
    },
    async cancel(entitlement_id) {
      const order = (await accepted<Entitlement>('entitlements')).find(
        ({ name }) => lastOf(name) === entitlement_id,
      )
      const project = lastOf(order?.consumers?.[0]?.project ?? '')
      const buyer = (await accounts()).find((one) => one.role === 'customer' && one.project === project)
      const body = { entitlement_id, immediately: true }
      await send(`/gcp/buyers/${buyer?.account_id ?? 'unknown'}/cancel`, body)
    },
    pays: (billing_account, pays) => change(`/gcp/accounts/${billing_account}`, { pays }),
    async publish({ account_id, settings }, request) {
      const draft = listingOf(account_id, settings, request)
      const { standard_offers } = await list(draft)
      return {
        target: { product_id: draft.service_name },
        evidence: `The Producer Portal shows ${draft.service_name} as published with ${standard_offers.join(', ')}.`,
      }
    },
  } satisfies Market & Record<string, unknown>
}

type Extras = { project: string; domain: string; contact_name: string; contact_email?: string }

/** What a connection to a provider is made of; what it may do was granted in the Producer Portal. */
function connectionOf({ account_id, service_account, report_bucket }: Account, extras: Extras) {
  if (service_account === undefined) throw new Error('The provider has no service account')
  const { project, domain, contact_name, contact_email } = extras
  return {
    account_id,
    credentials: { private_key: service_account.private_key },
    settings: {
      service_account: service_account.client_email,
      project,
      sign_up_audience: domain,
      push_service_account: `push@${project}.iam.gserviceaccount.com`,
      push_audience: `https://${domain}/messages`,
      contact_name,
      contact_email: contact_email ?? `deals@${domain}`,
      ...(report_bucket === undefined ? {} : { report_bucket }),
    },
  }
}

/** A listing as a person writes it in the Producer Portal: one plan, whose fee is the first entitled price by month. */
function listingOf(
  account_id: string,
  settings: Readonly<Record<string, string>>,
  { title, fulfilment_url, dimensions, prices }: ListingRequest,
): ListingDraft {
  const { currency, term_months, entitled, metered } = prices
  const [first] = Object.values(entitled)
  const term = first === undefined ? undefined : roundMoney(currency, decimal(first), 'half_up')
  const fee = term && { asset: assetOf(currency), amount: term.amount / BigInt(term_months) }
  const counted = dimensions.filter(({ kind }) => kind === 'metered')
  return {
    account_id,
    service_name: `${slug(title, 30)}.endpoints.${settings.project}.cloud.goog`,
    title,
    signup_url: fulfilment_url,
    domain: settings.sign_up_audience ?? '',
    metrics: counted.map(({ key, unit }) => ({
      name: key,
      value_type: 'INT64',
      unit,
      price: metered[key] ?? '0',
    })),
    plans: [
      {
        plan: 'standard',
        title: 'Standard',
        ...(fee === undefined ? {} : { monthly_fee: formatMoney(fee) }),
        months: fee === undefined ? [] : [term_months],
        usage: counted.length > 0,
      },
    ],
  }
}
