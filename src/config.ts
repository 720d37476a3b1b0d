import { z } from 'zod'
import { isGuarded } from './core/address.ts'
import { type MailSettings, mailEnvironment, mailOf, mailProblems } from './mail/settings.ts'

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })

/** Addresses of the clouds, where they are not the real ones: the sandbox's JSON line. The operator's, never a tenant's. */
const cloudAddresses = z.object({
  control: url.exactOptional(),
  aws: addresses(['catalog', 'metering', 'agreement', 'entitlement', 'sts', 's3', 'sns']),
  azure: addresses(['login', 'fulfilment', 'metering', 'ingestion', 'payouts', 'management']),
  gcp: addresses(['procurement', 'producer', 'serviceControl', 'token', 'pubsub', 'keys', 'storage']),
})
export type CloudAddresses = z.infer<typeof cloudAddresses>

/** A cloud's services by name; one without an address is the real one. */
function addresses<const Name extends string>(names: readonly Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, url.exactOptional()]))
  return z.object(shape as Record<Name, z.ZodExactOptional<typeof url>>).exactOptional()
}

const addressesText = z.string().transform((text, check) => {
  try {
    return cloudAddresses.parse(JSON.parse(text))
  } catch (error) {
    check.addIssue({
      code: 'custom',
      message: `must be the JSON line the sandbox prints (${error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON'})`,
    })
    return z.NEVER
  }
})

