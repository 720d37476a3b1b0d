import { anotherNumber, type Planted, within } from './plant.ts'

export const messageBugs: readonly Planted[] = [
  {
    bug: 'a forged message is accepted',
    caught_by: [
      'webhooks.forged_unproved',
      'webhooks.forged_signature',
      'webhooks.forged_content',
      'webhooks.forged_key',
      'webhooks.forged_algorithm',
      'webhooks.foreign',
      'webhooks.audience',
      'webhooks.old',
      'webhooks.junk',
    ],
    plant: within('webhooks', (real) => ({
      async verify(connection, request) {
        const answer = await real.verify(connection, request)
        if (answer.ok) return answer
        const body: unknown = null
        const message = {
          message_id: 'm',
          type: 't',
          occurred_at: new Date(),
          account_id: null,
          hints: [],
          body,
        }
        return { ok: true, message }
      },
    })),
  },
  {
    bug: 'the id of a message is new with each delivery',
    caught_by: ['webhooks.again', 'webhooks.header_case'],
    plant: within('webhooks', (real) => ({
      async verify(connection, request) {
        const answer = await real.verify(connection, request)
        return answer.ok
          ? { ok: true, message: { ...answer.message, message_id: `m-${anotherNumber()}` } }
          : answer
      },
    })),
  },
  {
    bug: 'every message has the same id',
    caught_by: ['webhooks.different'],
    plant: within('webhooks', (real) => ({
      async verify(connection, request) {
        const answer = await real.verify(connection, request)
        return answer.ok ? { ok: true, message: { ...answer.message, message_id: 'm' } } : answer
      },
    })),
  },
  {
    bug: 'a message that cannot be checked now is refused for good',
    caught_by: ['webhooks.no_keys'],
    plant: within('webhooks', (real) => ({
      verify: (connection, request) =>
        real.verify(connection, request).catch(() => ({ ok: false, reason: 'It cannot be checked' })),
    })),
  },
  {
    bug: 'a message hints at nothing',
    caught_by: ['webhooks.genuine'],
    plant: within('webhooks', (real) => ({
      async verify(connection, request) {
        const answer = await real.verify(connection, request)
        return answer.ok ? { ok: true, message: { ...answer.message, hints: [] } } : answer
      },
    })),
  },
]
