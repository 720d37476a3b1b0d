// Microsoft's messages: calls of the webhook that the product names, each with a token of the login.
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Deeds, Messages } from '../../world.ts'
import { forgedTokens } from '../tokens.ts'

const ANOTHER = '99999999-9999-4999-8999-999999999999'

export function messagesOf(ground: Ground, { suspend, reinstate }: Deeds): Messages {
  const { control, inbox } = ground
  return {
    asks_first: false,
    listen: async () => undefined,
    listenUnheard: async () => undefined,
    askToConfirm: () => Promise.reject(new Error('Azure asks for no confirmation')),
    confirmed: () => Promise.reject(new Error('Azure asks for no confirmation')),
    async cause(bought, time) {
      await (time === 'first' ? suspend(bought) : reinstate(bought))
      await ground.move({ by: 'PT1M' })
    },
    isAbout: ({ body }, agreement_id) => body.includes(agreement_id),
    async again({ body }) {
      // The sandbox wrote it a moment ago.
      const { id } = JSON.parse(body) as { id: string }
      const sent = await control<{ id: string; operation_id: string }[]>('/azure/webhooks')
      const webhook = given(
        sent.find(({ operation_id }) => operation_id === id),
        'webhook',
      )
      inbox.length = 0
      await control(`/azure/webhooks/${webhook.id}/deliver`, {})
    },
    elsewhere: (vendor) => ({ ...vendor, settings: { ...vendor.settings, webhook_app_id: ANOTHER } }),
    beside: (stranger) => stranger,
    forged: forgedTokens,
    // Nothing of the body is signed: whoever has a true token can write what it likes.
    async unknown(message) {
      const { subscriptionId } = JSON.parse(message.body) as { subscriptionId: string }
      return { ...message, body: message.body.replaceAll(subscriptionId, ANOTHER) }
    },
    async outlive() {
      ground.age(2 * 3_600_000)
    },
  }
}
