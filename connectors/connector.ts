/**
 * The contract every cloud fills. A connector is a plain object made by a factory from `ConnectorParts`; its facets
 * are optional, and a facet that is there is a capability. Connectors translate and send: they keep nothing, never
 * sleep, make exactly one attempt, and return nouns. Expected refusals are values; failures of the world are thrown
 * as `Fault`.
 */
import type { Decimal } from '../src/core/decimal.ts'
import type { FaultCode } from '../src/core/fault.ts'
import type { Money } from '../src/core/money.ts'
import type { Random } from '../src/core/random.ts'
import type { Clocks, LocalDate } from '../src/core/time.ts'

export const clouds = ['aws', 'azure', 'gcp'] as const
export type Cloud = (typeof clouds)[number]

/** What a factory is given. Base URLs are the operator's; `fetch` is the only way out. */
export type ConnectorParts<Config> = {
  config: Config
  fetch: typeof fetch
  clocks: Clocks
  random: Random
  /** Told about each request when it ended: for the log and the spans. */
  observe?: (call: ObservedCall) => void
}

/** One request to a cloud, after it ended. */
export type ObservedCall = {
  cloud: Cloud
  connection_id: string
  /** The cloud's own name of the call, such as "StartChangeSet". */
  call: string
  duration_ms: number
  outcome: 'ok' | FaultCode | 'broken'
  cloud_code: string | null
}

/** One seller account on one cloud, opened for the length of a call. */
export type Connection = {
  /** Our id, for caching clients. */
  id: string
  /** The seller's account, publisher or provider id on the cloud. */
  account_id: string
  /** The cloud's own credential fields; their names are the connector's (`connectionFields`). */
  credentials: Readonly<Record<string, string>>
  /** Non-secret settings of the connection, such as the bucket the reports arrive in. */
  settings: Readonly<Record<string, string>>
}

/** What one field of a connection is, so that a form and a check can be made from it. */
export type ConnectionField = {
  name: string
  secret: boolean
  required: boolean
  pattern?: string
  help: string
}

/** The raw exchange behind an answer, kept beside what was made of it. Never holds credentials. */
export type Evidence = { sent?: unknown; received?: unknown; at?: string }

/** One thing the cloud found wrong with a change: its own code and words, and the rule in ours where we know it. */
export type ChangeProblem = { code: string; message: string; field?: string; plain?: string }

/** A step for which the cloud has no interface: a person does it and brings evidence. */
export type HumanTask = { title: string; steps: string[]; evidence: string }

/** The answer to a slow write. `check(reference)` asks again after `accepted`. */
export type Change =
  | { status: 'accepted'; reference: string; evidence: Evidence }
  | { status: 'succeeded'; target: Target; reference?: string; evidence: Evidence }
  | { status: 'failed'; problems: ChangeProblem[]; reference?: string; evidence: Evidence }
  | { status: 'human'; task: HumanTask; evidence: Evidence }

/** What a finished change made: the cloud's ids by name ("product_id", "offer_id", "authorization_id", …). */
export type Target = Readonly<Record<string, string>>

/** Pages of things that changed. The cursor is opaque and lives in the store. */
export type Pulled<T> = { items: T[]; next: string | null; more: boolean }

/** How an unknown outcome (no answer after sending) is resolved. */
export type Resolution = 'send_identical' | 'read_back' | 'search_marker'

// ---------------------------------------------------------------- listings