function wholeNumber(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`
  return z.coerce.number({ error }).int({ error }).min(from, { error }).max(to, { error })
}

const secretKey = z
  .string()
  .regex(
    /^([0-9a-f]{64}|kms:[A-Za-z0-9+/]+={0,2})$/,
    'must be 32 bytes as 64 hexadecimal digits, or "kms:" and a key that KMS wrapped',
  )

const environment = z.strictObject({
  SYNDIC_MODE: z.enum(['sandbox', 'live'], { error: 'must be "sandbox" or "live"' }).default('sandbox'),
  PORT: wholeNumber(0, 65_535).default(8787),
  SYNDIC_DATA: z.string().min(1).default('.syndic'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  SYNDIC_SANDBOX: addressesText.optional(),
  SYNDIC_SECRET_KEY: secretKey.optional(),
  SYNDIC_SECRET_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .pipe(z.array(secretKey))
    .optional(),
  SYNDIC_KMS_KEY: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/\S+$/, 'must be the ARN of a KMS key')
    .optional(),
  SYNDIC_KMS_URL: url.optional(),
  SYNDIC_KMS_ACCESS_KEY_ID: z.string().min(1).optional(),
  SYNDIC_KMS_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  SYNDIC_KEY: z.string().min(24, 'must have at least 24 characters').optional(),
  SYNDIC_PUBLIC_URL: url.optional(),
  ...mailEnvironment,
  SYNDIC_TICK_MS: wholeNumber(50, 60_000).default(1000),
  // What a provider says counts as proof of who somebody is, so nobody on the way may change it.
  SYNDIC_OIDC_ISSUER: url.refine(isGuarded, 'must be an https address; http is for loopback only').optional(),
  SYNDIC_OIDC_CLIENT_ID: z.string().min(1).optional(),
  SYNDIC_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  SYNDIC_OIDC_NAME: z.string().trim().min(1).max(60).optional(),
  SYNDIC_RATE_PER_MINUTE: wholeNumber(0, 10_000_000).default(6000),
  SYNDIC_OPEN_RATE_PER_MINUTE: wholeNumber(0, 10_000_000).default(3000),
  SYNDIC_SIGN_IN_RATE_PER_MINUTE: wholeNumber(0, 10_000_000).default(60),
  SYNDIC_ADDRESS_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header')
    .optional(),
})

const OIDC_TOGETHER = ['SYNDIC_OIDC_ISSUER', 'SYNDIC_OIDC_CLIENT_ID', 'SYNDIC_OIDC_CLIENT_SECRET'] as const

/** A provider of OpenID Connect that people sign in with. */
export type Oidc = {
  issuer: string
  client_id: string
  client_secret: string
  /** What the button says. */
  name: string
}

export type Config = {
  /** sandbox: the clouds are the embedded ones and business time is theirs. live: the real clouds and real time. */
  mode: 'sandbox' | 'live'
  port: number
  data: string
  database_url: string | undefined
  /** Where a sandbox runs already; undefined in sandbox mode: one is started beside the service. */
  sandbox: CloudAddresses | undefined
  /** 32 bytes as hex, or wrapped by KMS; undefined: made at first start and kept in the data directory. */
  secret_key: string | undefined
  /** Keys that only open: what was sealed under them is sealed anew by `npm run rotate-keys`. */
  previous_secret_keys: readonly string[]
  /** Who unwraps secret keys that are wrapped; undefined: none is. */
  kms: KmsConfig | undefined
  /** The development key; undefined: made at first start and kept in the data directory. */
  development_key: string | undefined
  /** Where the outside reaches this service, for webhooks and sign-up pages. */
  public_url: string | undefined
  /** How letters leave; undefined: they do not, and links are shown instead. */
  mail: MailSettings | undefined
  tick_ms: number
  /** undefined: people sign in with passwords and links only. */
  oidc: Oidc | undefined
  /** Requests a minute of one key or session, of one address at the open doors, and of one address that signs in. */
  quotas: { caller: number; open: number; sign_in: number }
  /** The header in which a trusted proxy says where a request came from; undefined: nobody stands in between. */
  address_header: string | undefined
}

const KNOWN = Object.keys(environment.shape)

/** Reads the environment. Throws one message that lists everything wrong, names of our own that we do not know included. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const ours = Object.fromEntries(
    Object.entries(variables).filter(
      ([name, value]) =>
        value !== undefined && value !== '' && (name.startsWith('SYNDIC_') || KNOWN.includes(name)),
    ),
  )
  const read = environment.safeParse(ours)
  const problems = read.success ? [] : read.error.issues.flatMap(describe)
  if (ours.SYNDIC_MODE === 'live' && ours.SYNDIC_SANDBOX !== undefined) {
    problems.push('SYNDIC_SANDBOX: has no meaning with SYNDIC_MODE=live; remove one of them')
  }
  problems.push(...mailProblems(ours))
  const given = OIDC_TOGETHER.filter((name) => ours[name] !== undefined)
  if (given.length < OIDC_TOGETHER.length && (given.length > 0 || ours.SYNDIC_OIDC_NAME !== undefined)) {
    const lacking = OIDC_TOGETHER.filter((name) => ours[name] === undefined)
    problems.push(
      `${lacking.join(', ')}: missing; sign-in through a provider needs all three of its settings`,
    )
  }
  problems.push(...kmsProblems(ours))
  if (!read.success || problems.length > 0) throw new BadEnvironment(problems)
  const values = read.data
  return {
    mode: values.SYNDIC_MODE,
    port: values.PORT,
    data: values.SYNDIC_DATA,
    database_url: values.DATABASE_URL,
    sandbox: values.SYNDIC_SANDBOX,
    secret_key: values.SYNDIC_SECRET_KEY,
    previous_secret_keys: values.SYNDIC_SECRET_KEY_PREVIOUS ?? [],
    kms: kmsOf(values),
    development_key: values.SYNDIC_KEY,
    public_url: values.SYNDIC_PUBLIC_URL,
    mail: mailOf(values),
    tick_ms: values.SYNDIC_TICK_MS,
    oidc: oidcOf(values),
    quotas: {
      caller: values.SYNDIC_RATE_PER_MINUTE,
      open: values.SYNDIC_OPEN_RATE_PER_MINUTE,
      sign_in: values.SYNDIC_SIGN_IN_RATE_PER_MINUTE,
    },
    address_header: values.SYNDIC_ADDRESS_HEADER,
  }
}

function oidcOf(values: z.infer<typeof environment>): Oidc | undefined {
  const {
    SYNDIC_OIDC_ISSUER: issuer,
    SYNDIC_OIDC_CLIENT_ID: client_id,
    SYNDIC_OIDC_CLIENT_SECRET: client_secret,
    SYNDIC_OIDC_NAME: name,
  } = values
  if (issuer === undefined || client_id === undefined || client_secret === undefined) return undefined
  return { issuer, client_id, client_secret, name: name ?? new URL(issuer).hostname }
}

export type KmsConfig = {
  key_arn: string
  /** Another address than the region's public one. */
  endpoint: string | undefined
  /** undefined: what the machine itself is allowed. */
  credentials: { access_key_id: string; secret_access_key: string } | undefined
}

function kmsProblems(ours: Readonly<Record<string, string | undefined>>): string[] {
  const keys = [ours.SYNDIC_SECRET_KEY, ...(ours.SYNDIC_SECRET_KEY_PREVIOUS ?? '').split(',')]
  const problems: string[] = []
  if (ours.SYNDIC_KMS_KEY === undefined && keys.some((key) => key?.trim().startsWith('kms:'))) {
    problems.push('SYNDIC_KMS_KEY: is needed to unwrap a secret key that KMS wrapped')
  }
  if ((ours.SYNDIC_KMS_ACCESS_KEY_ID === undefined) !== (ours.SYNDIC_KMS_SECRET_ACCESS_KEY === undefined)) {
    problems.push('SYNDIC_KMS_SECRET_ACCESS_KEY: goes with SYNDIC_KMS_ACCESS_KEY_ID; set both or none')
  }
  return problems
}

function kmsOf(values: z.infer<typeof environment>): KmsConfig | undefined {
  const {
    SYNDIC_KMS_KEY: key_arn,
    SYNDIC_KMS_URL: endpoint,
    SYNDIC_KMS_ACCESS_KEY_ID: access_key_id,
    SYNDIC_KMS_SECRET_ACCESS_KEY: secret_access_key,
  } = values
  if (key_arn === undefined) return undefined
  const credentials =
    access_key_id === undefined || secret_access_key === undefined
      ? undefined
      : { access_key_id, secret_access_key }
  return { key_arn, endpoint, credentials }
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: ${issue.message}`]
  return issue.keys.map((name) => `${name}: there is no such setting. Known: ${KNOWN.join(', ')}`)
}

export class BadEnvironment extends Error {
  constructor(problems: string[]) {
    super(`The environment cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'BadEnvironment'
  }
}
