import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../../problem.ts'
import { iso, minute } from '../../time.ts'
import { acceptOffer, declineOffer, endAgreement } from '../acceptance.ts'
import { amendAgreement } from '../agreement/amendment.ts'
import { answerCancellation } from '../agreement/cancellation-answers.ts'
import { answerPayment } from '../agreement/payment-requests.ts'
import { switchRenewal } from '../agreement/renewal.ts'
import { renewalOf } from '../agreement/renewal-rules.ts'
import type { Agreement, Term } from '../model.ts'
import { offer as findOffer, product as findProduct, opaque, type World } from '../world.ts'
import { findAccount } from './accounts.ts'

// What the buyer does: accept an offer, register at the seller, cancel.

/** How long a buyer's registration token lives. */
const tokenLife = 30 * minute

const acceptSchema = z.strictObject({
  offer_id: z.string().min(1),
  configuration: z
    .strictObject({ selector: z.string(), dimensions: z.record(z.string(), z.int().min(0)) })
    .optional(),
  auto_renew: z.boolean().optional(),
  replaces: z.string().min(1).optional(),
  variable_payment: z
    .strictObject({
      maximum: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount'),
      approval: z.enum(['AUTO_APPROVE_ON_EXPIRATION', 'WAIT_FOR_APPROVAL']),
      expires_after: z
        .string()
        .regex(/^P(\d+D)?(T\d+H)?$/, 'must be days and hours')
        .optional(),
    })
    .optional(),
})
const answerSchema = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().min(1).max(250).optional(),
})
const units = z.record(z.string(), z.int().min(0).max(2_147_483_647))
const agreementSchema = z.strictObject({ agreement_id: z.string() })
const registerSchema = z.strictObject({ agreement_id: z.string().min(1), post: z.boolean().optional() })

function ownAgreement(world: World, buyer: string, id: string): Agreement {
  const found = world.agreements.get(id)
  if (found?.acceptor === buyer) return found
  throw new Refusal(
    404,
    'agreement_id',
    'names an agreement of this buyer',
    `The buyer ${buyer} has no agreement ${id}.`,
  )
}

function activeAgreement(world: World, buyer: string, id: string): Agreement {
  const agreement = ownAgreement(world, buyer, id)
  if (agreement.status === 'ACTIVE') return agreement
  throw new Refusal(409, 'agreement_id', 'is active', `The agreement is ${agreement.status} already.`)
}

function checkRenewable(world: World, agreement: Agreement): void {
  const renewal = renewalOf(agreement)
  const no = (rule: string, fix: string) => new Refusal(409, 'agreement_id', rule, fix)
  if (!renewal) throw no('has a renewal term', 'Accept an offer with a renewal term.')
  if (world.clock.now() >= renewal.lockout_at) {
    throw no('is not in its lockout yet', `The lockout began at ${iso(renewal.lockout_at)}.`)
  }
}

type VariablePayment = NonNullable<z.infer<typeof acceptSchema>['variable_payment']>

/** A term for payments on request. No published change type makes one: AWS's own pages do. */
function variableTerm(world: World, offerId: string, given: VariablePayment): Term {
  const offer = findOffer(world, offerId)
  if (offer?.resale_authorization_id !== undefined) {
    const fix = 'Leave variable_payment out: its wholesale side is not documented.'
    throw new Refusal(422, 'variable_payment', 'is for offers of the vendor itself', fix)
  }
  return {
    Type: 'VariablePaymentTerm',
    CurrencyCode: offer?.terms.find((term) => term.CurrencyCode)?.CurrencyCode ?? 'USD',
    MaxTotalChargeAmount: given.maximum,
    Configuration: {
      PaymentRequestApprovalStrategy: given.approval,
      ...(given.expires_after === undefined ? {} : { ExpirationDuration: given.expires_after }),
    },
  }
}

