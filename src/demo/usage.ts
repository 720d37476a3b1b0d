// Ten hours of usage, the same on every cloud.
import { type Client, unwrap } from '../client/index.ts'
import { SENT_TWICE, USAGE_FROM, USAGE_HOURS, type UsageEvent, usageEvents } from './scenario.ts'
import { HOUR, MINUTE, type Seats, type Sold, type Teller } from './teller.ts'

export async function use(teller: Teller, { vendor }: Seats, deals: readonly Sold[]): Promise<void> {
  teller.report(`${USAGE_HOURS} hours of usage: some events twice, some late, most of them fractional.`)
  const events = usageEvents()
  const from = Date.parse(USAGE_FROM)
  for (let hour = 0; hour < USAGE_HOURS + 4; hour += 1) {
    await teller.move(new Date(from + (hour + 1) * HOUR - MINUTE))
    const now = events.filter((event) => event.sent_in_hour === hour)
    const sent = [...now, ...now.filter(SENT_TWICE)]
    for (const { direct_agreement, resold_agreement } of deals) {
      for (const agreement of [direct_agreement, resold_agreement]) await sendUsage(vendor, agreement, sent)
    }
    // A quarter of an hour later the hour is closed and reported.
    await teller.move(new Date(from + (hour + 1) * HOUR + 15 * MINUTE))
  }
}

async function sendUsage(client: Client, agreement: string, events: UsageEvent[]): Promise<void> {
  if (events.length === 0) return
  const body = {
    events: events.map((event) => ({
      id: `${agreement}-${event.id}`,
      source: 'warehouse',
      time: event.at,
      subject: agreement,
      type: 'scans',
      data: { quantity: event.quantity },
    })),
  }
  const answer = unwrap(await client.POST('/v1/usage', { body }))
  const bad = ('events' in answer ? answer.events : [answer]).filter(
    (result) => result.status !== 'accepted' && result.status !== 'replayed',
  )
  if (bad.length > 0) throw new Error(`Usage was not taken: ${JSON.stringify(bad)}`)
}
