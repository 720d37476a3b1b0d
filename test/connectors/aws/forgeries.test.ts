// Thousands of forged messages, at the addresses of the real cloud: none is believed, no other address is asked for a
// certificate, and the genuine ones still are.
import { describe, expect, test } from 'vitest'
import type { Connector } from '../../../connectors/connector.ts'
import { selfSigned } from '../../../sandbox/certificate.ts'
import { type Envelope, forgeries, kindsOfForgery, signedWith } from '../../support/sns-forgeries.ts'
import { connectionOf, connectorWith, standingClock, vendorAccount } from './support.ts'

const FORGERIES = 1_500
const now = '2026-09-01T12:00:00.000Z'
const SigningCertURL = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123.pem'
const cloud = selfSigned('sns.amazonaws.com')
const stranger = selfSigned('sns.amazonaws.com')
const product_topic = 'arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-abc'
const own_topic = `arn:aws:sns:us-east-1:${vendorAccount}:marketplace-events`

function genuine(more: Envelope, SignatureVersion: string): Envelope {
  const envelope = {
    Type: 'Notification',
    MessageId: '0a1b2c3d-0000-4000-8000-000000000001',
    TopicArn: own_topic,
    Timestamp: '2026-09-01T11:59:30.000Z',
    SignatureVersion,
    SigningCertURL,
    ...more,
  }
  return signedWith(envelope, cloud.private_key)
}

const event = (type: string) =>
  JSON.stringify({
    version: '0',
    id: `event of ${type}`,
    'detail-type': type,
    source: 'aws.agreement-marketplace',
    account: vendorAccount,
    time: '2026-09-01T11:59:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { agreement: { id: 'agmt-1', status: 'ACTIVE' } },
  })
const SubscribeURL = `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${product_topic}&Token=t`
const action = JSON.stringify({
  action: 'subscribe-success',
  'customer-identifier': 'customer',
  'product-code': 'abc',
})

/** What of it comes how: events through a topic of the seller's own, and the older topics of a product. */
const schemes: Record<string, { settings: Record<string, string>; messages: Envelope[] }> = {
  'events of EventBridge through SNS': {
    settings: {},
    messages: [
      { Message: event('Purchase Agreement Created - Proposer') },
      { Message: event('License Updated - Manufacturer'), Subject: 'News' },
    ],
  },
  'topics of SNS': {
    settings: { topic_arn: product_topic },
    messages: [
      { Message: action, TopicArn: product_topic, Subject: 'A buyer' },
      { Message: action, TopicArn: product_topic },
      {
        Message: 'Confirm',
        Type: 'SubscriptionConfirmation',
        Token: 't',
        SubscribeURL,
        TopicArn: product_topic,
      },
    ],
  },
}

function openConnector(): { connector: Connector; asked: Set<string> } {
  const asked = new Set<string>()
  const { connector } = connectorWith(
    ({ url }) => {
      asked.add(new URL(url).host)
      return new Response(
        url.startsWith(new URL(SigningCertURL).origin) ? cloud.certificate : stranger.certificate,
      )
    },
    { business: standingClock(now) },
  )
  return { connector, asked }
}

describe.each(Object.entries(schemes))('%s', (_, { settings, messages }) => {
  const all = messages.flatMap((more) => [genuine(more, '1'), genuine(more, '2')])
  const forger = {
    genuine: all,
    private_key: stranger.private_key,
    sign: (envelope: Envelope) => signedWith(envelope, cloud.private_key),
  }
  const connection = connectionOf({ settings })

  test(`of ${FORGERIES} forged ones none is believed, and the genuine ones are`, async () => {
    const { connector, asked } = openConnector()
    const believed: string[] = []
    const met = new Set<string>()
    for (const { what, body } of forgeries(forger, 7, FORGERIES)) {
      met.add(what)
      const answer = await connector.webhooks?.verify(connection, { headers: {}, body })
      if (answer?.ok !== false) believed.push(`${what}: ${body.slice(0, 300)}`)
      else expect(answer.reason).toMatch(/^[A-Z].{8,}/)
    }
    expect(believed).toEqual([])
    expect([...asked]).toEqual(['sns.us-east-1.amazonaws.com'])
    const expected = kindsOfForgery.filter(
      (kind) => settings.topic_arn === undefined || !/another account/.test(kind),
    )
    expect([...met].sort()).toEqual([...expected].sort())
    for (const envelope of all) {
      const answer = await connector.webhooks?.verify(connection, {
        headers: {},
        body: JSON.stringify(envelope),
      })
      expect(answer).toMatchObject({ ok: true })
    }
  })

  test('a genuine one is refused at the address of any other seller', async () => {
    const { connector } = openConnector()
    for (let number = 0; number < 200; number += 1) {
      const envelope = all[number % all.length]
      const other = connectionOf({ id: `conn_${number}`, account_id: `${500_000_000_000 + number}` })
      const answer = await connector.webhooks?.verify(other, { headers: {}, body: JSON.stringify(envelope) })
      expect(answer).toMatchObject({ ok: false })
    }
  })
})
