import { z } from 'zod'
import { type Connector, clouds, type Requests } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { formatMoney, type MoneyText, parseMoney } from '../core/money.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { enqueue, find, findBySubject, findUnderWay } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type Asked, askedSchema, nameOf, type ShownRequest, shownRequest, storedRequest } from './model.ts'

type Parts = Pick<Context, 'connectors'>

/** The agreement, and how its cloud takes requests. Throws not-found; `requests` is undefined where it takes none. */
export async function requestsOf(
  { connectors }: Parts,
  scope: Scope,
  id: string,
): Promise<{ agreement: Agreement; requests: Requests | undefined }> {
  const agreement = await agreements.find(scope, id)
  if (agreement === undefined) throw new Refusal('not-found', `There is no agreement ${id}.`)
  const row = await connections.find(scope, agreement.connection_id)
  const connector: Connector | undefined = connectors[z.enum(clouds).parse(row.cloud)]
  return { agreement, requests: connector?.requests }
}

/**
 * Asks the cloud, and through it the buyer. Only the seller of record may; an agreement that is over can have money
 * given back and nothing else.
 */
export async function askFor(parts: Parts, scope: Scope, id: string, asked: Asked): Promise<ShownRequest> {
  const { agreement, requests } = await requestsOf(parts, scope, id)
  if (requests === undefined) {
    const how = 'Do it in the pages of its marketplace'
    throw new Refusal('invalid-input', `${agreement.cloud} takes no such requests from a program. ${how}.`)
  }
  if (agreement.role !== 'seller')
    throw new Refusal(
      'conflict',
      `Agreement ${id} was sold by a reseller: only the seller of record may ask.`,
    )
  if (agreement.state !== 'active' && asked.kind !== 'refund')
    throw new Refusal(
      'conflict',
      `Agreement ${id} is ${agreement.state}: only an active one can be asked about.`,
    )
  checkReason(requests, asked)
  const request = checkedAmount(asked, agreement.currency)
  await agreements.holdOn(scope, agreement.connection_id, agreement.cloud_agreement_id)
  await checkOpen(scope, id, request)
  const operation = await enqueue(scope, {
    connection_id: agreement.connection_id,
    kind: 'agreement.request',
    subject_id: id,
    key: `request-${scope.id('operation')}`,
    request: { agreement_id: agreement.cloud_agreement_id, asked: request },
  })
  const sentence = `Asked the cloud to ${nameOf(request)}.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return shownRequest(operation)
}

function checkReason({ reasons }: Requests, asked: Asked): void {
  if (asked.kind === 'payment') return
  const taken: readonly { code: string }[] = reasons[asked.kind]
  if (taken.some(({ code }) => code === asked.reason)) return
  throw invalid(
    'reason',
    'is no reason of this cloud',
    `Choose one of ${taken.map(({ code }) => code).join(', ')}`,
  )
}

/** The same request, its amount in the one spelling that its currency has. */
function checkedAmount(asked: Asked, currency: string | null): Asked {
  if (asked.kind === 'cancellation') return asked
  const { amount } = asked
  if (currency !== null && amount.currency !== currency)
    throw invalid('amount.currency', `is not ${currency}`, 'Use the currency of the agreement')
  const money = parseMoney(amount.currency, amount.amount)
  if (money === undefined)
    throw invalid(
      'amount.amount',
      `has more digits than ${amount.currency} has`,
      'Round it to the smallest unit',
    )
  if (money.amount <= 0n) throw invalid('amount.amount', 'must be above zero', 'Say how much it is')
  const text: MoneyText = { currency: amount.currency, amount: formatMoney(money) }
  return { ...asked, amount: text }
}

/** One cancellation of an agreement, and one refund of an invoice, at a time. */
async function checkOpen(scope: Scope, id: string, request: Asked): Promise<void> {
  if (request.kind === 'payment') return
  const open = (await findBySubject(scope, id, 'agreement.request'))
    .map(shownRequest)
    .find(
      ({ state, kind, invoice_id }) =>
        state === 'asked' &&
        kind === request.kind &&
        (request.kind !== 'refund' || invoice_id === request.invoice_id),
    )
  if (open === undefined) return
  throw new Refusal('conflict', `${open.id} asks for that already. Wait until it is decided.`)
}

/** Requests of an agreement, newest first. */
export async function listRequests(scope: Scope, id: string): Promise<ShownRequest[]> {
  return (await findBySubject(scope, id, 'agreement.request')).map(shownRequest)
}

/** Takes back what nobody has decided yet. */
export async function withdraw(
  scope: Scope,
  id: string,
  request_id: string,
  words: string,
): Promise<ShownRequest> {
  const operation = await find(scope, request_id)
  if (operation === undefined || operation.kind !== 'agreement.request' || operation.subject_id !== id)
    throw new Refusal('not-found', `Agreement ${id} has no request ${request_id}.`)
  const shown = shownRequest(operation)
  if (!shown.can_be_withdrawn || operation.reference === null) {
    const why = shown.kind === 'refund' ? 'A refund cannot be taken back' : `The request is ${shown.state}`
    throw new Refusal('conflict', `${why}: only what the cloud has and nobody decided can be withdrawn.`)
  }
  const under_way = await findUnderWay(scope, id, 'agreement.withdraw')
  if (under_way !== undefined)
    throw new Refusal('conflict', `${under_way.id} withdraws a request already. Wait until that has ended.`)
  const agreement = await agreements.find(scope, id)
  if (agreement === undefined) throw new Refusal('not-found', `There is no agreement ${id}.`)
  await enqueue(scope, {
    connection_id: agreement.connection_id,
    kind: 'agreement.withdraw',
    subject_id: id,
    key: `withdraw-${request_id}-${scope.id('operation')}`,
    request: { request_id, reference: operation.reference, words },
  })
  const sentence = `Asked the cloud to forget the request to ${nameOf(storedRequest.parse(operation.request).asked)}.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return shown
}

const keptRefund = z.strictObject({ agreement_id: z.string(), asked: askedSchema })

/** The handler of `agreements.refund`. */
export function refundHandler(parts: Parts) {
  return async (scope: Scope, request: unknown) => {
    const { agreement_id, asked } = keptRefund.parse(request)
    return { before: null, after: await askFor(parts, scope, agreement_id, asked) }
  }
}
