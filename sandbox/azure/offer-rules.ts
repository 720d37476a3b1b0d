import { decimal, sum } from '../money.ts'
import { dateOf } from '../time.ts'
import type { JsonObject } from './model.ts'
import { listPricing, readPricing } from './prices.ts'
import { refuse, type Stage, staged } from './stage.ts'
import { decimalText, guidOf, list, object, text } from './world.ts'

// The rules a private offer must keep. A draft may still lack parts; what it has must be right.

export const customerId =
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}_\d{4}-\d\d-\d\d$/i
const forbiddenInNames = /[!<>^[\]@#%/]/
const datePattern = /^\d{4}-\d\d-\d\d$/
const pricingLimit = 10
const instalmentLimit = 70
const agreementCap = decimal('100000000')

export type OfferKind = 'customerPromotion' | 'cspPromotion' | 'multipartyPromotionOriginator'

export function checkOffer(stage: Stage, document: JsonObject, kind: OfferKind, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const live = document.state === 'live'
  const name = text(document.name)
  if (name === '' || name.length > 128 || forbiddenInNames.test(name)) {
    wrong('The name has 1 to 128 characters, none of !<>^[]@#%/.')
  }
  checkDates(stage, document, kind, id)
  const contacts = Array.isArray(document.notificationContacts) ? document.notificationContacts : []
  if (contacts.length > 5) wrong('There are at most 5 notification contacts.')
  if (live && contacts.length === 0) wrong('A notification contact is required.')
  if (live && kind === 'customerPromotion' && text(document.preparedBy) === '')
    wrong('preparedBy is required.')
  checkBeneficiaries(stage, document, kind, id)
  if (kind === 'multipartyPromotionOriginator') checkPartner(stage, document, id)
  const notes = text(document.notes)
  if (notes.length > 60) wrong('Notes have at most 60 characters.')
  const pricing = list(document.pricing)
  if (pricing.length > pricingLimit) wrong(`There are at most ${pricingLimit} prices.`)
  if (live && pricing.length === 0) wrong('A price is required.')
  for (const item of pricing) checkPricing(stage, document, item, id)
}

function checkDates(stage: Stage, document: JsonObject, kind: OfferKind, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const live = document.state === 'live'
  const today = dateOf(stage.world.clock.now())
  const [start, end, acceptBy] = [text(document.start), text(document.end), text(document.acceptBy)]
  for (const date of [start, end, acceptBy]) {
    if (date !== '' && (!datePattern.test(date) || Number.isNaN(Date.parse(date))))
      wrong(`${date} is not a date such as 2027-01-31.`)
  }
  if (document.variableStartDate === true && start !== '')
    wrong('An offer that starts when accepted has no start date.')
  if (document.variableStartDate !== true && start === '') wrong('The start date should be defined')
  if (live && end === '') wrong('The end date should be defined')
  if (end !== '' && end <= (start || today)) wrong('The end date must lie after the start.')
  if (kind === 'cspPromotion') {
    if (acceptBy !== '') wrong('A CSP offer is not accepted: leave out acceptBy.')
    return
  }
  if (live && acceptBy === '') wrong('acceptBy should be defined')
  if (acceptBy !== '' && acceptBy < today) wrong('acceptBy lies in the past.')
  if (acceptBy !== '' && end !== '' && acceptBy > end) wrong('acceptBy must not lie after the end.')
}

function checkBeneficiaries(stage: Stage, document: JsonObject, kind: OfferKind, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const beneficiaries = list(document.beneficiaries)
  const most = kind === 'cspPromotion' ? 150 : 1
  if (beneficiaries.length > most) wrong(`There are at most ${most} beneficiaries.`)
  if (document.state === 'live' && beneficiaries.length === 0) wrong('A beneficiary is required.')
  if (kind === 'cspPromotion') return
  for (const beneficiary of beneficiaries) {
    const account = stage.world.accounts.get(text(beneficiary.id))
    if (!customerId.test(text(beneficiary.id))) wrong('The beneficiary is not a billing account id.')
    else if (account?.role !== 'customer') wrong('The billing account of the beneficiary does not exist.')
  }
}

function checkPartner(stage: Stage, document: JsonObject, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const partners = list(document.partners)
  if (partners.length > 1 || (document.state === 'live' && partners.length !== 1))
    wrong('There is exactly one partner.')
  for (const partner of partners) {
    if (stage.world.accounts.get(text(partner.id))?.role !== 'partner') wrong('The partner does not exist.')
  }
}

function checkPricing(stage: Stage, document: JsonObject, item: JsonObject, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const product = text(item.product)
  const plan = text(item.plan)
  const base = text(item.basePlan)
  const made =
    document.offerPricingType === 'saasNewCustomizedPlans' ||
    document.offerPricingType === 'newCustomizedPlans'
  const isLive = (reference: string) => {
    const resource = staged(stage, reference)
    return resource?.owner === stage.owner && resource.live !== undefined
  }
  if (!isLive(product)) wrong(`The product ${product} is not live.`)
  for (const reference of [plan, base]) {
    if (reference !== '' && !isLive(reference)) wrong(`The plan ${reference} is not live.`)
  }
  if (item.discountType === 'percentage') {
    const percent = decimal(decimalText(item.discountPercentage))
    if (percent < decimal('0.01') || percent > decimal('100'))
      wrong('A discount is between 0.01 and 100 per cent.')
    if (made) wrong('A new plan has an absolute price.')
    return
  }
  if (item.discountType !== 'absolute') return wrong('The discountType is percentage or absolute.')
  if (plan === '' && base === '') wrong('An absolute price is for a plan.')
  if (made) {
    const { name, description } = object(item.newPlanDetails)
    if (base === '') wrong('A new plan needs a basePlan.')
    if (text(name) === '' || text(description) === '') wrong('A new plan needs a name and a description.')
  }
  checkPrice(stage, text(item.priceDetails), product, base || plan, id)
}

/** An absolute price: a resource of its own, in the same request or from before. */
function checkPrice(stage: Stage, details: string, product: string, plan: string, id: string): undefined {
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  const resource = staged(stage, details)
  if (resource?.type !== 'price-and-availability-private-offer-plan') {
    return refuse(stage, 'resourceNotFound', 'priceDetails names no price.', id)
  }
  if (resource.product !== guidOf(product)) wrong('The price is for another product.')
  const pricing = readPricing(object(resource.draft.pricing), {})
  const listed = listPricing(stage.world, guidOf(product), guidOf(plan, 2))
  if (pricing.options.length === 0) wrong('The price has no payment.')
  if (listed && listed.mode !== pricing.mode) wrong('The price model is the one of the base plan.')
  for (const meter of pricing.meters) {
    if (listed && !listed.meters.some((known) => known.id === meter.id))
      wrong(`The plan has no custom meter ${meter.id}.`)
  }
  for (const { schedule, term } of pricing.options) {
    if (!schedule) continue
    const dates = schedule.flatMap((part) => part.date ?? [])
    if (pricing.mode !== 'flatRate') wrong('A flexible schedule needs flat-rate pricing.')
    if (schedule.length > instalmentLimit) wrong(`A schedule has at most ${instalmentLimit} charges.`)
    if (new Set(dates).size !== dates.length) wrong('The dates of a schedule must differ.')
    if (dates.some((date) => !datePattern.test(date) || Number.isNaN(Date.parse(date))))
      wrong('A charge date is a date such as 2027-01-31.')
    if (term.type !== 'year' || term.value > 5) wrong('A flexible contract lasts 1 to 5 years.')
    if (sum(schedule.map((part) => decimal(part.amount))) > agreementCap)
      wrong('An agreement is at most 100 million.')
  }
}
