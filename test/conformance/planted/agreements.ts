import { type Planted, within } from './plant.ts'

export const agreementBugs: readonly Planted[] = [
  {
    bug: 'the offer of an agreement is dropped',
    caught_by: ['agreements.pull', 'agreements.read'],
    plant: within('agreements', (real) => ({
      async pull(connection, cursor) {
        const { items, ...rest } = await real.pull(connection, cursor)
        return { ...rest, items: items.map((item) => ({ ...item, offer_id: null })) }
      },
    })),
  },
  {
    bug: 'agreements are handed on again and again',
    caught_by: ['agreements.pull_once'],
    plant: within('agreements', (real) => ({
      async pull(connection) {
        return { ...(await real.pull(connection, null)), more: false }
      },
    })),
  },
  {
    bug: 'an ended agreement is told as active',
    caught_by: ['agreements.cancelled'],
    plant: within('agreements', (real) => ({
      async read(connection, id) {
        return { ...(await real.read(connection, id)), state: 'active' }
      },
    })),
  },
  {
    bug: 'any token is believed',
    caught_by: ['agreements.resolve_forged', 'agreements.resolve_foreign', 'agreements.resolve_old'],
    plant: within('agreements', (real) => ({
      resolve: (connection, token) =>
        real
          .resolve(connection, token)
          .catch(() => ({ buyer_account_id: 'b', product_code: null, license: null, evidence: {} })),
    })),
  },
  {
    bug: 'the token is kept as evidence',
    caught_by: ['agreements.resolve'],
    plant: within('agreements', (real) => ({
      async resolve(connection, token) {
        return { ...(await real.resolve(connection, token)), evidence: { sent: { token } } }
      },
    })),
  },
  {
    bug: 'an activation is not sent',
    caught_by: ['agreements.activate', 'faults.agreements.activate.drop_request'],
    clouds: ['azure', 'gcp'],
    plant: within('agreements', () => ({
      activate: async (_, { agreement_id }) => ({
        status: 'succeeded',
        target: { agreement_id },
        evidence: {},
      }),
    })),
  },
  {
    bug: 'every wish is granted',
    caught_by: ['agreements.answer_no', 'agreements.answer_changed_mind'],
    clouds: ['azure', 'gcp'],
    plant: within('agreements', (real) => ({
      async answer(connection, wish, _, key) {
        if (real.answer === undefined) throw new Error('There is no answer')
        return real.answer(connection, wish, true, key)
      },
    })),
  },
]
