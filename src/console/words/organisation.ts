import type { Schemas } from '../../client/index.ts'
import { many } from './common.ts'
import { titles } from './titles.ts'

/** The acts that may need two people, in words. */
export const acts: Readonly<Record<Schemas['Approval']['act'], { title: string; help: string }>> = {
  'connections.change_credentials': {
    title: "Change a connection's credentials",
    help: 'Both need “connections.manage”: owners and admins.',
  },
  'partner_statements.close': {
    title: "Close a partner's month, which says what it is paid",
    help: 'Both need “payouts.manage”: owners and finance.',
  },
  'ledger.reopen': {
    title: 'Reopen a closed month',
    help: 'Both need “ledger.manage”: owners and finance.',
  },
  'agreements.refund': {
    title: "Give a buyer's money back",
    help: 'Both need “refunds.manage”: owners and finance.',
  },
  'organisation.ask_fewer': {
    title: 'Let acts be done by one person again',
    help: 'Always needs two owners.',
  },
}

export const organisation = {
  title: titles.organisation,
  lead: 'What it is called, and which acts need two people.',
  details: 'Name',
  name: 'Name',
  nameHelp: 'Members and partners see it.',
  nameShort: 'Give it a name.',
  kind: 'Kind',
  kinds: { vendor: 'Vendor', reseller: 'Reseller' },
  id: 'Id',
  made: 'Made',
  save: 'Save the name',
  saved: 'The name is saved.',
  onlyOwners: 'Only owners change this (organisation.manage).',
  two: {
    title: 'Two-person acts',
    help: 'An act that is chosen here is not done when one person asks for it. It waits under Approvals until another person agrees, seven days at most.',
    always: 'Always needs two people:',
    save: 'Save',
    saved: 'Saved.',
  },
}

export const installation = {
  organisations: {
    title: titles.organisations,
    lead: 'Every vendor and reseller on this installation. You run it: this is shown to nobody else.',
    make: 'New organisation',
    columns: { name: 'Name', kind: 'Kind', id: 'Id', two: 'Two-person acts', made: 'Made' },
    form: {
      title: 'New organisation',
      name: 'Name',
      nameShort: 'Give it a name.',
      kind: 'Kind',
      kinds: {
        vendor: 'Vendor: makes software and sells it',
        reseller: 'Reseller: sells what vendors open to it',
      },
      email: "First owner's e-mail address",
      emailHelp: 'They are invited, and invite everybody else.',
      emailWrong: 'Write an address such as ada@example.com.',
      send: 'Make it',
    },
    here: 'You work here now',
    acts: (count: number) => (count === 0 ? 'None' : many(count, 'act')),
    made: (name: string) => `${name} is made.`,
    sent: 'The invitation of its first owner was sent by mail.',
    link: 'The link for its first owner',
    linkHelp:
      'No mail is set up, so bring this link to its first owner yourself. Whoever opens it owns the organisation.',
    again: 'Make another one',
  },
  people: {
    title: titles.people,
    lead: 'Everybody with an account on this installation. You run it: this is shown to nobody else.',
    emptyTitle: 'Nobody',
    emptyHelp: 'Nobody has an account.',
    columns: {
      name: 'Name',
      email: 'E-mail',
      operator: 'Runs the installation',
      since: 'Since',
      erased: 'Forgotten',
      actions: 'Actions',
    },
    filters: {
      email: 'Whole e-mail address',
      standing: 'Who',
      here: 'Who has an account',
      erased: 'Who was forgotten',
    },
    own: 'My account',
    export: 'Their data',
    file: (id: string) => `${id}.json`,
    gone: 'A person who was forgotten',
    erase: {
      label: 'Forget',
      title: (name: string) => `Forget ${name}?`,
      help: 'Their name and address, ways to sign in, sessions and seats are gone, and what audit records said of them. Books and the chains of audit records stand. It cannot be undone.',
      typed: (email: string) => `Type ${email} to go on`,
      verb: 'Forget this person',
      done: 'They are forgotten.',
    },
  },
}
