// A bad day for reads: each way to fail is told as what it is, and the next time it works.
import type { FaultCode } from '../../../src/core/fault.ts'
import { claim, equal, faultOf } from '../claims.ts'
import type { Scenario } from '../scenario.ts'
import { pulled } from './agreements.ts'

const failures: readonly (readonly [fault: string, code: FaultCode, what: string])[] = [
  ['drop_request', 'connection_lost', 'A request that was lost is a lost connection'],
  ['drop_answer', 'connection_lost', 'An answer that was lost is a lost connection'],
  ['throttle', 'throttled', 'A cloud that is asked too often says so'],
  ['error_500', 'unavailable', 'A failure of the cloud is its own'],
  ['error_503', 'unavailable', 'A cloud that is not there for now says so'],
  ['expired_token', 'unauthorised', 'A proof of ours that ran out is told, and the next call has a new one'],
  ['truncated_json', 'unreadable_reply', 'An answer that breaks off is no answer'],
]

export const faultReadScenarios: Scenario[] = failures.map(([fault, code, title]) => ({
  id: `faults.read.${fault}`,
  title,
  needs: ['agreements'],
  async run(market) {
    // The way to a token is gone before: the fault is meant for the read.
    await pulled(market, null)
    const { service, operation } = market.reads
    await market.control('/faults', { cloud: market.cloud, service, operation, fault })
    const found = await faultOf(() => pulled(market, null), [code])
    claim(found.message.length > 10, `The fault says what happened: ${found.message}`)
    const secrets = Object.values(market.vendor.credentials)
    claim(
      !secrets.some((secret) => JSON.stringify([found.message, found.evidence]).includes(secret)),
      'No secret',
    )
    if (code === 'throttled')
      equal(found.retryAfterMs ?? null, market.expected.retry_after_ms, 'How long to wait')
    equal((await pulled(market, null)).items, [], 'What is pulled the next time')
    equal(market.calls.filter(({ outcome }) => outcome === code).length, 1, 'How often it was tried')
  },
}))
