// Google's messages: pushes of Pub/Sub, each with a token of the service account that the seller named.
import type { InboundRequest } from '../../../../connectors/connector.ts'
import type { Ground } from '../../ground.ts'
import type { Messages } from '../../world.ts'
import { forgedTokens } from '../tokens.ts'
import { HOOK, pusherOf, VENDOR } from './accounts.ts'

type Push = { message: { data: string } }

export function messagesOf(ground: Ground): Messages {
  const { control } = ground
  async function listen(): Promise<void> {
    await control('/gcp/event-destinations', {
      account_id: VENDOR,
      url: HOOK,
      audience: HOOK,
      service_account_email: pusherOf(VENDOR),
    })
  }
  return {
    asks_first: false,
    listen,
    listenUnheard: listen,
    askToConfirm: () => Promise.reject(new Error('Google asks for no confirmation')),
    confirmed: () => Promise.reject(new Error('Google asks for no confirmation')),
    // The order itself is told, and once more when it is active.
    cause: () => ground.move({ by: 'PT1M' }),
    isAbout: ({ body }, agreement_id) => dataOf(body).includes(agreement_id),
    async again({ body }) {
      // An event of the sandbox, which wrote it a moment ago.
      const { eventId } = JSON.parse(dataOf(body)) as { eventId: string }
      await control(`/gcp/events/${eventId}/deliver`, {})
    },
    elsewhere: (vendor) => ({
      ...vendor,
      settings: { ...vendor.settings, push_audience: 'https://another.example/webhooks' },
    }),
    // The token is for the vendor's own address and account: only the event inside names another provider.
    beside: (stranger, vendor) => ({
      ...stranger,
      settings: {
        ...stranger.settings,
        push_audience: vendor.settings.push_audience ?? '',
        push_service_account: vendor.settings.push_service_account ?? '',
      },
    }),
    forged: forgedTokens,
    // Nothing of the body is signed: whoever has a true token can write what it likes.
    unknown: async (message) =>
      withData(message, (data) =>
        data.replace(/"id":"[^"]+"/, '"id":"99999999-9999-4999-8999-999999999999"'),
      ),
    async outlive() {
      ground.age(2 * 3_600_000)
    },
  }
}

function dataOf(body: string): string {
  // A push of the sandbox.
  return Buffer.from((JSON.parse(body) as Push).message.data, 'base64').toString()
}

function withData(message: InboundRequest, change: (data: string) => string): InboundRequest {
  const push = JSON.parse(message.body) as Push
  const data = Buffer.from(change(dataOf(message.body))).toString('base64')
  return { ...message, body: JSON.stringify({ ...push, message: { ...push.message, data } }) }
}