export type DimensionKind = 'entitled' | 'metered'
export type ListedDimension = {
  key: string
  name: string
  description: string
  unit: string
  kind: DimensionKind
}
export type ListingDraft = {
  title: string
  short_description: string
  long_description: string
  highlights: string[]
  keywords: string[]
  categories: string[]
  logo_url: string
  /** Where the buyer is sent with the registration token. */
  fulfilment_url: string
  /** Where a cloud that is told its address with the listing sends its messages. */
  webhook_url?: string
  support: string
  refund_policy: string
  dimensions: ListedDimension[]
  /** The public price: one entitled price per term and one price per metered unit. */
  prices: {
    currency: string
    entitled: Record<string, Decimal>
    metered: Record<string, Decimal>
    term_months: number
  }
  options?: Readonly<Record<string, unknown>>
}
/** `target` names: product_id, product_code?, public_offer_id? */
export type Listings = {
  publish(connection: Connection, draft: ListingDraft, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  read(connection: Connection, product_id: string): Promise<ReadListing>
  resolution: Resolution
}
export type ReadListing = {
  product_id: string
  state: 'draft' | 'limited' | 'public' | 'restricted' | 'unknown'
  dimensions: ListedDimension[]
  evidence: Evidence
}

// ---------------------------------------------------------------- offers

export type Instalment = { due_on: LocalDate; amount: Money }
export type Grant = { dimension: string; quantity: number }
/** What a private offer says, in one shape for three clouds. */
export type OfferDraft = {
  name: string
  description: string
  /** The listing's id on the cloud. */
  product_id: string
  buyer_account_ids: string[]
  currency: string
  grants: Grant[]
  /** Empty for pure usage. Each amount is what the buyer (or, for a wholesale offer, the reseller) is charged. */
  instalments: Instalment[]
  /** Price per metered unit. */
  usage_prices: Record<string, Decimal>
  duration_months: number
  expires_on: LocalDate
  /** "standard" or a URL of a custom agreement. */
  eula: string
  /** Our marker, to be found again where the cloud cannot be asked twice with one key. */
  marker: string
  options?: Readonly<Record<string, unknown>>
}
/** `target` names: offer_id */
export type Offers = {
  create(connection: Connection, draft: OfferDraft, key: string): Promise<Change>
  /** Moves the last day on which the offer can be accepted; a past day withdraws it. */
  expire(connection: Connection, offer_id: string, expires_on: LocalDate, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  read(connection: Connection, offer_id: string): Promise<ReadOffer | undefined>
  /** Limits that the checker applies before anything is sent. */
  rules: OfferRules
  resolution: Resolution
}
export type OfferRules = {
  instalments_max: number
  buyers_max: number
  name_max: number
  currencies: readonly string[]
  usage_currencies: readonly string[]
  usage_price_digits: number
  buyer_account_pattern: string
  duration_months_max: number
  /** At most this many instalments may be due on or before the last day of acceptance. */
  instalments_before_expiry_max: number
  source: string
}
export type ReadOffer = {
  offer_id: string
  state: 'draft' | 'live' | 'expired' | 'accepted' | 'withdrawn' | 'unknown'
  name: string
  buyer_account_ids: string[]
  authorization_id?: string
  evidence: Evidence
}

// ---------------------------------------------------------------- syndication

/** The vendor's permission for one reseller; prices are wholesale. `target` names: authorization_id */
export type AuthorizationDraft = Omit<OfferDraft, 'buyer_account_ids'> & {
  reseller_account_id: string
  /** Empty: any buyer. */
  buyer_account_ids: string[]
  single_use: boolean
}
/** `target` names: offer_id */
export type ResellerOfferDraft = {
  authorization_id: string
  name: string
  description: string
  buyer_account_ids: string[]
  /** Exact percentage on top of the wholesale price: 12.5 is twelve and a half per cent. */
  markup_percent: Decimal
  expires_on: LocalDate
  duration_months?: number
  marker: string
}
export type SharedAuthorization = {
  authorization_id: string
  product_id: string
  name: string
  vendor_account_id: string
  state: 'draft' | 'active' | 'restricted' | 'unknown'
  evidence: Evidence
}
export type Syndication = {
  authorize(connection: Connection, draft: AuthorizationDraft, key: string): Promise<Change>
  restrict(connection: Connection, authorization_id: string, key: string): Promise<Change>
  /** As the reseller: the offer made from an authorization. */
  createOffer(connection: Connection, draft: ResellerOfferDraft, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  /** As the reseller: authorizations that vendors opened to this account. */
  pullShared(connection: Connection, cursor: string | null): Promise<Pulled<SharedAuthorization>>
  resolution: Resolution
}

// ---------------------------------------------------------------- agreements

/** What the buyer accepted, as the cloud tells it to this account. */
export type AgreementRecord = {
  agreement_id: string
  /** seller: this account is the seller of record; manufacturer: it made the product and somebody resold it. */
  role: 'seller' | 'manufacturer'
  offer_id: string | null
  authorization_id: string | null
  product_id: string | null
  buyer_account_id: string
  seller_account_id: string
  /** pending: accepted, but the cloud waits for the seller to activate it. */
  state: 'pending' | 'active' | 'suspended' | 'ended' | 'cancelled' | 'replaced' | 'unknown'
  cloud_state: string
  accepted_at: Date | null
  starts_at: Date | null
  ends_at: Date | null
  currency: string | null
  /** The agreement's fixed value as the cloud states it, exact. */
  value: Decimal | null
  instalments: Instalment[]
  usage_prices: Record<string, Decimal>
  grants: Grant[]
  updated_at: Date | null
  /** The licence that usage of this agreement is reported against, on clouds that have one per agreement. */
  license?: string | null
  /** The plan the buyer is on, on clouds whose products have plans. */
  plan?: string | null
  evidence: Evidence
}
export type Entitlement = {
  dimension: string
  value: string
  expires_at: Date | null
  license: string | null
}
/** Who stands behind a registration token. */
export type Registration = {
  buyer_account_id: string
  product_code: string | null
  license: string | null
  /** The agreement itself, where the token names it. */
  agreement_id?: string | null
  evidence: Evidence
}
export type Agreements = {
  /** Agreements changed since the cursor, oldest first. */
  pull(connection: Connection, cursor: string | null): Promise<Pulled<AgreementRecord>>
  read(connection: Connection, agreement_id: string): Promise<AgreementRecord>
  entitlements?(connection: Connection, product_code: string, license: string): Promise<Entitlement[]>
  /** Where the buyer's browser carries the registration token: the name of a form field or of a query parameter. */
  registration: { place: 'form' | 'query'; field: string }
  resolve(connection: Connection, token: string): Promise<Registration>
  /** Tells a cloud that waits for it that the seller is ready: only then is the buyer charged. */
  activate?(connection: Connection, agreement: Activation, key: string): Promise<Change>
  /** Answers a buyer's wish to change plan or seats, where the cloud asks the seller. */
  answer?(connection: Connection, wish: AgreementWish, accept: boolean, key: string): Promise<Change>
}
export type Activation = {
  agreement_id: string
  buyer_account_id: string
  plan: string | null
  quantity: number | null
}
/** What a buyer wants changed, and the cloud's own id of the question. */
export type AgreementWish = {
  agreement_id: string
  wish_id: string
  action: 'plan' | 'quantity'
  plan: string | null
  quantity: number | null
}

// ---------------------------------------------------------------- metering

/** A cloud's metering rules, as data. Durations are milliseconds. Every rule names its source in the connector. */
export type MeteringRules = {
  /** "one_per_hour": one record per agreement, dimension and hour; "additive": several reports add up. */
  grain: 'one_per_hour' | 'additive'
  batch_max: number
  batch_bytes_max: number
  /** One request may hold records of one product only. */
  one_product_per_request: boolean
  requests_per_second: number
  burst: number
  /** A record for an hour must arrive within this long after the hour began. */
  window_ms: number
  /** Usage of a month is taken until this long into the next one (UTC); null: no cut-off. */
  month_cutoff_ms: number | null
  quantity: 'whole' | 'fractional'
  zero_allowed: boolean
  /** Who draws included and prepaid quantities before overage is charged. */
  draws_included: 'seller' | 'cloud'
  /** After an agreement ended, earlier hours are still taken for this long. */
  after_end_ms: number
  read_back: boolean
  /** What a record must carry: the licence (or product code) the cloud told us, or just the agreement's own id. */
  named_by: 'license' | 'agreement'
  unknown_outcome: Resolution
}
export type MeterRecord = {
  /** Our id; the answer is matched by it. */
  id: string
  product_id: string
  product_code: string | null
  license: string | null
  /** The cloud's id of the agreement, and the plan it is on where the cloud has plans. */
  agreement_id: string
  plan: string | null
  buyer_account_id: string
  dimension: string
  hour: Date
  /** Where the agreement ended inside the hour: a cloud that looks at the end of a record takes none beyond it. */
  until?: Date | null
  quantity: Decimal
}
export type MeterAnswer =
  | { id: string; status: 'accepted'; cloud_record_id: string; duplicate: boolean }
  | { id: string; status: 'refused'; code: string; message: string }
  /** The cloud did not look at it: send it again. */
  | { id: string; status: 'unprocessed' }
export type MeterReport = { answers: MeterAnswer[]; evidence: Evidence }
export type Metering = {
  rules: MeteringRules
  /** One request. All records share product and connection; the caller keeps to the rules. */
  report(connection: Connection, records: readonly MeterRecord[]): Promise<MeterReport>
}

// ---------------------------------------------------------------- settlements

/** A file the cloud wrote for this account. `version` changes when its content does. */
export type StatementFile = { name: string; version: string; bytes: number; changed_at: Date }
/** What a line of a statement is about. `unknown` is kept, shown and never guessed. */
export type LineKind =
  | 'sale'
  | 'wholesale_cost'
  | 'listing_fee'
  | 'tax'
  | 'tax_remitted_by_cloud'
  | 'refund'
  | 'balance_adjustment'
  | 'disbursement'
  | 'disbursement_failure'
  | 'unknown'
export type LineStage = 'invoiced' | 'collected' | 'disbursed' | 'forgiven' | 'unknown'
/** One normalised line. Amounts are signed from this account's side: positive is owed to or paid to it. */
export type StatementLine = {
  /** The cloud's own key of the line; a restated line has the same key and a later version. */
  key: string
  version: string
  deleted: boolean
  kind: LineKind
  stage: LineStage
  amount: Decimal
  currency: string
  agreement_id: string | null
  offer_id: string | null
  product_id: string | null
  dimension: string | null
  invoice_id: string | null
  /** The line this one collects, pays out or takes back. */
  parent_key: string | null
  /** The pay-out this line went into, by the key of its disbursement line. */
  disbursement_key: string | null
  bank_reference: string | null
  occurred_at: Date
  period_starts_on: LocalDate | null
  period_ends_on: LocalDate | null
  counts: boolean
  raw: Readonly<Record<string, string>>
}
/** What the cloud itself says was used, for comparison with what was sent. */
export type UsageLine = {
  agreement_id: string
  dimension: string
  on: LocalDate
  quantity: Decimal
  raw: Readonly<Record<string, string>>
}
export type StatementItem = { is: 'line'; line: StatementLine } | { is: 'usage'; usage: UsageLine }
/** Why a file cannot be read: which row, which column, and what to do. */
export type StatementProblem = { row: number | null; column: string | null; rule: string; fix: string }
export class StatementError extends Error {
  readonly problem: StatementProblem
  constructor(problem: StatementProblem) {
    super(
      `${problem.row === null ? '' : `row ${problem.row}: `}${problem.column === null ? '' : `${problem.column}: `}${problem.rule}. ${problem.fix}`,
    )
    this.name = 'StatementError'
    this.problem = problem
  }
}
export type Settlements = {
  /** Files written or rewritten since the cursor. */
  pull(connection: Connection, cursor: string | null): Promise<Pulled<StatementFile>>
  fetchFile(connection: Connection, name: string): Promise<ReadableStream<Uint8Array>>
  /** Which of our formats a file is, by its name and first row; null: not one of this cloud's. */
  recognise(name: string, header: readonly string[]): string | null
  /**
   * Reads a whole file as a stream; its first row is the header. Throws StatementError at the first row that breaks the
   * format.
   */
  parse(format: string, rows: AsyncIterable<readonly string[]>): AsyncIterable<StatementItem>
  /** Formats that are recognised but hold nothing for the books, each with the reason. */
  skipped?: Readonly<Record<string, string>>
}

// ---------------------------------------------------------------- webhooks

/** A request as it came, before anybody trusts it. */
export type InboundRequest = { headers: Readonly<Record<string, string>>; body: string }
/** What a verified message hints at: the truth is read back from the cloud afterwards. */
export type Hint =
  | {
      kind: 'agreement_changed'
      agreement_id: string
      license: string | null
      product_id: string | null
      product_code: string | null
      /** What the message itself says, for an agreement that this account may not read back. */
      told?: ToldAgreement
    }
  /** The buyer asks for another plan or quantity, and the cloud waits for the seller's answer. */
  | { kind: 'change_wished'; wish: AgreementWish }
  | { kind: 'offer_changed'; offer_id: string }
  | { kind: 'change_finished'; reference: string }
  | { kind: 'disbursement_paused' }
  | { kind: 'nothing'; reason: string }
/** An agreement as far as a verified message tells it. */
export type ToldAgreement = Pick<
  AgreementRecord,
  'role' | 'offer_id' | 'authorization_id' | 'state' | 'cloud_state' | 'accepted_at' | 'starts_at' | 'ends_at'
> & { buyer_account_id: string | null; seller_account_id: string | null }
export type Verified = {
  /** Unique per message at the cloud: a second delivery has the same. */
  message_id: string
  type: string
  occurred_at: Date
  /** The account the message is for; a message for another account is refused. */
  account_id: string | null
  hints: Hint[]
  /** Set when the message asks to be confirmed by visiting this address (checked against the allow-list). */
  confirm_url?: string
  body: unknown
}
export type Verification = { ok: true; message: Verified } | { ok: false; reason: string }
export type Webhooks = {
  verify(connection: Connection, request: InboundRequest): Promise<Verification>
  /** Visits `confirm_url`. */
  confirm(connection: Connection, url: string): Promise<void>
}

// ---------------------------------------------------------------- the whole

export type Connector = {
  cloud: Cloud
  connectionFields: readonly ConnectionField[]
  /** Calls the cloud once with harmless reads and says what works. */
  test(connection: Connection): Promise<ConnectionTest[]>
  listings?: Listings
  offers?: Offers
  syndication?: Syndication
  agreements?: Agreements
  metering?: Metering
  settlements?: Settlements
  webhooks?: Webhooks
}
export type ConnectionTest = { permission: string; ok: boolean; detail: string }
export type Connectors = Readonly<Partial<Record<Cloud, Connector>>>
