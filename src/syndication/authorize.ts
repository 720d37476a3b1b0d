import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { compare, type Decimal, isNegative } from '../core/decimal.ts'
import { invalid } from '../core/problem.ts'
import { checkOn, findDeal, refused } from '../offers/index.ts'
import { buyerOf, type CloudOptions, type Terms } from '../offers/model.ts'
import { enqueue, failureSentence, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type Authorization, type StoredAuthorization, toAuthorizationDraft } from './model.ts'
import { insert, organisationOfAccount, update } from './store.ts'

export type AuthorizationRequest = {
  deal_id: string
  connection_id: string
  reseller_account_id: string
  terms: Terms
  markup_min_percent: Decimal
  markup_max_percent: Decimal
  expires_on: string | null
  single_use: boolean
  options?: CloudOptions | undefined
}

/** Opens a deal to one reseller at wholesale terms: written down with the operation that makes it at the cloud. */
export async function authorize(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  wanted: AuthorizationRequest,
): Promise<Authorization> {
  const deal = await findDeal(scope, wanted.deal_id)
  checkBand(wanted)
  const { options, ...stated } = wanted
  const { connection_id, terms, expires_on } = stated
  const { findings, connection, connector, buyer_account_ids, cloud_product_id } = await checkOn(
    context,
    scope,
    { ...deal, terms },
    { connection_id, expires_on, channel: 'reseller', single_use: stated.single_use, options },
  )
  connections.facet(connector, 'syndication')
  if (findings.length > 0 || cloud_product_id === null) throw refused(findings)
  const id = scope.id('authorization')
  const { single_use } = wanted
  const made = await insert(scope, {
    id,
    ...stated,
    options: options ?? null,
    cloud: connection.cloud,
    reseller_organisation_id: await organisationOfAccount(
      scope,
      connection.cloud,
      wanted.reseller_account_id,
    ),
    name: deal.name,
    buyer_account_ids,
    cloud_product_id,
  })
  const request: StoredAuthorization = {
    name: deal.name,
    description: `${deal.name} for ${deal.buyer_name}`,
    product_id: cloud_product_id,
    reseller_account_id: wanted.reseller_account_id,
    buyer_account_ids,
    buyer: buyerOf(deal.buyer_name, deal.buyer_contact),
    terms,
    expires_on,
    single_use,
    marker: id,
    ...(options === undefined ? {} : { options }),
  }
  await enqueue(scope, {
    connection_id: wanted.connection_id,
    kind: 'authorization.create',
    subject_id: id,
    key: `authorization-${id}`,
    request,
  })
  await timeline.record(scope, {
    subject_id: id,
    kind: 'asked',
    sentence: `Asked the cloud to open "${deal.name}" to reseller account ${wanted.reseller_account_id}.`,
  })
  return made
}

function checkBand({ markup_min_percent, markup_max_percent }: AuthorizationRequest): void {
  if (isNegative(markup_min_percent))
    throw invalid('markup_min_percent', 'must not be negative', 'Use 0 for no lower bound')
  if (compare(markup_min_percent, markup_max_percent) > 0) {
    throw invalid(
      'markup_max_percent',
      'is below markup_min_percent',
      'Give a band with the lower bound first',
    )
  }
}

export const authorizeHandler: OperationHandler = {
  makes: ['authorization_id'],
  quota: { name: 'catalog', per_second: 4, burst: 4 },
  send: async ({ connector, connection }, operation) =>
    connections
      .facet(connector, 'syndication')
      .authorize(connection, toAuthorizationDraft(operation.request as StoredAuthorization), operation.key),
  check: async ({ connector, connection }, _, reference) =>
    connections.facet(connector, 'syndication').check(connection, reference),
  ended: async (scope, operation, ending) => {
    const subject_id = operation.subject_id
    if (ending.state === 'failed') {
      await update(scope, subject_id, { state: 'failed', problems: ending.problems })
      const sentence = failureSentence('open the resale authorization', ending.problems)
      await timeline.record(scope, { subject_id, kind: 'failed', sentence, cloud_words: ending.problems })
      return
    }
    const { authorization_id } = ending.target
    await update(scope, subject_id, {
      state: 'active',
      ...(authorization_id === undefined ? {} : { cloud_authorization_id: authorization_id }),
    })
    const sentence = `The resale authorization is active as ${authorization_id}; the reseller can make an offer from it.`
    await timeline.record(scope, { subject_id, kind: 'active', sentence, cloud_words: ending.target })
  },
}