/** Routes under `/buyers`. */
export function addBuyers(app: Hono, world: World): void {
  app.post('/buyers/:account/accept', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { offer_id, variable_payment, ...chosen } = acceptSchema.parse(await c.req.json())
    const extra_terms = variable_payment && [variableTerm(world, offer_id, variable_payment)]
    const agreement = acceptOffer(world, buyer.account_id, offer_id, { ...chosen, extra_terms })
    world.store.commit()
    const { id: agreement_id, license_arn, status } = agreement
    return c.json({ agreement_id, license_arn, status, ends_at: iso(agreement.ends_at) }, 201)
  })
  app.post('/buyers/:account/decline', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { offer_id } = z.strictObject({ offer_id: z.string() }).parse(await c.req.json())
    declineOffer(world, buyer.account_id, offer_id)
    world.store.commit()
    return c.json({ offer_id, declined: true })
  })
  const end = (path: string, status: 'CANCELLED' | 'TERMINATED') =>
    app.post(`/buyers/:account/${path}`, async (c) => {
      const buyer = findAccount(world, c.req.param('account'))
      const { agreement_id } = agreementSchema.parse(await c.req.json())
      activeAgreement(world, buyer.account_id, agreement_id)
      endAgreement(world, agreement_id, status)
      world.store.commit()
      return c.json({ agreement_id, status })
    })
  end('cancel', 'CANCELLED')
  // The payment instrument fails: the cloud itself ends what has just begun.
  end('fail-payment', 'TERMINATED')
  app.post('/buyers/:account/amend', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const read = agreementSchema.extend({ dimensions: units }).parse(await c.req.json())
    const agreement = activeAgreement(world, buyer.account_id, read.agreement_id)
    const { id: agreement_id, configuration, value } = amendAgreement(world, agreement, read.dimensions)
    world.store.commit()
    return c.json({ agreement_id, dimensions: configuration?.dimensions, value })
  })
  app.post('/buyers/:account/renewal', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const read = agreementSchema.extend({ auto_renew: z.boolean() }).parse(await c.req.json())
    const agreement = activeAgreement(world, buyer.account_id, read.agreement_id)
    checkRenewable(world, agreement)
    const changed = switchRenewal(world, agreement, read.auto_renew)
    world.store.commit()
    return c.json({ agreement_id: changed.id, auto_renew: changed.auto_renew })
  })
  app.post('/buyers/:account/payment-requests/:id', async (c) => {
    const answer = answerSchema.parse(await c.req.json())
    const done = answerPayment(world, c.req.param('account'), c.req.param('id'), answer)
    world.store.commit()
    return c.json(done)
  })
  app.post('/buyers/:account/cancellation-requests/:id', async (c) => {
    const answer = answerSchema.parse(await c.req.json())
    const done = answerCancellation(world, c.req.param('account'), c.req.param('id'), answer)
    world.store.commit()
    return c.json(done)
  })
  app.post('/buyers/:account/register', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { agreement_id, post } = registerSchema.parse(await c.req.json())
    const agreement = ownAgreement(world, buyer.account_id, agreement_id)
    const registration_token = opaque(world, 48)
    world.tokens.put(registration_token, { agreement_id, expires_at: world.clock.now() + tokenLife })
    world.store.commit()
    const url = findProduct(world, agreement.product_id)?.delivery_options[0]?.FulfillmentUrl ?? ''
    const answer = post ? { answer: await visit(world, url, registration_token) } : {}
    return c.json({ registration_token, fulfillment_url: url, ...answer }, 201)
  })
}

/** The buyer's browser posts a form and is not led elsewhere. */
async function visit(world: World, url: string, token: string): Promise<object> {
  const form = new URLSearchParams({
    'x-amzn-marketplace-token': token,
    'x-amzn-marketplace-agreement-type': 'PurchaseAgreement',
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const timeout = AbortSignal.timeout(10_000)
  const request = new Request(url, {
    method: 'POST',
    headers,
    body: form.toString(),
    redirect: 'manual',
    signal: timeout,
  })
  try {
    const response = await world.fetch(request)
    const location = response.headers.get('location')
    const body = (await response.text()).slice(0, 4_000)
    return { status: response.status, ...(location === null ? {} : { location }), body }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
