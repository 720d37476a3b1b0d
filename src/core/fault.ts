/** Everything that can go wrong between us and a cloud. Expected refusals are values, not faults. */
export const faultCodes = [
  'throttled',
  'unavailable',
  'timeout',
  'connection_lost',
  'unreadable_reply',
  'unauthorised',
  'forbidden',
  'not_found',
  'invalid',
  'conflict',
  'locked',
  'quota_exceeded',
] as const

export type FaultCode = (typeof faultCodes)[number]

/** A failure of the world. Carries the cloud's own words and whatever it answered. */
export class Fault extends Error {
  readonly code: FaultCode
  /** The cloud's own error code, such as "TimestampOutOfBoundsException". */
  readonly cloudCode: string | undefined
  readonly retryAfterMs: number | undefined
  readonly evidence: unknown

  constructor(
    code: FaultCode,
    message: string,
    more: {
      cloudCode?: string | undefined
      retryAfterMs?: number | undefined
      evidence?: unknown
      cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'Fault'
    this.code = code
    this.cloudCode = more.cloudCode
    this.retryAfterMs = more.retryAfterMs
    this.evidence = more.evidence
  }
}

/** What may be done after a fault: asked once here, so that no caller judges by itself. */
export type Judgement = {
  /** May the same request be sent again later? */
  retry: boolean
  /** Did the cloud certainly not act, or is that unknown? */
  outcome: 'none' | 'unknown'
}

export function judge(code: FaultCode): Judgement {
  switch (code) {
    case 'throttled':
    case 'locked':
    case 'quota_exceeded':
    case 'unauthorised':
      return { retry: true, outcome: 'none' }
    case 'unavailable':
    case 'timeout':
    case 'connection_lost':
    case 'unreadable_reply':
      return { retry: true, outcome: 'unknown' }
    case 'forbidden':
    case 'not_found':
    case 'invalid':
    case 'conflict':
      return { retry: false, outcome: 'none' }
  }
}

/**
 * The cloud did nothing and says to come back: something else holds the thing, or too much was asked in too short a time.
 * However long it lasts, there is nothing for a person to find out.
 */
export const notYetCodes = ['locked', 'throttled', 'quota_exceeded'] as const satisfies readonly FaultCode[]

export function isNotYet(code: FaultCode): boolean {
  return notYetCodes.some((one) => one === code)
}

/** Waiting time before attempt n + 1: doubling from two seconds to a quarter of an hour. */
export function retryDelayMs(attempts: number, askedMs?: number): number {
  const doubling = Math.min(2000 * 2 ** Math.min(attempts, 10), 15 * 60 * 1000)
  return Math.max(doubling, askedMs ?? 0)
}
