// AWS's messages: events that SNS signs and posts. Forgeries are signed by a key of the suite's own.
import { createSign } from 'node:crypto'
import type { Connection, Connector, InboundRequest } from '../../../../connectors/connector.ts'
import { selfSigned } from '../../../../sandbox/certificate.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Messages } from '../../world.ts'
import { VENDOR } from './accounts.ts'

type Envelope = Record<string, string>

export function messagesOf(ground: Ground, connector: Connector, vendor: Connection): Messages {
  const { control, inbox, network, server } = ground
  async function askToConfirm(): Promise<InboundRequest> {
    await control('/aws/event-destinations', { account_id: VENDOR, url: 'https://vendor.example/webhooks' })
    return given(inbox.shift(), 'confirmation')
  }
  return {
    asks_first: true,
    askToConfirm,
    async listen() {
      const { verify, confirm } = given(connector.webhooks, 'facet webhooks')
      const asked = await verify(vendor, await askToConfirm())
      const address = asked.ok ? asked.message.confirm_url : undefined
      await confirm?.(vendor, given(address, 'address to confirm at'))
    },
    async listenUnheard() {
      const { body } = await askToConfirm()
      await fetch(given(textsOf(body).SubscribeURL, 'address to confirm at'))
    },
    async confirmed() {
      const [destination] = await control<{ confirmed: boolean }[]>('/aws/event-destinations')
      return destination?.confirmed === true
    },
    // The acceptance itself is told; ten seconds later, and once more when the licence is there.
    async cause(_, time) {
      await ground.move({ by: time === 'first' ? 'PT30S' : 'PT3M' })
    },
    isAbout: ({ body }, agreement_id) => body.includes(agreement_id) && body.includes('Agreement Created'),
    elsewhere: (connection) => ({
      ...connection,
      settings: { ...connection.settings, topic_arn: `arn:aws:sns:us-east-1:${VENDOR}:another-topic` },
    }),
    forged: {
      unproved: async (message) => changed(message, ({ Signature: _, ...rest }) => rest),
      signature: async (message) =>
        changed(message, (envelope) => ({
          ...envelope,
          Signature: `AAAA${(envelope.Signature ?? '').slice(4)}`,
        })),
      content: async (message) =>
        changed(message, (envelope) => ({
          ...envelope,
          Message: (envelope.Message ?? '').replace('ACTIVE', 'CANCELLED').replace('agmt-', 'agmt-x'),
        })),
      key: async (message) => {
        const address = 'https://sns.us-east-1.amazonaws.com.evil.example/key.pem'
        const signer = selfSigned('sns.amazonaws.com')
        network.answer(address, () => new Response(signer.certificate))
        return changed(message, (envelope) =>
          signed({ ...envelope, SigningCertURL: address }, signer.private_key),
        )
      },
      algorithm: async (message) => changed(message, (envelope) => ({ ...envelope, SignatureVersion: '3' })),
    },
    async unknown(message) {
      // Signed as AWS would: the sandbox's own address gives the certificate of the suite.
      const address = `${server.urls.aws.sns}/of-the-suite.pem`
      const signer = selfSigned('sns.amazonaws.com')
      network.answer(address, () => new Response(signer.certificate))
      return changed(message, (envelope) =>
        signed(
          {
            ...envelope,
            Message: (envelope.Message ?? '').replace(/agmt-\w+/g, 'agmt-nobodyknowsthis'),
            SigningCertURL: address,
          },
          signer.private_key,
        ),
      )
    },
    outlive: () => ground.move({ by: 'PT2H' }),
    async again({ body }) {
      const { id } = textsOf(textsOf(body).Message ?? '')
      await control(`/aws/events/${given(id, 'id of the event')}/deliver`, {})
    },
    beside: (stranger) => stranger,
  }
}

function changed(message: InboundRequest, change: (envelope: Envelope) => Envelope): InboundRequest {
  return { ...message, body: JSON.stringify(change(textsOf(message.body))) }
}

/** What the sandbox wrote a moment ago: an object whose texts are all that is used. */
function textsOf(json: string): Envelope {
  return JSON.parse(json) as Envelope
}

const fields = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']

function signed(envelope: Envelope, private_key: string): Envelope {
  const text = fields
    .filter((name) => envelope[name] !== undefined)
    .map((name) => `${name}\n${envelope[name]}\n`)
    .join('')
  const signer = createSign('RSA-SHA256').update(text)
  return { ...envelope, SignatureVersion: '2', Signature: signer.sign(private_key, 'base64') }
}
