import { Fault, type FaultCode } from '../../../src/core/fault.ts'
import { type Planted, within } from './plant.ts'

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
]
