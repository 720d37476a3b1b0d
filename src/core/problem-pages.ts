import type { ProblemCode } from './problem.ts'

/** What a problem's page says: when it comes up, and what to do about it. */
export type ProblemPage = { when: string; what_to_do: string }

/** The page of each kind of refusal, at the address its `type` names. */
export const problemPages: Readonly<Record<ProblemCode, ProblemPage>> = {
  'invalid-input': {
    when: 'The request was understood, and at least one of its fields breaks a rule.',
    what_to_do:
      '"errors" lists every field that is wrong with its rule and how to mend it. Correct them all and send the request again; the same Idempotency-Key may be used.',
  },
  'malformed-request': {
    when: 'The body is not what its Content-Type says, such as JSON that ends too early.',
    what_to_do: 'Correct the text of the body. Sending it again unchanged fails again.',
  },
  unauthenticated: {
    when: 'The request carries neither a key nor a session that is still good: it is missing, unknown, revoked or expired.',
    what_to_do: 'Sign in again, or send a good key as "Authorization: Bearer KEY".',
  },
  forbidden: {
    when: 'The caller is known, and its roles or the scopes of its key do not allow this.',
    what_to_do:
      '"detail" names the permission that is missing and the roles that have it. Ask somebody with such a role, or make a key with that scope.',
  },
  'foreign-origin': {
    when: 'A signed-in browser tried to change something from a page that is not one of this service.',
    what_to_do:
      'Use the pages of this service. If it stands behind a proxy, SYNDIC_PUBLIC_URL has to be the address that browsers see. Programs use an API key, for which this rule does not hold.',
  },
  'too-many-requests': {
    when: 'More requests came from this key, session or address within a minute than are allowed, or too many sign-ins failed.',
    what_to_do:
      'Wait as many seconds as "Retry-After" says. "RateLimit-Policy" names what is allowed a minute and "RateLimit" what is left; send usage in batches. Whoever runs the installation can raise the limits.',
  },
  'not-found': {
    when: 'The address, the id or the organisation is not there, or belongs to somebody else: the two answers are the same.',
    what_to_do:
      'Look the id up in its list, and see that the request is for the right organisation (Syndic-Organisation).',
  },
  'method-not-allowed': {
    when: 'The address exists and does not take this method.',
    what_to_do: 'The header "Allow" says which methods it takes.',
  },
  conflict: {
    when: 'The request contradicts what stands, such as a second connection to one account.',
    what_to_do: '"detail" says what stands in the way. Read the thing again before you decide what to do.',
  },
  'idempotency-conflict': {
    when: 'This Idempotency-Key was used for a request with another address or another body.',
    what_to_do: 'Use a new key for a new request, and the same key only to repeat the very same one.',
  },
  'idempotency-in-flight': {
    when: 'The first request with this Idempotency-Key has not ended yet.',
    what_to_do:
      'Send the same request again after "Retry-After": it answers what the first one did, and does nothing twice.',
  },
  'idempotency-required': {
    when: 'The request reaches a cloud or moves money, and has no Idempotency-Key.',
    what_to_do: 'Send a key of your own making, and the same one whenever you repeat the request.',
  },
  'too-large': {
    when: 'The body is larger than this address takes.',
    what_to_do: 'Send less at once: "detail" names the limit.',
  },
  'unsupported-media-type': {
    when: 'The body is of a type that this address does not take.',
    what_to_do: 'Set Content-Type to one that the documentation page names.',
  },
  forged: {
    when: "A message to a cloud's address was not signed by that cloud, was too old, or was for another account.",
    what_to_do:
      'Nothing, if you did not send it: it was kept as evidence and believed in nothing. If it was real, see in the inbox why it was refused.',
  },
  'schema-behind': {
    when: 'The database is older than the program.',
    what_to_do: 'Whoever runs the installation runs "npm run migrate"; then send the request again.',
  },
  misconfigured: {
    when: 'A setting or secret of the installation is missing or wrong, so nothing can be served.',
    what_to_do: 'Whoever runs the installation finds the reason in its log.',
  },
  'cloud-unavailable': {
    when: 'A cloud had to be asked at once, and did not answer.',
    what_to_do: 'Try again in a minute. Nothing was changed.',
  },
  'provider-unavailable': {
    when: 'The sign-in provider of this installation did not answer, or answered what cannot be believed.',
    what_to_do:
      'Try again in a minute, or sign in with a password. Whoever runs the installation finds the reason in its log.',
  },
  internal: {
    when: 'Something broke on our side. It is logged with the id in the header "Syndic-Request-Id".',
    what_to_do: 'Try again later with the same Idempotency-Key; if it stays, report it with that id.',
  },
}
