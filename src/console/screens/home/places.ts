import type { Schemas } from '../../../client/index.ts'

export type Need = Schemas['Home']['items'][number]
export type NeedKind = Need['kind']

/** Where each kind of need is met: one of them, and all of them. */
const places: Readonly<Record<NeedKind, { one: (id: string) => string; all: string }>> = {
  usage_at_risk: { one: (id) => `/usage?agreement_id=${id}`, all: '/usage' },
  opened_authorization: { one: (id) => `/opened/${id}`, all: '/opened' },
  expiring_offer: { one: (id) => `/offers/${id}`, all: '/offers?state=live&sort=expires_on' },
  approval: { one: (id) => `/approvals/${id}`, all: '/approvals?state=waiting' },
  human_task: { one: (id) => `/operations/${id}`, all: '/tasks' },
  exception: { one: (id) => `/exceptions/${id}`, all: '/exceptions?state=open' },
  failed_statement: { one: (id) => `/statements/${id}`, all: '/statements?state=refused' },
  failed_offer: { one: (id) => `/offers/${id}`, all: '/offers?state=failed' },
  incomplete_offer_set: { one: (id) => `/offer-sets/${id}`, all: '/offer-sets?state=incomplete' },
  refused_request: { one: (id) => `/agreements/${id}`, all: '/operations?state=failed' },
  failed_authorization: {
    one: (id) => `/resale-authorizations/${id}`,
    all: '/resale-authorizations?state=failed',
  },
  failed_listing: { one: (id) => `/listings/${id}`, all: '/listings?state=failed' },
  connection: { one: (id) => `/connections/${id}`, all: '/connections' },
}

export const placeOf = ({ kind, subject_id }: Need) => places[kind].one(subject_id)
export const placeOfAll = (kind: NeedKind) => places[kind].all
