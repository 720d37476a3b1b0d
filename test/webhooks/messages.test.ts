// Messages of a cloud: believed by their signature, once, at the address they were meant for, while they are young.
import { createSign, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedText } from '../../connectors/aws/webhooks.ts'
import { selfSigned } from '../../sandbox/certificate.ts'
import { unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  buyerAccepts,
  eventIn,
  HOUR,
  liveOffer,
  MINUTE,
  publish,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Letter, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
/** One message of the cloud, kept back: every test brings it in its own way. */
let letter: Letter
let cloud_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const product_id = await publish(service, seats.vendor)
  const offer = await liveOffer(service, seats.vendor, product_id)
  service.post.keepBack = true
  cloud_id = await buyerAccepts(service, GLOBEX, offer)
  await service.sandbox.moveTo(new Date(service.now().getTime() + MINUTE / 2))
  const found = service.post.letters.find(({ body }) => body.includes(cloud_id))
  if (found === undefined) throw new Error('The cloud sent nothing')
  letter = found
})
afterAll(() => service.stop())

type Envelope = Parameters<typeof signedText>[0]

function changed(change: (envelope: Envelope) => void): Letter {
  const envelope = JSON.parse(letter.body) as Envelope
  change(envelope)
  return { ...letter, body: JSON.stringify(envelope) }
}

/** Signed as a stranger would: properly, with a key of its own. */
function signedBy(private_key: string, change: (envelope: Envelope) => void = () => {}): Letter {
  return changed((envelope) => {
    change(envelope)
    envelope.Signature = createSign('RSA-SHA256').update(signedText(envelope)).sign(private_key, 'base64')
  })
}

const stranger = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

async function inbox(client = seats.vendor.client) {
  return unwrap(await client.GET('/v1/inbox', { params: { query: { limit: 200 } } })).items
}

/** Everything of the tenant that a message could change. */
async function standing(organisation_id: string) {
  return service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    Promise.all([
      tx.agreement.findMany({ where: { organisation_id } }),
      tx.offer.findMany({ where: { organisation_id } }),
      tx.work.findMany({ where: { organisation_id, kind: { in: ['inbox.process', 'agreements.read'] } } }),
      tx.entry.count({ where: { organisation_id } }),
      tx.timeline_event.count({ where: { organisation_id } }),
    ]),
  )
}

const forged: [string, () => Letter, RegExp][] = [
  [
    'with a flipped byte in its message',
    () =>
      changed((envelope) => {
        envelope.Message = envelope.Message.replace('ACTIVE', 'ACTIVF')
      }),
    /signature does not fit/,
  ],
  [
    'with a flipped byte in its signature',
    () =>
      changed((envelope) => {
        envelope.Signature = flipped(envelope.Signature)
      }),
    /signature does not fit/,
  ],
  ['signed with another key', () => signedBy(stranger()), /signature does not fit/],
  [
    'signed with another key whose certificate lies elsewhere',
    () =>
      signedBy(selfSigned('sns.amazonaws.com').private_key, (envelope) => {
        envelope.SigningCertURL = 'https://sns.us-east-1.amazonaws.com.example.com/cert.pem'
      }),
    /certificate is not at an address of SNS/,
  ],
  [
    'whose certificate is at the cloud, but is none',
    () =>
      changed((envelope) => {
        envelope.SigningCertURL = envelope.SigningCertURL.replace('sandbox.pem', '../../control/clock?x=.pem')
      }),
    /certificate/,
  ],
  [
    "of another account's topic",
    () =>
      signedBy(stranger(), (envelope) => {
        envelope.TopicArn = envelope.TopicArn.replace(/\d{12}/, '666666666666')
      }),
    /another account/,
  ],
  [
    'dated in the future',
    () =>
      changed((envelope) => {
        envelope.Timestamp = '2027-01-01T00:00:00.000Z'
      }),
    /future/,
  ],
  ['that is no message at all', () => ({ ...letter, body: 'hello' }), /not a message/],
  ['that is empty', () => ({ ...letter, body: '' }), /not a message/],
  ['that holds NUL', () => ({ ...letter, body: `{"Type":"Notification","Message":"\0"}` }), /not a message/],
  [
    'that asks to be confirmed at an address of its own',
    () =>
      changed((envelope) => {
        envelope.Type = 'SubscriptionConfirmation'
        envelope.Token = 't'
        envelope.SubscribeURL = 'http://169.254.169.254/latest'
      }),
    /./,
  ],
]

