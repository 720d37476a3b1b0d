/** Tokens that come from outside: signed by Google with RS256, for us, in time. Anything else is refused with a reason. */
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { SECOND_MS } from '../../../src/core/time.ts'
import type { Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import type { KeyDocument, Keys } from './keys.ts'

const TOKEN_CHARACTERS_MAX = 16_384
/** Clocks differ. */
const TOLERANCE_SECONDS = 30

export type TokenRules = {
  document: KeyDocument
  issuers: readonly string[]
  audience: string
  /** The longest time from issue to expiry. */
  life_ms: number
}
export type ReadToken = { ok: true; claims: Record<string, unknown> } | { ok: false; reason: string }

export async function readToken(
  gcp: Gcp,
  keys: Keys,
  connection: Connection,
  token: string,
  rules: TokenRules,
): Promise<ReadToken> {
  if (token.length > TOKEN_CHARACTERS_MAX) return refuse('The token is too long')
  let kid: unknown
  try {
    const header = decodeProtectedHeader(token)
    // The algorithm is ours to choose. A key that the token brings along is never looked at.
    if (header.alg !== 'RS256') return refuse('The token is not signed with RS256')
    if (header.crit !== undefined) return refuse('The token asks for extensions')
    kid = header.kid
  } catch {
    return refuse('The token cannot be read')
  }
  if (typeof kid !== 'string' || kid === '') return refuse('The token names no key')
  const key = await keys(connection, rules.document, kid)
  if (key === undefined) return refuse("The token is signed with a key that is not Google's")
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer: [...rules.issuers],
      audience: rules.audience,
      requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: gcp.parts.clocks.wall.now(),
    })
    return checkTimes(payload, rules, gcp.parts.clocks.wall.now())
  } catch (error) {
    if (error instanceof errors.JOSEError) return refuse(wordsOf(error))
    throw error
  }
}

function checkTimes(
  payload: { iat?: number; exp?: number; sub?: string },
  { life_ms }: TokenRules,
  now: Date,
): ReadToken {
  const { iat = 0, exp = 0, sub = '' } = payload
  if ((exp - iat) * SECOND_MS > life_ms) return refuse("The token is good for longer than Google's are")
  if (iat * SECOND_MS > now.getTime() + TOLERANCE_SECONDS * SECOND_MS) {
    return refuse('The token is dated in the future')
  }
  if (sub === '') return refuse('The token names nobody')
  return { ok: true, claims: { ...payload } }
}

function refuse(reason: string): ReadToken {
  return { ok: false, reason }
}

function wordsOf(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The token's "${error.claim}" is not the right one`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature does not fit the token'
  return 'The token cannot be read'
}
