// What a seller and a reseller do about an agreement that stands, on the screens of the lived demonstration.
import { type Client, makeClient, type Schemas, unwrap } from '../../src/client/index.ts'
import { agreements } from '../../src/console/words/agreements.ts'
import { approvals } from '../../src/console/words/approvals.ts'
import { common } from '../../src/console/words/index.ts'
import { reselling } from '../../src/console/words/reselling.ts'
import { HOUR_MS, plus } from '../../src/core/time.ts'
import { openControl } from '../../src/sandbox/model.ts'
import { type House, SECOND } from './house.ts'
import { type Person, personAt } from './person.ts'

type Kept = NonNullable<Parameters<typeof personAt>[1]>
type Seat = { id: string; client: Client }

/** The seat of one kind of organisation, for a program. */
async function seatOf({ server: { key, url } }: House, kind: 'vendor' | 'reseller'): Promise<Seat> {
  const { items } = unwrap(await makeClient({ url, key }).GET('/v1/organisations', {}))
  const id = items.find((organisation) => organisation.kind === kind)?.id ?? ''
  return { id, client: makeClient({ url, key, organisation: id }) }
}

/** Somebody at the screens of one organisation. */
async function seated(house: House, kept: Kept, { id }: Seat): Promise<Person> {
  const person = await personAt(house, kept)
  await person.page.addInitScript((organisation) => {
    localStorage.setItem('syndic.organisation', organisation)
  }, id)
  return person
}

async function soldOnAws({ client }: Seat): Promise<Schemas['Agreement']> {
  const query = { cloud: 'aws' as const, role: 'seller' as const, state: 'active' as const }
  const [found] = unwrap(await client.GET('/v1/agreements', { params: { query } })).items
  if (found === undefined) throw new Error('Nothing was sold on AWS.')
  return found
}

/** One person asks for a refund, another one agrees; what the agreement says of it then. */
export async function refundByTwo(house: House, kept: Kept) {
  const seat = await seatOf(house, 'vendor')
  const params = { path: { id: seat.id } }
  const two_person = ['agreements.refund' as const]
  unwrap(await seat.client.PATCH('/v1/organisations/{id}', { params, body: { two_person } }))
  const { id } = await soldOnAws(seat)
  const words = agreements.requests
  const ada = await seated(house, kept, seat)
  await ada.open(`/agreements/${id}`)
  await ada.press(words.refund.label)
  const form = ada.page.getByRole('dialog')
  await form.getByLabel(words.reason).selectOption({ index: 1 })
  await form.getByLabel(words.refund.amount).fill('99000000')
  await form.getByRole('button', { name: words.refund.send }).click()
  await form.getByText(/can be given back/).waitFor()
  await form.getByLabel(words.refund.amount).fill('100.00')
  await form.getByRole('button', { name: words.refund.send }).click()
  await ada.sees(common.secondPerson.title)
  const ben = await personAt(house)
  await ben.page.goto(`${house.server.url}/sign-in`)
  await ben.page.getByLabel('E-mail').fill(SECOND.email)
  await ben.page.getByLabel('Password').fill(SECOND.password)
  await ben.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await ben.page.waitForURL(/\/console\//)
  await ben.open(
    (await ada.main.getByRole('link', { name: common.secondPerson.open }).getAttribute('href'))?.replace(
      '/console',
      '',
    ) ?? '',
  )
  await ben.confirm(approvals.approve.label, approvals.approve.verb)
  await ben.sees(approvals.one.changed)
  await ada.comesToSee(words.kinds.refund)
  await Promise.all([ada.close(), ben.close()])
  const path = { id }
  const [asked] = unwrap(await seat.client.GET('/v1/agreements/{id}/requests', { params: { path } })).items
  return { state: asked?.state, amount: asked?.amount?.amount }
}

/** A vendor opens the same again, and the reseller offers it in the place of what its buyer has. */
export async function replaceAsReseller(house: House, kept: Kept) {
  const [vendor, reseller] = [await seatOf(house, 'vendor'), await seatOf(house, 'reseller')]
  const agreement = await soldOnAws(reseller)
  const name = await openAgain(vendor)
  await hourPasses(house)
  const person = await seated(house, kept, reseller)
  await person.open(`/agreements/${agreement.id}`)
  await person.follow(agreements.one.replace, /opened\?/)
  await person.follow(name, /opened\/auth_\w+/)
  await person.fill({ [reselling.economics.markup]: '10' })
  const accept = person.button(reselling.accept.verb)
  await person.sees(/A replacement of an agreement needs it/)
  if (await accept.isEnabled()) throw new Error('It could be sent without what the cloud needs.')
  await person.fill({ 'Last day of the agreement': '2027-06-30' })
  await person.follow(reselling.accept.verb, /offers\/offer_\w+$/)
  const id = new URL(person.page.url()).pathname.split('/').at(-1) ?? ''
  await person.close()
  await hourPasses(house)
  const offer = unwrap(await reseller.client.GET('/v1/offers/{id}', { params: { path: { id } } }))
  const { state, problems, options, replaces_agreement_id } = offer
  return { state, problems, options, replaces: replaces_agreement_id === agreement.id }
}

/** What was asked reaches the cloud, the cloud does it, and its answer is here. */
async function hourPasses({ server }: House): Promise<void> {
  const control = openControl(server.control ?? '')
  await server.settle()
  await control.moveTo(plus(await control.now(), HOUR_MS))
  await server.settle()
}

/** Opens what the reseller sold on AWS once more, and answers its name. */
async function openAgain({ client }: Seat): Promise<string> {
  const { items } = unwrap(await client.GET('/v1/resale-authorizations', {}))
  const { items: accounts } = unwrap(await client.GET('/v1/connections', {}))
  const aws = accounts.find(({ cloud }) => cloud === 'aws')?.id
  const sold = items.find(({ connection_id }) => connection_id === aws)
  if (sold === undefined || !('instalments' in sold.terms)) throw new Error('Nothing was opened on AWS.')
  const { deal_id, connection_id, reseller_account_id, markup_min_percent, markup_max_percent } = sold
  const instalments = [{ due_on: '2026-08-01', amount: sold.terms.total }]
  const body = {
    deal_id,
    connection_id,
    reseller_account_id,
    markup_min_percent,
    markup_max_percent,
    terms: { ...sold.terms, instalments },
    expires_on: '2026-07-01',
    single_use: true,
  }
  return unwrap(await client.POST('/v1/resale-authorizations', { body })).name
}