test.each(forged)('a forged one, %s, is refused, kept, and changes nothing', async (_, forge, reason) => {
  const { organisation_id } = seats.vendor
  await service.settle()
  const before = await standing(organisation_id)
  const known = (await inbox()).map(({ id }) => id)
  const answer = await service.hand(forge())
  expect(answer).toMatchObject({
    status: 401,
    json: { type: '/problems/forged', detail: expect.stringMatching(reason) },
  })
  await service.settle()
  expect(await standing(organisation_id)).toEqual(before)
  const kept = (await inbox()).filter(({ id }) => !known.includes(id))
  expect(kept).toHaveLength(1)
  expect(kept[0]).toMatchObject({
    state: 'refused',
    type: 'unverified',
    reason: expect.stringMatching(reason),
    hints: [],
  })
})

test('the same forgery again is the same piece of evidence', async () => {
  const known = (await inbox()).length
  const body = 'the same'
  for (let time = 0; time < 3; time += 1) expect((await service.hand({ ...letter, body })).status).toBe(401)
  expect(await inbox()).toHaveLength(known + 1)
})

test('while the certificate cannot be fetched nothing is decided: the cloud is asked to come again', async () => {
  const known = (await inbox()).length
  service.network.down = /\.pem$/
  const other = changed((envelope) => {
    envelope.SigningCertURL = envelope.SigningCertURL.replace('.pem', '-renewed.pem')
  })
  expect(await service.hand(other)).toMatchObject({
    status: 503,
    json: { type: '/problems/cloud-unavailable' },
  })
  service.network.down = undefined
  expect(await inbox()).toHaveLength(known)
})

test('after all these the genuine one is remembered, read back from the cloud, and told in the inbox', async () => {
  expect(await service.hand(letter)).toMatchObject({ status: 200, json: { outcome: 'remembered' } })
  await service.settle()
  expect(await agreementOf(seats.vendor.client, cloud_id)).toMatchObject({ state: 'active' })
  const [message] = (await inbox()).filter(({ message_id }) => message_id === eventIn(letter).id)
  expect(message).toMatchObject({
    type: 'Purchase Agreement Created - Proposer',
    state: 'processed',
    reason: null,
    hints: [{ kind: 'agreement_changed', agreement_id: cloud_id }],
    processed_at: expect.any(String),
  })
})

test('one that comes again is applied once', async () => {
  const before = await standing(seats.vendor.organisation_id)
  expect((await service.hand(letter)).json).toEqual({ outcome: 'repeated' })
  await service.settle()
  expect(await standing(seats.vendor.organisation_id)).toEqual(before)
  expect((await inbox()).filter(({ message_id }) => message_id === eventIn(letter).id)).toHaveLength(1)
})

test('an old one, genuine as it is, is a recording', async () => {
  await service.move(HOUR + MINUTE)
  expect(await service.hand(letter)).toMatchObject({
    status: 401,
    json: { detail: expect.stringMatching(/older than an hour/) },
  })
})

test("one seller's message at another seller's address is refused there and changes nothing", async () => {
  const before = await standing(seats.reseller.organisation_id)
  const answer = await service.hand(letter, `/v1/webhooks/${seats.reseller.connection_id}`)
  expect(answer).toMatchObject({ status: 401, json: { detail: expect.stringMatching(/another account/) } })
  await service.settle()
  expect(await standing(seats.reseller.organisation_id)).toEqual(before)
  expect((await inbox(seats.reseller.client))[0]).toMatchObject({ state: 'refused' })
})

test('an oversized one is turned away unread and nothing is kept', async () => {
  const known = (await inbox()).length
  const answer = await service.hand({ ...letter, body: 'x'.repeat(256 * 1024 + 1) })
  expect(answer).toMatchObject({ status: 413, json: { type: '/problems/too-large' } })
  expect(await inbox()).toHaveLength(known)
})

test.each(['/v1/webhooks/conn_nobody', '/v1/webhooks/%00'])('there is nobody at %s', async (path) => {
  expect([404, 422]).toContain((await service.hand(letter, path)).status)
})

/** Another first character, which stays base64. */
function flipped(signature: string): string {
  return (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
}
