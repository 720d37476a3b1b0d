import { many } from './common.ts'
import { titles } from './titles.ts'

export const members = {
  title: titles.members,
  lead: 'Who sits in this organisation, and what each may do. Roles add up.',
  toInvitations: 'Invitations',
  columns: { name: 'Name', email: 'E-mail', roles: 'Roles', since: 'Since', actions: 'Actions' },
  gone: 'Somebody who was forgotten',
  beyond: 'Holds more than you',
  emptyTitle: 'Nobody sits here yet',
  emptyHelp: 'Invite its first owner, who then invites everybody else.',
  roles: {
    owner: 'Owner',
    admin: 'Admin',
    offers: 'Offers',
    finance: 'Finance',
    engineer: 'Engineer',
    auditor: 'Auditor',
  },
  table: {
    title: 'What each role may do',
    help: 'A member with several roles may do what any of them allows.',
    permission: 'Permission',
    show: 'Show every permission',
    hide: 'Hide the permissions',
  },
  invite: {
    label: 'Invite somebody',
    title: 'Invite somebody',
    email: 'E-mail address',
    emailWrong: 'Write an address such as ada@example.com.',
    roles: 'Roles',
    rolesShort: 'Choose at least one role.',
    beyond: 'More than you may do yourself',
    help: 'The invitation is good for seven days and for one person.',
    send: 'Invite',
    sent: (email: string) => `The invitation to ${email} was sent by mail.`,
    link: 'The link of the invitation',
    linkHelp: (email: string) =>
      `No mail is set up, so bring this link to ${email} yourself. Whoever opens it gets the seat.`,
    again: 'Invite somebody else',
  },
  change: {
    label: 'Change roles',
    title: (name: string) => `Roles of ${name}`,
    help: 'They are signed out everywhere at once, and sign in again with their new roles.',
    helpOwn:
      'This is your own seat. You are signed out everywhere at once, and sign in again with your new roles.',
    save: 'Save the roles',
    done: 'The roles are changed.',
  },
  remove: {
    label: 'Take the seat away',
    labelOwn: 'Give my seat up',
    title: (name: string) => `Take the seat of ${name} away?`,
    titleOwn: 'Give your own seat up?',
    helpOwn:
      'You are signed out at once, and the invitations you sent are revoked. Only another invitation brings you back here. Your account stays, and so do the keys you made.',
    help: 'They are signed out at once, and the invitations they sent are revoked. Their account stays, and so do the keys they made.',
    verb: 'Take it away',
    verbOwn: 'Give it up',
    done: 'The seat is gone.',
  },
  keys: {
    title: (count: number) => `${many(count, 'key')} of theirs may do more than they may now`,
    help: 'Keys belong to the organisation and go on working, so that usage does not stop when somebody leaves. Revoke those that should not.',
    open: 'Look at the keys',
  },
}

export const invitations = {
  title: 'Invitations',
  lead: 'Who was invited, and what became of it. An address is forgotten once its invitation is used, revoked or over.',
  emptyTitle: 'Nobody was invited yet',
  emptyHelp: 'Invite the people you work with; each gets only what their roles allow.',
  columns: {
    email: 'Invited',
    roles: 'Roles',
    state: 'State',
    by: 'Invited by',
    made: 'Sent',
    until: 'Good until',
    actions: 'Actions',
  },
  forgotten: 'Forgotten',
  left: 'Is no member any more',
  again: {
    label: 'Send again',
    title: (email: string) => `Send the invitation to ${email} again?`,
    help: 'It gets a new link that is good for seven days from now. The link before opens nothing any more.',
    verb: 'Send it again',
  },
  revoke: {
    label: 'Revoke',
    title: (email: string) => `Revoke the invitation of ${email}?`,
    help: 'Its link lets nobody in any more.',
    verb: 'Revoke it',
    done: 'The invitation is revoked.',
  },
}
