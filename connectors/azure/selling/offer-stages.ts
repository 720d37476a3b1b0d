/** The stages of a private offer's changes: what runs, what comes next, and what was reached. */
import { dateOf, type LocalDate } from '../../../src/core/time.ts'
import type { Change, Connection } from '../../connector.ts'
import type { Azure } from '../clients.ts'
import { isFaultOf, missing } from '../faults.ts'
import { readJob } from '../wire/jobs.ts'
import { readStage, type Stage, type StageOf, writeStage } from '../wire/stages.ts'
import { continueFrom, failed } from './draft-offer.ts'
import { problem } from './prices.ts'
import { findByMarker, makeLive, type PrivateOffer, readPrivateOffer, withdraw } from './private-offers.ts'

type As = StageOf<'offer_live'>['as']

/** Asks how far a change came, and begins its next stage when one is done. Asked twice, it does nothing twice. */
export async function checkOfferStage(
  azure: Azure,
  connection: Connection,
  reference: string,
): Promise<Change> {
  const stage = readStage(reference)
  if (!('as' in stage)) throw missing('GetConfigureStatus', 'stage of an offer', reference)
  const { state, problems, evidence } = await readJob(azure, connection, stage.job)
  if (state === 'running') return { status: 'accepted', reference, evidence }
  if (stage.stage === 'offer_draft')
    return afterDraft(azure, connection, stage, state, { problems, evidence, reference })
  if (state === 'failed') {
    const reached = await reachedAnyway(azure, connection, stage)
    return reached ?? { status: 'failed', reference, problems, evidence }
  }
  if (stage.stage === 'offer_withdraw' && stage.accept_by !== null)
    return republish(azure, connection, stage.id, stage.accept_by, stage.as)
  return { status: 'succeeded', reference, target: { [stage.as]: stage.id }, evidence }
}

type Ended = Pick<Extract<Change, { status: 'failed' }>, 'problems' | 'evidence'> & { reference: string }

async function afterDraft(
  azure: Azure,
  connection: Connection,
  stage: StageOf<'offer_draft'>,
  state: 'succeeded' | 'failed',
  ended: Ended,
): Promise<Change> {
  const known = await findByMarker(azure, connection, stage.marker)
  if (known.length > 0) return continueFrom(azure, connection, known, stage)
  if (state === 'failed') return { status: 'failed', ...ended }
  // The job is done and the list does not show its offer yet.
  return { status: 'accepted', reference: ended.reference, evidence: ended.evidence }
}

/** A job fails when an earlier one, whose answer was lost, did the same before it. */
async function reachedAnyway(
  azure: Azure,
  connection: Connection,
  stage: Extract<Stage, { as: As; id: string }>,
): Promise<Change | undefined> {
  const { offer, body } = await readPrivateOffer(azure, connection, stage.id)
  const evidence = azure.evidence({ offer_id: stage.id }, body)
  if (stage.stage === 'offer_live')
    return offer.state === 'live' && isSubmitted(offer)
      ? { status: 'succeeded', target: { [stage.as]: stage.id }, evidence }
      : undefined
  if (offer.state !== 'draft' && offer.state !== 'withdrawn') return undefined
  return stage.accept_by === null
    ? { status: 'succeeded', target: { [stage.as]: stage.id }, evidence }
    : republish(azure, connection, stage.id, stage.accept_by, stage.as)
}

/** A partner's part is written when the offer no longer waits for it. */
function isSubmitted(offer: PrivateOffer): boolean {
  return (
    offer.privateOfferType !== 'multipartyPromotionChannelPartner' ||
    offer.subState !== 'pendingPartnerAction'
  )
}

/** Moves the last day of acceptance. Azure changes no live offer: it is withdrawn, and made live again with the new day. */
export async function expireOffer(
  azure: Azure,
  connection: Connection,
  offer_id: string,
  expires_on: LocalDate,
  as: As,
): Promise<Change> {
  const past = expires_on < dateOf(azure.parts.clocks.business.now())
  return takeBack(azure, connection, offer_id, past ? null : expires_on, as)
}

export async function takeBack(
  azure: Azure,
  connection: Connection,
  offer_id: string,
  accept_by: LocalDate | null,
  as: As,
): Promise<Change> {
  const found = await readOrNothing(azure, connection, offer_id)
  if (found === undefined)
    return failed([problem('NO_OFFER', as, `This account has no private offer ${offer_id} any more.`)])
  const { offer, body } = found
  const evidence = azure.evidence({ offer_id }, body)
  const reached: Change = { status: 'succeeded', target: { [as]: offer.id }, evidence }
  if (offer.subState === 'accepted')
    return failed(
      [
        problem(
          'ACCEPTED',
          as,
          'The customer accepted it. Only Microsoft can cancel it then: open a support ticket in Partner Center.',
        ),
      ],
      evidence,
    )
  if (offer.state !== 'live') {
    if (accept_by === null) return reached
    return republish(azure, connection, offer.id, accept_by, as)
  }
  if (accept_by !== null && offer.acceptBy === accept_by) return reached
  const started = await withdraw(azure, connection, offer)
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: 'offer_withdraw', job: started.job, id: offer.id, accept_by, as })
  return { status: 'accepted', reference, evidence: started.evidence }
}

async function readOrNothing(azure: Azure, connection: Connection, offer_id: string) {
  try {
    return await readPrivateOffer(azure, connection, offer_id)
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}

async function republish(
  azure: Azure,
  connection: Connection,
  id: string,
  accept_by: LocalDate,
  as: As,
): Promise<Change> {
  const { offer, body } = await readPrivateOffer(azure, connection, id)
  if (offer.state === 'live' && offer.acceptBy === accept_by)
    return { status: 'succeeded', target: { [as]: id }, evidence: azure.evidence({ offer_id: id }, body) }
  const started = await makeLive(azure, connection, offer, { acceptBy: accept_by })
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: 'offer_live', job: started.job, id, as })
  return { status: 'accepted', reference, evidence: started.evidence }
}
