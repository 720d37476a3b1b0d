import { createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signedText } from '../../../connectors/aws/webhooks.ts'
import type { Hint, Verification } from '../../../connectors/connector.ts'
import { selfSigned } from '../../../sandbox/certificate.ts'
import { connectionOf, connectorWith, standingClock, vendorAccount } from './support.ts'

const now = '2026-09-01T12:00:00.000Z'
const certificateUrl = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem'
const topic = `arn:aws:sns:us-east-1:${vendorAccount}:marketplace-events`
const { certificate: pem, private_key } = selfSigned('sns.amazonaws.com')

const event = (more: Record<string, unknown> = {}) => ({
  version: '0',
  id: 'event-1',
  'detail-type': 'Purchase Agreement Created - Proposer',
  source: 'aws.agreement-marketplace',
  account: vendorAccount,
  time: '2026-09-01T11:59:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    requestId: 'r',
    catalog: 'AWSMarketplace',
    agreement: { id: 'agmt-1', status: 'ACTIVE', endTime: '9999-01-01T00:00:00Z' },
  },
  ...more,
})

async function signed(
  more: Record<string, unknown> = {},
  version: '1' | '2' = '2',
): Promise<Record<string, unknown>> {
  const envelope = {
    Type: 'Notification',
    MessageId: 'message-1',
    TopicArn: topic,
    Message: JSON.stringify(event()),
    Timestamp: '2026-09-01T11:59:30.000Z',
    SignatureVersion: version,
    SigningCertURL: certificateUrl,
    ...more,
  }
  const text = signedText(envelope as Parameters<typeof signedText>[0])
  const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text)
  return { ...envelope, Signature: signer.sign(private_key, 'base64') }
}

async function verify(envelope: unknown, settings: Record<string, string> = {}): Promise<Verification> {
  const { connector } = connectorWith(() => new Response(pem), { business: standingClock(now) })
  const body = typeof envelope === 'string' ? envelope : JSON.stringify(envelope)
  const answer = await connector.webhooks?.verify(connectionOf({ settings }), { headers: {}, body })
  if (!answer) throw new Error('no webhooks')
  return answer
}

describe('a genuine message', () => {
  test.each(['1', '2'] as const)('with signature version %s is taken', async (version) => {
    const verified = await verify(await signed({}, version))
    expect(verified).toMatchObject({
      ok: true,
      message: {
        message_id: 'event-1',
        type: 'Purchase Agreement Created - Proposer',
        occurred_at: new Date('2026-09-01T11:59:00Z'),
        account_id: vendorAccount,
        hints: [{ kind: 'agreement_changed', agreement_id: 'agmt-1', license: null }],
      },
    })
  })

  test('with a subject is taken', async () => {
    expect(await verify(await signed({ Subject: 'Hello' }))).toMatchObject({ ok: true })
  })

  test('the certificate is fetched once', async () => {
    const { connector, requests } = connectorWith(() => new Response(pem), { business: standingClock(now) })
    const body = JSON.stringify(await signed())
    await connector.webhooks?.verify(connectionOf(), { headers: {}, body })
    await connector.webhooks?.verify(connectionOf(), { headers: {}, body })
    expect(requests.map((request) => request.url)).toEqual([certificateUrl])
  })

  test('of a topic that the connection names is taken, of any other then not', async () => {
    const aws = 'arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-abc'
    const legacy = (code: string) =>
      signed({
        TopicArn: aws,
        Message: JSON.stringify({
          action: 'subscribe-success',
          'customer-identifier': 'cust-1',
          'product-code': code,
          'offer-identifier': 'offer-1',
          isFreeTrialTermPresent: 'false',
        }),
      })
    expect(await verify(await legacy('abc'), { topic_arn: aws })).toMatchObject({
      ok: true,
      message: {
        message_id: 'message-1',
        type: 'subscribe-success',
        account_id: null,
        hints: [{ kind: 'customer_changed', customer: 'cust-1', product_code: 'abc', offer_id: 'offer-1' }],
      },
    })
    expect(await verify(await legacy('xyz'), { topic_arn: aws })).toEqual({
      ok: false,
      reason: 'The message is about another product than its topic',
    })
    expect(await verify(await legacy('abc'))).toEqual({
      ok: false,
      reason: 'The topic belongs to another account',
    })
    const bare = await signed({ TopicArn: aws, Message: '{"action":"subscribe-success"}' })
    expect(await verify(bare, { topic_arn: aws })).toMatchObject({ ok: false })
    expect(await verify(await signed(), { topic_arn: aws })).toMatchObject({ ok: false })
  })
})

