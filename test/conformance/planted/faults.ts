import { Fault, type FaultCode } from '../../../src/core/fault.ts'
import { anotherNumber, type Planted, within } from './plant.ts'

/** Every failure of one kind is told as another. */
function mistaken(from: FaultCode, to: FaultCode): Planted['plant'] {
  const wrong = (error: unknown): never => {
    if (error instanceof Fault && error.code === from) throw new Fault(to, error.message)
    throw error
  }
  return (connector) => {
    const planted = within('agreements', (real) => ({
      pull: (...given) => real.pull(...given).catch(wrong),
    }))(connector)
    return within('metering', (real) => ({ report: (...given) => real.report(...given).catch(wrong) }))(
      planted,
    )
  }
}

export const faultBugs: readonly Planted[] = [
  {
    bug: 'a failure of the cloud is told as our mistake',
    caught_by: ['faults.read.error_500', 'faults.metering.report.error_500'],
    plant: mistaken('unavailable', 'invalid'),
  },
  {
    bug: 'a lost connection is told as not found',
    caught_by: ['faults.read.drop_answer', 'faults.metering.report.drop_request'],
    plant: mistaken('connection_lost', 'not_found'),
  },
  {
    bug: 'being asked too often is told as unavailable',
    caught_by: ['faults.read.throttle', 'faults.metering.report.throttle'],
    plant: mistaken('throttled', 'unavailable'),
  },
  {
    bug: 'a repetition has a token of its own, so the cloud takes it for another',
    caught_by: ['faults.calls.offers.create', 'faults.calls.metering.report'],
    clouds: ['aws'],
    plant: (connector) => {
      const fresh = () => anotherNumber()
      const offers = within('offers', (real) => ({
        create: (connection, draft, key) => real.create(connection, draft, `${key}-${fresh()}`),
      }))(connector)
      return within('metering', (real) => ({
        report: (connection, records) =>
          real.report(
            connection,
            records.map((record) => ({
              ...record,
              hour: new Date(record.hour.getTime() - fresh() * 3_600_000),
            })),
          ),
      }))(offers)
    },
  },
  {
    bug: 'a request about an agreement has a token of its own with each attempt',
    caught_by: ['faults.calls.requests.send_payment', 'faults.calls.requests.send_refund', 'requests.again'],
    clouds: ['aws'],
    plant: within('requests', (real) => ({
      send: (connection, request, key) => real.send(connection, request, `${key}-${anotherNumber()}`),
    })),
  },
  {
    bug: 'a new call has no row in the table of mishaps',
    caught_by: ['faults.calls.known'],
    clouds: ['aws'],
    plant: within('offers', (real) => ({ ...real, prolong: real.expire })),
  },
  {
    bug: 'a new call inside a part of a facet has no row in the table of mishaps',
    caught_by: ['faults.calls.known'],
    clouds: ['aws'],
    plant: within('offers', (real) => ({
      ...(real.sets === undefined ? {} : { sets: { ...real.sets, withdraw: real.sets.release } }),
    })),
  },
  {
    bug: 'an offer set has a token of its own with each attempt',
    caught_by: ['faults.calls.offers.sets.create', 'faults.calls.offers.sets.release'],
    clouds: ['aws'],
    plant: within('offers', ({ sets }) => {
      if (sets === undefined) return {}
      const fresh = (key: string) => `${key}-${anotherNumber()}`
      return {
        sets: {
          ...sets,
          create: (connection, draft, key) => sets.create(connection, draft, fresh(key)),
          release: (connection, set, key) => sets.release(connection, set, fresh(key)),
        },
      }
    }),
  },
  {
    bug: 'a failure on the way is told as a refusal for good',
    caught_by: ['faults.calls.listings.read', 'faults.calls.settlements.pull'],
    clouds: ['aws'],
    plant: (connector) => {
      const wrong = (): never => {
        throw new Fault('invalid', 'It is refused')
      }
      const listings = within('listings', (real) => ({
        read: (...given) => real.read(...given).catch(wrong),
      }))(connector)
      return within('settlements', (real) => ({ pull: (...given) => real.pull(...given).catch(wrong) }))(
        listings,
      )
    },
  },
]
