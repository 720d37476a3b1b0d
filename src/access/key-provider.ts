// Where the keys of the installation come from: as they stand in the environment, or wrapped there by a key service and
// unwrapped at the start. What was unwrapped is held in memory for a while and asked for again, always between requests:
// sealing and opening never call out, for they happen inside transactions.
import type { Log, Sealer } from '../context.ts'
import type { KeyService } from '../core/key-service.ts'
import { Refusal } from '../core/problem.ts'
import type { Random } from '../core/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'
import { fromBase64, makeSealer, type SealingKeys, toBase64 } from './seal.ts'

const KEY_BYTES = 32
/** What a wrapped key begins with where a plain one is hexadecimal. */
const WRAPPED = 'kms:'
/** Unwrapped keys are asked for again when they are this old, */
export const KEYS_FRESH_MS = 15 * MINUTE_MS
/** and forgotten at this age when the key service has not answered since. */
export const KEYS_HELD_MS = HOUR_MS
/** How long after a try the next one is made. */
const TRY_EVERY_MS = 30 * SECOND_MS

/** The keys as they are kept, each of them plain or wrapped, and how wrapped ones are opened. */
export type KeyProvider = { kept: SealingKeys; service: KeyService | undefined }

/** Makes a key as it is to be kept: wrapped where there is a key service. */
export async function makeKeptKey(random: Random, service: KeyService | undefined): Promise<string> {
  const key = random.bytes(KEY_BYTES)
  return service === undefined ? toHex(key) : `${WRAPPED}${toBase64(await service.wrap(key))}`
}

async function openKey(kept: string, service: KeyService | undefined): Promise<string> {
  if (!kept.startsWith(WRAPPED)) return kept
  if (service === undefined) {
    throw new Refusal(
      'misconfigured',
      'A secret key is wrapped by KMS, and SYNDIC_KMS_KEY does not say by which.',
    )
  }
  const key = await service.unwrap(fromBase64(kept.slice(WRAPPED.length)))
  if (key.length !== KEY_BYTES) throw new Refusal('misconfigured', 'What KMS unwrapped is no secret key.')
  return toHex(key)
}

/** Opens the keys, in their order. Throws Fault when the key service does not answer. */
export async function openKeys({ kept, service }: KeyProvider): Promise<SealingKeys> {
  const current = await openKey(kept.current, service)
  const previous: string[] = []
  for (const one of kept.previous) previous.push(await openKey(one, service))
  return { current, previous }
}

export type HeldSealer = {
  seal: Sealer
  /** Asks for the keys again when that is due. It never throws: what is held goes on until it is too old. */
  refresh(): Promise<void>
}

/** A sealer whose unwrapped keys are held for a bounded time. `now`: wall time. */
export async function holdSealer(
  provider: KeyProvider,
  { random, now, log }: { random: Random; now: () => Date; log: Log },
): Promise<HeldSealer> {
  let sealer: Sealer | undefined = await makeSealer(await openKeys(provider), random)
  const { kept } = provider
  const wrapped = [kept.current, ...kept.previous].some((key) => key.startsWith(WRAPPED))
  let opened_at = now().getTime()
  let tried_at = opened_at
  const held = (): Sealer => {
    if (wrapped && now().getTime() - opened_at > KEYS_HELD_MS) sealer = undefined
    if (sealer !== undefined) return sealer
    throw new Refusal(
      'misconfigured',
      'The key service has not answered for too long: secrets open again when it does.',
      [],
      TRY_EVERY_MS / SECOND_MS,
    )
  }
  return {
    seal: {
      seal: (plain, bound_to) => held().seal(plain, bound_to),
      open: (sealed, bound_to) => held().open(sealed, bound_to),
    },
    async refresh() {
      const time = now().getTime()
      if (!wrapped || time - opened_at < KEYS_FRESH_MS || time - tried_at < TRY_EVERY_MS) return
      // Others that come meanwhile go on with what is held.
      tried_at = time
      try {
        sealer = await makeSealer(await openKeys(provider), random)
        opened_at = time
      } catch (error) {
        log('keys.not_refreshed', { reason: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
