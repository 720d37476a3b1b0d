import { titles } from './titles.ts'
export const inbox = {
  title: titles.inbox,
  lead: 'What the clouds told this service. A message is a hint: what counts is read back from the cloud.',
  emptyTitle: 'No cloud has sent a message yet',
  emptyHelp: 'Each connection has an address for messages. Give it to the cloud, and they arrive here.',
  toConnections: 'See the addresses',
  find: 'Type or id',
  from: 'Received from',
  until: 'Received before',
  columns: {
    type: 'Message',
    state: 'State',
    connection: 'Connection',
    about: 'What became of it',
    received: 'Received',
    processed: 'Followed',
  },
  /** Where the cloud gave a message no name of its own. */
  types: { unverified: 'Unverified message', unknown: 'Unknown message' } as Readonly<Record<string, string>>,
  hints: {
    agreement_changed: 'An agreement changed',
    change_wished: 'A buyer wants another plan',
    offer_changed: 'An offer changed',
    change_finished: 'A change ended',
    disbursement_paused: 'Pay-outs are paused',
    nothing: 'Nothing to do',
  } as Readonly<Record<string, string>>,
  one: {
    missing: 'The message',
    id: "The cloud's id of it",
    notYet: 'Not yet',
    hints: 'What became of it',
    hintsHelp: 'What the message says was looked up at the cloud; only what stands there was taken over.',
    none: 'Nothing.',
    find: {
      agreement_changed: 'Find the agreement',
      change_wished: 'Find the agreement',
      offer_changed: 'Find the offer',
      change_finished: 'Find the operation',
    } as Readonly<Record<string, string>>,
    words: 'What it said',
    kept: 'What proves a message, and what would open something else, is kept back.',
    refused: 'This message was refused',
    refusedHelp:
      'It is kept as evidence. What it said is not shown and was not followed: nobody knows who wrote it.',
    headers: 'How it came',
  },
}
