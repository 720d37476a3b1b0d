import { isoSeconds } from '../../time.ts'
import { renewalOf } from '../agreement/renewal-rules.ts'
import type { Agreement } from '../model.ts'
import { product as findProduct, type World } from '../world.ts'
import { type Detail, delays, emit, party } from './events.ts'

// What EventBridge tells about agreements. Source: the seller guide's page on EventBridge events, 2026.

type Role = 'Proposer' | 'Manufacturer' | 'Acceptor'

/** The seller of record hears as proposer, the buyer as acceptor; under a resale authorization the vendor too. */
function listeners(agreement: Agreement, roles: Role[]): [string, Role][] {
  const all: [string, Role][] = [[agreement.proposer, 'Proposer']]
  if (agreement.manufacturer !== agreement.proposer) all.push([agreement.manufacturer, 'Manufacturer'])
  all.push([agreement.acceptor, 'Acceptor'])
  return all.filter(([, role]) => roles.includes(role))
}

export const everybody: Role[] = ['Proposer', 'Manufacturer', 'Acceptor']
const sellers: Role[] = ['Proposer', 'Manufacturer']

type Told = { name: string; delay: number; roles: Role[]; detail: Detail }

/** Writes one event down for each of the roles that hear it. */
export function tell(world: World, agreement: Agreement, { name, delay, roles, detail }: Told): void {
  for (const [account, role] of listeners(agreement, roles)) {
    emit(world, account, {
      source: 'aws.agreement-marketplace',
      type: `${name} - ${role}`,
      resources: [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`],
      delay,
      detail: { catalog: 'AWSMarketplace', ...detail },
    })
  }
}

export function parties(agreement: Agreement): Detail {
  return { acceptor: { accountId: agreement.acceptor }, proposer: { accountId: agreement.proposer } }
}

function resale(agreement: Agreement): Detail {
  const id = agreement.resale_authorization_id
  return { resaleAuthorization: id === undefined ? null : { id } }
}

function productOf(world: World, agreement: Agreement): Detail {
  const title = findProduct(world, agreement.product_id)?.information.ProductTitle ?? null
  return { product: { id: agreement.product_id, title } }
}

function times(agreement: Agreement): Detail {
  return { startTime: isoSeconds(agreement.starts_at), endTime: isoSeconds(agreement.ends_at) }
}

/** No product and no licence here, but for a renewal: the agreement's id ties the events of an agreement together. */
export function emitAgreementCreated(world: World, agreement: Agreement): void {
  const renewed = agreement.intent === 'RENEW'
  tell(world, agreement, {
    name: 'Purchase Agreement Created',
    delay: delays.created,
    roles: everybody,
    detail: {
      agreement: {
        id: agreement.id,
        intent: agreement.intent,
        status: 'ACTIVE',
        acceptanceTime: isoSeconds(agreement.accepted_at),
        ...times(agreement),
        ...(renewed ? { previousAgreementId: agreement.preceding_agreement_id ?? null } : {}),
      },
      ...resale(agreement),
      ...parties(agreement),
      ...(renewed ? { ...productOf(world, agreement), proposer: party(world, agreement.proposer) } : {}),
      offer: { id: agreement.offer_id },
    },
  })
  emitLicense(world, agreement, 'License Updated', delays.licenseUpdated)
}

/** The buyer changed something of the agreement that goes on. */
export function emitAgreementAmended(world: World, agreement: Agreement): void {
  tell(world, agreement, {
    name: 'Purchase Agreement Amended',
    delay: delays.created,
    roles: everybody,
    detail: {
      agreement: {
        id: agreement.id,
        intent: 'AMEND',
        status: agreement.status,
        acceptanceTime: isoSeconds(agreement.accepted_at),
        ...times(agreement),
        autoRenewalEnabled: agreement.auto_renew,
      },
      ...resale(agreement),
      ...parties(agreement),
      offer: { id: agreement.offer_id },
      ...renewalSummary(agreement),
      ...productOf(world, agreement),
    },
  })
}

/** The event of the end names no offer, unlike its documentation. */
export function emitAgreementEnded(world: World, agreement: Agreement): void {
  tell(world, agreement, {
    name: 'Purchase Agreement Ended',
    delay: delays.ended,
    roles: everybody,
    detail: {
      agreement: { id: agreement.id, status: agreement.status },
      ...resale(agreement),
      ...parties(agreement),
    },
  })
  // A renewed agreement hands its licence on.
  if (agreement.status === 'RENEWED') return
  emitLicense(world, agreement, 'License Deprovisioned', delays.licenseDeprovisioned)
}

export function emitLicense(world: World, agreement: Agreement, name: string, delay: number): void {
  const code = findProduct(world, agreement.product_id)?.product_code ?? null
  tell(world, agreement, {
    name,
    delay,
    roles: sellers,
    detail: {
      agreement: { id: agreement.id },
      product: { code, id: agreement.product_id },
      license: { arn: agreement.license_arn },
      ...parties(agreement),
      offer: { id: agreement.offer_id },
    },
  })
}

function renewalSummary(agreement: Agreement, more: Detail = {}): Detail {
  const renewal = renewalOf(agreement)
  if (!renewal) return {}
  return {
    renewalSummary: {
      lockoutStartTime: isoSeconds(renewal.lockout_at),
      disabledBy: agreement.renewal_disabled_by ?? null,
      ...more,
    },
  }
}

/** An agreement's end comes near: said 180, 120, 90, 60 and 30 days before. */
export function emitAgreementEnding(world: World, agreement: Agreement, daysBeforeEndTime: number): void {
  tell(world, agreement, {
    name: 'Purchase Agreement Ending',
    delay: 0,
    roles: ['Proposer'],
    detail: {
      agreement: {
        id: agreement.id,
        ...times(agreement),
        status: agreement.status,
        daysBeforeEndTime,
        autoRenewalEnabled: agreement.auto_renew,
      },
      ...renewalSummary(agreement),
      ...productOf(world, agreement),
      acceptor: { accountId: agreement.acceptor },
      proposer: party(world, agreement.proposer),
      offer: { id: agreement.offer_id },
    },
  })
}

export type RenewalNews = 'Renewal Terms Finalized' | 'Renewal Upcoming'

/** What a renewal will cost, once it can no longer change, and when it is near. */
export function emitRenewalNews(world: World, agreement: Agreement, news: RenewalNews, tcv: string): void {
  const renewal = renewalOf(agreement)
  if (!renewal) return
  const now = world.clock.now()
  const final = news === 'Renewal Terms Finalized'
  tell(world, agreement, {
    name: `Purchase Agreement ${news}`,
    delay: 0,
    roles: ['Proposer'],
    detail: {
      agreement: { id: agreement.id, ...times(agreement) },
      renewalSummary: {
        tcv,
        currency: agreement.currency,
        lockoutReached: now >= renewal.lockout_at,
        ...(final
          ? { termsFinalizedTime: isoSeconds(now), lockoutStartTime: isoSeconds(renewal.lockout_at) }
          : {}),
      },
      ...productOf(world, agreement),
      acceptor: { accountId: agreement.acceptor },
      proposer: party(world, agreement.proposer),
    },
  })
}