describe('a message is refused', () => {
  const changed = async (more: Record<string, unknown>) => ({ ...(await signed()), ...more })
  test.each<[string, () => Promise<unknown> | unknown, RegExp]>([
    ['that is no JSON', () => 'hello', /not a message of SNS/],
    ['without a signature', () => changed({ Signature: undefined }), /not a message of SNS/],
    ['with a signature of something else', () => changed({ Message: '{}' }), /signature does not fit/],
    ['with another id', () => changed({ MessageId: 'message-2' }), /signature does not fit/],
    [
      'with a signature version we do not know',
      () => changed({ SignatureVersion: '3' }),
      /not a message of SNS/,
    ],
    [
      'of a topic of a stranger',
      () => signed({ TopicArn: 'arn:aws:sns:us-east-1:666666666666:x' }),
      /another account/,
    ],
    ['older than an hour', () => signed({ Timestamp: '2026-09-01T10:59:00.000Z' }), /older than an hour/],
    ['from the future', () => signed({ Timestamp: '2026-09-01T13:00:00.000Z' }), /future/],
    [
      'for another account',
      () => signed({ Message: JSON.stringify(event({ account: '666666666666' })) }),
      /for another account/,
    ],
    ...[
      'http://sns.us-east-1.amazonaws.com/x.pem',
      'https://sns.us-east-1.amazonaws.com.evil.example/x.pem',
      'https://evil.example/sns.us-east-1.amazonaws.com/x.pem',
      'https://sns.us-east-1.amazonaws.com@evil.example/x.pem',
      'https://sns.eu-west-1.amazonaws.com/x.pem',
      'https://sns.us-east-1.amazonaws.com:8443/x.pem',
      'https://sns.us-east-1.amazonaws.com/x.txt',
      'https://bucket.s3.amazonaws.com/x.pem',
    ].map((SigningCertURL): [string, () => Promise<unknown>, RegExp] => [
      `with a certificate at ${SigningCertURL}`,
      () => signed({ SigningCertURL }),
      /certificate is not at an address of SNS/,
    ]),
  ])('%s', async (_, envelope, reason) => {
    const verified = await verify(await envelope())
    expect(verified).toMatchObject({ ok: false, reason: expect.stringMatching(reason) })
  })

  test('for now, while what AWS gives for a certificate is none', async () => {
    const { connector } = connectorWith(() => new Response('hello'), { business: standingClock(now) })
    const body = JSON.stringify(await signed())
    await expect(connector.webhooks?.verify(connectionOf(), { headers: {}, body })).rejects.toMatchObject({
      code: 'unreadable_reply',
    })
  })

  test('for now, while the certificate cannot be fetched: SNS sends it again', async () => {
    const { connector } = connectorWith(() => Promise.reject(new TypeError('fetch failed')), {
      business: standingClock(now),
    })
    const body = JSON.stringify(await signed())
    await expect(connector.webhooks?.verify(connectionOf(), { headers: {}, body })).rejects.toMatchObject({
      code: 'connection_lost',
    })
  })
})

describe('a subscription', () => {
  const subscribe = `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t`
  const asked = (SubscribeURL: string) =>
    signed({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL })

  test('names where to confirm', async () => {
    expect(await verify(await asked(subscribe))).toMatchObject({
      ok: true,
      message: { confirm_url: subscribe },
    })
  })

  test('cannot lead elsewhere', async () => {
    expect(await verify(await asked('https://evil.example/'))).toMatchObject({ ok: false })
    const { connector, requests } = connectorWith(() => new Response('ok'))
    const elsewhere = `https://evil.example/?TopicArn=${topic}`
    await expect(connector.webhooks?.confirm?.(connectionOf(), elsewhere)).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(requests).toEqual([])
    await connector.webhooks?.confirm?.(connectionOf(), subscribe)
    expect(requests.map((request) => request.url)).toEqual([subscribe])
  })
})

