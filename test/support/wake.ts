// Work that must not wait for a timer, on any runtime: whoever calls this sees to it that nothing is done by itself for
// longer than the waiting here takes.
import { expect, vi } from 'vitest'
import { type Client, makeClient, unwrap } from '../../src/client/index.ts'
import { GLOBEX, LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { type AwsSandbox, openAwsSandbox } from './aws-sandbox.ts'
import {
  agreementOf,
  askForOffer,
  at,
  describeProduct,
  keyed,
  MINUTE,
  readListing,
  readOffer,
  writeDeal,
} from './seats.ts'

/** A service that is running, its sandbox, and a way to do what is due by hand. */
export type Running = { url: string; key: string; control: string; settle(): Promise<unknown> }

const WAITING = { timeout: 20_000, interval: 50 }

type Stage = Running & { client: Client; sandbox: AwsSandbox; connection_id: string }

/** A seller of its own; the cloud tells us of events only where that is what is looked at. */
async function stage(running: Running, account_id: string, hears: boolean): Promise<Stage> {
  const sandbox = openAwsSandbox(running.control)
  await sandbox.stopClock()
  const client = makeClient({ url: running.url, key: running.key })
  const draft = { role: 'seller' as const, country: 'US', account_id, name: `Seller ${account_id}` }
  const { access_key_id, secret_access_key } = await sandbox.account(draft)
  const body = {
    cloud: 'aws' as const,
    name: draft.name,
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: {},
  }
  const { id } = unwrap(await client.POST('/v1/connections', { params: keyed(), body }))
  if (hears) await sandbox.eventsTo(account_id, `${running.url}/v1/webhooks/${id}`)
  return { ...running, client, sandbox, connection_id: id }
}

async function pass({ sandbox }: Stage, minutes: number): Promise<void> {
  await sandbox.moveTo(new Date((await sandbox.now()).getTime() + minutes * MINUTE))
}

async function askForListing({ client, connection_id, settle }: Stage) {
  const product_id = await describeProduct(client, { name: `Sold on ${connection_id}` })
  const body = { product_id, connection_id, prices: LIST_PRICES }
  const { id } = unwrap(await client.POST('/v1/listings', { params: keyed(), body }))
  await settle()
  return { id, product_id }
}

/** The cloud says that it finished a change: the change is looked at, and the listing is live. */
export async function theCloudsMessage(running: Running): Promise<void> {
  const place = await stage(running, '222233334444', true)
  const { id } = await askForListing(place)
  expect((await readListing(place.client, id)).state).not.toBe('live')
  await pass(place, 2)
  await vi.waitFor(async () => expect((await readListing(place.client, id)).state).toBe('live'), WAITING)
}

/** A buyer arrives before we know of the purchase: it is looked for, and found. */
export async function theBuyersSignUp(running: Running): Promise<void> {
  const place = await stage(running, '333344445555', false)
  const { client, sandbox, settle } = place
  await sandbox.account({ role: 'buyer', country: 'US', ...GLOBEX })
  const { product_id } = await askForListing(place)
  await pass(place, 2)
  await settle()
  const deal_id = await writeDeal(client, product_id)
  const offer_id = await askForOffer({ ...place, organisation_id: '', secrets: [] }, deal_id)
  await settle()
  await pass(place, 2)
  await settle()
  const { cloud_offer_id } = await readOffer(client, offer_id)
  if (cloud_offer_id === null) throw new Error('The offer is not at the cloud')
  const agreement_id = await sandbox.accept(GLOBEX.account_id, cloud_offer_id)
  expect(await agreementOf(client, agreement_id)).toBeUndefined()
  const { registration_token, fulfillment_url } = await sandbox.register(GLOBEX.account_id, agreement_id)
  const answer = await fetch(`${running.url}${new URL(fulfillment_url).pathname}`, {
    method: 'POST',
    body: new URLSearchParams({ 'x-amzn-marketplace-token': registration_token }),
  })
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('on its way')])
  const found = await vi.waitFor(async () => {
    const known = await agreementOf(client, agreement_id)
    expect(known?.signed_up_at).not.toBeNull()
    return unwrap(await client.GET('/v1/agreements/{id}', { params: at(known?.id ?? '') }))
  }, WAITING)
  expect(found).toMatchObject({ state: 'active', buyer_account_id: GLOBEX.account_id, offer_id })
}
