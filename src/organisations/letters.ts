import type { Role } from '../access/index.ts'
import { type Letter, oneLine } from '../mail/index.ts'

/** An invitation with its link, which is good for whoever holds it. */
export function invitationLetter(told: {
  to: string
  organisation: string
  roles: readonly Role[]
  link: string
  expires_at: Date
}): Letter {
  const organisation = oneLine(told.organisation)
  return {
    to: told.to,
    subject: `An invitation to ${organisation}`,
    text: [
      `You are invited to the organisation "${organisation}" on Syndic, as ${told.roles.join(' and ')}.`,
      '',
      'To join, open this link. It works once, for whoever opens it, so keep it to yourself:',
      told.link,
      '',
      `It ends on ${told.expires_at.toISOString().slice(0, 10)}. If you did not expect it, do nothing.`,
      '',
    ].join('\n'),
  }
}

/** What a person's seat has become; without roles it is gone. */
export function rolesLetter(told: { to: string; organisation: string; roles: readonly Role[] }): Letter {
  const organisation = oneLine(told.organisation)
  const gone = told.roles.length === 0
  return {
    to: told.to,
    subject: gone ? `Your seat in ${organisation} is gone` : `Your roles in ${organisation} have changed`,
    text: [
      gone
        ? `You have no seat in the organisation "${organisation}" on Syndic any more.`
        : `In the organisation "${organisation}" on Syndic you are now ${told.roles.join(' and ')}.`,
      'You were signed out everywhere.',
      '',
    ].join('\n'),
  }
}