describe('what an event hints at', () => {
  const agreement = { kind: 'agreement_changed', agreement_id: 'agmt-1' }
  test.each<[string, string, Record<string, unknown>, object[]]>([
    [
      'License Updated - Manufacturer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1' }, product: { code: 'code', id: 'prod-1' }, license: { arn: 'arn:l' } },
      [
        {
          ...agreement,
          license: 'arn:l',
          product_id: 'prod-1',
          product_code: 'code',
          told: { role: 'manufacturer' },
        },
      ],
    ],
    [
      'Purchase Agreement Created - Manufacturer',
      'aws.agreement-marketplace',
      {
        agreement: { id: 'agmt-1', status: 'ACTIVE', endTime: '9999-01-01T00:00:00Z' },
        resaleAuthorization: { id: 'resaleauthz-1' },
        acceptor: { accountId: '300000000003' },
        proposer: { accountId: '200000000002' },
        offer: { id: 'offer-1' },
      },
      [
        {
          ...agreement,
          told: {
            role: 'manufacturer',
            authorization_id: 'resaleauthz-1',
            offer_id: 'offer-1',
            buyer_account_id: '300000000003',
            seller_account_id: '200000000002',
            state: 'active',
            ends_at: null,
          },
        },
      ],
    ],
    [
      'Purchase Agreement Ended - Proposer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1' }, resaleAuthorization: null },
      [agreement],
    ],
    [
      'Offer Released',
      'aws.marketplacecatalog',
      { offer: { id: 'offer-1' } },
      [{ kind: 'offer_changed', offer_id: 'offer-1' }],
    ],
    [
      'OfferSet Released',
      'aws.marketplacecatalog',
      { associatedOffers: [{ offer: { id: 'offer-1' } }, { offer: { id: 'offer-2' } }] },
      [
        { kind: 'offer_changed', offer_id: 'offer-1' },
        { kind: 'offer_changed', offer_id: 'offer-2' },
      ],
    ],
    [
      'Change Set Failed',
      'aws.marketplacecatalog',
      { requestId: 'r', Catalog: 'AWSMarketplace', ChangeSetId: 'change-1' },
      [{ kind: 'change_finished', reference: 'change-1' }],
    ],
    [
      'Purchase Agreement Ending - Proposer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1', daysBeforeEndTime: 60, autoRenewalEnabled: false } },
      [{ ...agreement, news: 'The agreement ends in 60 days and is not to be renewed.' }],
    ],
    [
      'Purchase Agreement Renewal Terms Finalized - Proposer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1' }, renewalSummary: { tcv: '1050.00', currency: 'USD' } },
      [{ ...agreement, news: 'The terms of the renewal are final: USD 1050.00 in all.' }],
    ],
    [
      'Purchase Agreement Renewal Upcoming - Proposer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1' }, renewalSummary: null },
      [{ ...agreement, news: 'The renewal is near and can no longer be stopped.' }],
    ],
    [
      'Purchase Agreement Advisory Issued - Manufacturer',
      'aws.agreement-marketplace',
      { agreement: { id: 'agmt-1' }, advisory: { issuedAt: '2026-09-01T00:00:00Z' } },
      [{ ...agreement, news: expect.stringContaining('advisory') }],
    ],
    [
      'Agreement Cancellation Request Rejected - Proposer',
      'aws.agreement-marketplace',
      {
        agreement: { id: 'agmt-1', acceptorId: '300000000003' },
        agreementCancellationRequest: { id: 'acr-1', reasonCode: 'OTHER', statusMessage: 'We stay' },
      },
      [
        { kind: 'change_finished' },
        { ...agreement, news: 'The buyer rejected the cancellation (OTHER: We stay).' },
      ],
    ],
    [
      'Purchase Agreement Billing Adjustment Completed - Proposer',
      'aws.agreement-marketplace',
      {
        agreement: { id: 'agmt-1' },
        billingAdjustmentRequest: { id: 'ba-1', adjustmentAmount: '-5.00', currencyCode: 'USD' },
        invoice: { originalInvoiceId: 'inv-1' },
      },
      [
        { kind: 'change_finished' },
        { ...agreement, news: 'A refund of USD 5.00 on the invoice inv-1 is complete.' },
      ],
    ],
    ['Disbursement Paused', 'aws.marketplace', { requestId: 'r' }, [{ kind: 'disbursement_paused' }]],
    ['Something New', 'aws.marketplace', {}, [{ kind: 'nothing' }]],
    [
      'Purchase Agreement Created - Proposer',
      'aws.somewhere-else',
      { agreement: { id: 'agmt-1' } },
      [{ kind: 'nothing' }],
    ],
    [
      'Purchase Agreement Created - Proposer',
      'aws.agreement-marketplace',
      { agreement: 7 },
      [{ kind: 'nothing' }],
    ],
  ])('%s of %s', async (type, source, detail, hints) => {
    const verified = await verify(
      await signed({ Message: JSON.stringify(event({ 'detail-type': type, source, detail })) }),
    )
    const found: Hint[] = verified.ok ? verified.message.hints : []
    expect(found).toMatchObject(hints)
  })
})
