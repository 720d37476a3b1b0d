import { opaque, type World } from '../world.ts'
import { delays, emit } from './events.ts'

/** Tells a seller that nothing is paid out because its bank did not take the money. */
export function emitDisbursementPaused(world: World, account_id: string): void {
  emit(world, account_id, {
    source: 'aws.marketplace',
    type: 'Disbursement Paused',
    resources: [`arn:aws:payments:us-east-1:${account_id}:paymentinstrument:${opaque(world, 20)}`],
    delay: delays.catalog,
    detail: { catalog: 'AWSMarketplace' },
  })
}
