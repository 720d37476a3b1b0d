import { decimal, formatDecimal } from '../../../src/core/decimal.ts'
import { anotherNumber, type Planted, within } from './plant.ts'

export const sellingBugs: readonly Planted[] = [
  {
    bug: 'the test of a connection says that all is well',
    caught_by: ['connection.wrong_secret', 'connection.one_failure'],
    plant: (connector) => ({
      ...connector,
      test: async (connection) => (await connector.test(connection)).map((item) => ({ ...item, ok: true })),
    }),
  },
  {
    bug: 'a step is called by hand that is not',
    caught_by: ['listings.publish'],
    clouds: ['aws', 'azure'],
    plant: within('listings', () => ({ by_hand: ['publish'] as const })),
  },
  {
    bug: 'a step for a person is not called one',
    caught_by: ['listings.publish', 'listings.publish_again'],
    clouds: ['gcp'],
    plant: within('listings', () => ({ by_hand: [] })),
  },
  {
    bug: 'an offer does not know its key and marker again',
    caught_by: ['offers.create_again', 'faults.offers.create.drop_answer'],
    plant: within('offers', (real) => ({
      create: (connection, draft, key) => {
        const number = anotherNumber()
        return real.create(connection, { ...draft, marker: `${draft.marker}_${number}` }, `${key}-${number}`)
      },
    })),
  },
  {
    bug: 'the last instalment of an offer is dropped',
    caught_by: ['agreements.charged'],
    plant: within('offers', (real) => ({
      create: (connection, draft, key) =>
        real.create(connection, { ...draft, instalments: draft.instalments.slice(0, 1) }, key),
    })),
  },
  {
    bug: 'prices of usage are rounded to three decimals',
    caught_by: ['offers.rules_fine_price'],
    plant: within('offers', (real) => ({
      create: (connection, draft, key) => {
        const rounded = Object.entries(draft.usage_prices).map(([name, price]) => [
          name,
          decimal(Number(formatDecimal(price)).toFixed(3)),
        ])
        return real.create(connection, { ...draft, usage_prices: Object.fromEntries(rounded) }, key)
      },
    })),
  },
  {
    bug: 'a last day is not sent, and told as moved',
    caught_by: ['offers.move_last_day', 'offers.withdraw', 'faults.offers.expire.drop_request'],
    plant: within('offers', () => ({
      expire: async (_, offer_id) => ({ status: 'succeeded', target: { offer_id }, evidence: {} }),
    })),
  },
  {
    bug: 'every offer reads as live',
    caught_by: ['offers.withdraw', 'offers.expire'],
    plant: within('offers', (real) => ({
      async read(connection, offer_id) {
        const read = await real.read(connection, offer_id)
        return read && { ...read, state: 'live' }
      },
    })),
  },
  {
    bug: 'the markup of a reseller is dropped',
    caught_by: ['syndication.reseller_offer'],
    clouds: ['aws', 'azure'],
    plant: within('syndication', (real) => ({
      createOffer: (connection, draft, key) =>
        real.createOffer(connection, { ...draft, markup_percent: decimal('0') }, key),
    })),
  },
  {
    bug: 'shared permissions are handed on again and again',
    caught_by: ['syndication.shared'],
    plant: within('syndication', (real) => ({
      pullShared: (connection) => real.pullShared(connection, null),
    })),
  },
  {
    bug: 'taking back a permission does nothing',
    caught_by: ['syndication.restrict'],
    clouds: ['aws', 'azure'],
    plant: within('syndication', () => ({
      restrict: async (_, authorization_id) => ({
        status: 'succeeded',
        target: { authorization_id },
        evidence: {},
      }),
    })),
  },
  {
    bug: 'a task for a person has no steps',
    caught_by: ['syndication.by_hand', 'syndication.authorize'],
    clouds: ['gcp'],
    plant: within('syndication', (real) => ({
      async authorize(connection, draft, key) {
        const change = await real.authorize(connection, draft, key)
        return change.status === 'human' ? { ...change, task: { ...change.task, steps: [] } } : change
      },
    })),
  },
  {
    bug: 'a change of a listing is told as done and never sent',
    caught_by: ['listings.update.title', 'listings.update_all', 'listings.drift.price_of_usage'],
    clouds: ['aws'],
    plant: within('listings', () => ({
      update: async () => ({ status: 'succeeded', target: {}, evidence: {} }),
    })),
  },
  {
    bug: 'what differs at the cloud is not seen',
    caught_by: ['listings.drift.title', 'listings.drift.missing', 'listings.drift.dimension_restricted'],
    clouds: ['aws'],
    plant: within('listings', (real) => ({
      compare: async (...given) => {
        const found = await real.compare?.(...given)
        if (found === undefined) throw new Error('There is nothing to compare with')
        return { ...found, differences: [] }
      },
    })),
  },
]
