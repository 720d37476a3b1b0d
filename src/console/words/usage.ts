import { many } from './common.ts'
import { titles } from './titles.ts'

const HOUR = 60
const DAY = 24 * HOUR

export const usage = {
  title: titles.usage,
  lead: 'What your events say was used, hour by hour, and what each cloud took of it in time.',
  days: { from: 'From', until: 'Until' },
  toRecords: 'What was reported',
  toMeters: 'All meters in total',
  risk: {
    title: 'At risk',
    help: 'Counted, and not accepted by its cloud yet. What becomes unbillable soonest stands first.',
    none: 'Nothing is at risk',
    noneHelp: 'Everything that was counted was accepted by its cloud, or is carried into the next hour.',
    left: (minutes: number) =>
      minutes >= 2 * DAY
        ? many(Math.floor(minutes / DAY), 'day')
        : minutes >= HOUR
          ? `${Math.floor(minutes / HOUR)} h ${minutes % HOUR} min`
          : `${minutes} min`,
    columns: {
      left: 'Time left',
      quantity: 'Quantity',
      money: 'Money at risk',
      why: 'What the cloud said',
    },
  },
  course: {
    title: 'Over time',
    meter: 'Meter',
    month: 'Month',
    day: 'One day of it',
    chart: (meter: string, of: string) => `Usage of ${meter}, ${of}`,
    x: { hour: 'Hour (UTC)', day: 'Day (UTC)' },
    used: 'Used',
    accepted: 'Accepted',
    lost: 'Lost',
    none: 'No usage has been reported yet',
    noneHelp: 'Send events to POST /v1/usage with a key that may send usage, and they are counted here.',
    toKeys: 'Make a key',
    docs: 'How events are sent',
  },
  hours: {
    title: 'Hours',
    emptyTitle: 'No hours yet',
    emptyHelp: 'An hour is here as soon as its first event is counted.',
    lost: 'Lost',
    onlyLost: 'Only with losses',
    columns: {
      hour: 'Hour',
      meter: 'Meter',
      buyer: 'Buyer',
      dimension: 'Dimension',
      state: 'State',
      used: 'Used',
      sent: 'Sent',
      carried: 'Carried on',
      accepted: 'Accepted',
      refused: 'Refused',
      lost: 'Lost',
      deadline: 'Deadline',
      risk: 'Money at risk',
    },
    agreement: 'Agreement',
  },
  hour: {
    title: (buyer: string, dimension: string) => `${buyer}: ${dimension}`,
    missing: 'There is no usage in this hour',
    missingHelp: 'The hour may belong to another organisation, or no event has been counted in it.',
    movements: 'Where every unit went',
    equation: 'Carried in and used together are always drawn, sent, carried on and lost together.',
    agreement: 'Open the agreement',
    events: 'Events counted',
    carriedIn: 'Carried in',
    drawn: 'Drawn from what was bought ahead',
    late: 'Arrived late',
    closed: 'Closed',
    records: 'Records of this hour',
    recordsEmpty: 'Nothing was reported for this hour yet',
    recordsEmptyHelp:
      'An hour is closed ten minutes after its end. Its whole part then becomes a record, and a fraction is carried on.',
  },
  records: {
    title: 'What was reported',
    lead: 'Each report of one hour to its cloud, and what the cloud answered.',
    emptyTitle: 'Nothing was reported yet',
    emptyHelp: 'A record is made when an hour is closed. Send usage events first.',
    columns: {
      created: 'Made',
      hour: 'Hour told',
      source: 'Comes from',
      quantity: 'Quantity',
      state: 'State',
      attempts: 'Sent',
      deadline: 'Deadline',
      reason: "The cloud's answer",
      operation: 'Request',
      settled: 'Answered',
    },
    open: 'Open',
    times: (count: number) => many(count, 'time'),
  },
  meters: {
    title: 'Meters',
    lead: 'Each agreement and dimension in total, recomputed just now from its hours and records.',
    emptyTitle: 'No meters yet',
    emptyHelp: 'A meter is here as soon as the first event of an agreement is counted.',
    columns: {
      used: 'Used',
      drawn: 'Drawn',
      sent: 'Sent',
      carried: 'Carried',
      lost: 'Lost',
      accepted: 'Accepted',
      pending: 'Waits',
      cloud: "Cloud's count",
      difference: 'Difference',
      balanced: 'Adds up',
    },
  },
}
