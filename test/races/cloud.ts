// One cloud for both processes, in memory. It does what a cloud does: a change with a key it knows is the same change, a
// record it has is the same record. It notes every call, and whatever no honest client would do.
import type {
  AgreementRecord,
  Change,
  Connection,
  Connector,
  Connectors,
  MeterAnswer,
  MeterRecord,
  Registration,
  Target,
  Verified,
} from '../../connectors/connector.ts'
import { canonicalJson } from '../../src/core/canonical.ts'
import { compare, type Decimal, formatDecimal } from '../../src/core/decimal.ts'
import { Fault } from '../../src/core/fault.ts'
import type { Clock } from '../../src/core/time.ts'
import { awsRules } from '../metering/rules.ts'
import { fakeCloud as plainFiles } from '../settlement/support.ts'
import { guide } from '../support/guide.ts'
import type { Course } from './course.ts'

export type Call = { process: string; name: string; account: string; key: string }
export type KeptFile = { name: string; version: string; text: string }

/** What the cloud does with the next call of a name, instead of its usual answer. */
type Answer = () => unknown

export type RaceCloud = ReturnType<typeof raceCloud>

export function raceCloud(clock: Clock) {
  const calls: Call[] = []
  /** What no honest client does: the same key with another request, a call inside a transaction. */
  const wrong: string[] = []
  const requests = new Map<string, string>()
  const made = new Map<string, Target>()
  const slow = new Set<string>()
  const agreements = new Map<string, AgreementRecord[]>()
  const files = new Map<string, KeptFile[]>()
  const registrations = new Map<string, Registration>()
  const usage = new Map<string, { quantity: Decimal; taken: number }>()
  const script = new Map<string, Answer[]>()
  const reads = readsOf()

  /** A change of one account: once per key, at once or after it was asked about. */
  function change(account: string, name: string, key: string, request: unknown, target: Target): Change {
    const id = `${account} ${name} ${key}`
    const text = canonicalJson(plain(request))
    if ((requests.get(id) ?? text) !== text) wrong.push(`${id} came with another request`)
    requests.set(id, text)
    if (!made.has(id)) made.set(id, target)
    const evidence = { received: name }
    return slow.has(account)
      ? { status: 'accepted', reference: `change ${id}`, evidence }
      : { status: 'succeeded', target, reference: `change ${id}`, evidence }
  }

  function check(_account: string, reference: string): Change {
    const target = made.get(reference.replace(/^change /, ''))
    if (target === undefined) throw new Fault('not_found', `There is no ${reference}`)
    return { status: 'succeeded', target, evidence: { received: 'done' } }
  }

  function meter(record: MeterRecord): MeterAnswer {
    const { id, dimension, hour, quantity } = record
    const key = `${record.license ?? record.agreement_id} ${dimension} ${hour.toISOString()}`
    const known = usage.get(key)
    if (known !== undefined && compare(known.quantity, quantity) !== 0) {
      wrong.push(`${key} came with another quantity`)
      return { id, status: 'refused', code: 'DuplicateRecord', message: 'Another quantity is there.' }
    }
    usage.set(key, { quantity, taken: (known?.taken ?? 0) + 1 })
    return { id, status: 'accepted', cloud_record_id: key, duplicate: known !== undefined }
  }

  function find<T>(map: ReadonlyMap<string, T[]>, account: string, wanted: (item: T) => boolean): T {
    const found = map.get(account)?.find(wanted)
    if (found === undefined) throw new Fault('not_found', 'The cloud has no such thing.')
    return found
  }

  function connectorsFor(process: string, course: Course): Connectors {
    /** A call is two steps: on its way there, and on its way back. */
    async function call<T>(name: string, { account_id }: Connection, key: string, act: () => T): Promise<T> {
      if (course.open() > 0) wrong.push(`${name} was called inside a transaction`)
      await course.step(`cloud: ${name} is asked`)
      calls.push({ process, name, account: account_id, key })
      const instead = script.get(`${account_id} ${name}`)?.shift()
      // Whoever scripts an answer knows its type: it is the test beside it.
      const answer = instead === undefined ? act() : (instead() as T)
      await course.step(`cloud: ${name} has answered`)
      return answer
    }
    const slowly = (
      name: string,
      connection: Connection,
      key: string,
      request: unknown,
      target: (account: string) => Target,
    ) =>
      call(name, connection, key, () =>
        change(connection.account_id, name, key, request, target(connection.account_id)),
      )
    const asked = (connection: Connection, reference: string) =>
      call('check', connection, reference, () => check(connection.account_id, reference))
    const connector: Connector = {
      cloud: 'aws',
      guide,
      connectionFields: [
        { name: 'bucket', title: 'Bucket', secret: false, required: false, help: 'Where files are.' },
      ],
      test: async () => [],
      listings: {
        publish: (connection, draft, key) =>
          slowly('publish', connection, key, draft, (account) => ({ product_id: `prod-${account}` })),
        update: (connection, at, drafts, key) =>
          slowly('update', connection, key, { at, drafts }, () => ({})),
        setVisibility: (connection, at, wanted, key) =>
          slowly('setVisibility', connection, key, { at, wanted }, () => ({})),
        // Somebody took all dimensions away.
        compare: (connection, _, draft) =>
          call('compare', connection, 'compare', () => ({
            state: 'public',
            seen_by: [connection.account_id],
            differences: draft.dimensions.map(({ key }) => ({
              field: `dimensions.${key}`,
              ours: 'metered',
              theirs: null,
              stops: { dimension: key, reason: 'missing' },
            })),
            theirs: draft,
            evidence: {},
          })),
        check: asked,
        read: async () => Promise.reject(new Fault('not_found', 'not here')),
        resolution: 'send_identical',
      },
      offers: {
        create: (connection, draft, key) =>
          slowly('create', connection, key, draft, (account) => ({ offer_id: `offer-${account}` })),
        expire: (connection, offer_id, expires_on, key) =>
          slowly('expire', connection, key, { offer_id, expires_on }, () => ({})),
        check: asked,
        sets: {
          create: (connection, draft, key) =>
            slowly('createSet', connection, key, draft, (account) => ({ offer_set_id: `set-${account}` })),
          release: (connection, set, key) => slowly('releaseSet', connection, key, set, () => ({})),
          check: asked,
          rules: {
            offers_min: 2,
            offers_max: 7,
            name_max: 150,
            notes_max: 1000,
            one_per_product: true,
            source: 'none: this cloud is invented',
          },
        },
        read: async () => undefined,
        rules: {
          kinds: ['contract'],
          opened_kinds: ['contract'],
          rates_max: 0,
          trials_are_public: true,
          trial_days_max: 0,
          opens_without_end: false,
          replaces: false,
          instalments_max: 60,
          buyers_max: 25,
          name_max: 150,
          currencies: ['USD'],
          usage_currencies: ['USD'],
          usage_price_digits: 8,
          buyer_account_pattern: '^.+$',
          buyer_account_form: 'anything',
          duration_months_max: 60,
          instalments_before_expiry_max: 60,
          opened_instalments_before_expiry_max: 60,
          source: 'none: this cloud is invented',
        },
        resolution: 'send_identical',
      },
      syndication: {
        authorize: (connection, draft, key) =>
          slowly('authorize', connection, key, draft, (account) => ({ authorization_id: `ra-${account}` })),
        restrict: (connection, authorization_id, key) =>
          slowly('restrict', connection, key, { authorization_id }, () => ({})),
        createOffer: (connection, draft, key) =>
          slowly('resell', connection, key, draft, (account) => ({ offer_id: `resold-${account}` })),
        check: asked,
        pullShared: async () => ({ items: [], next: null, more: false }),
        resolution: 'send_identical',
      },
      agreements: {
        pull: (connection, cursor) =>
          call('pull', connection, cursor ?? '', () => {
            const all = agreements.get(connection.account_id) ?? []
            return { items: all.slice(Number(cursor ?? 0)), next: `${all.length}`, more: false }
          }),
        read: (connection, id) =>
          call('read', connection, id, () =>
            find(agreements, connection.account_id, ({ agreement_id }) => agreement_id === id),
          ),
        entitlements: (connection, _product_code, license) =>
          call('entitlements', connection, license, () => [
            { dimension: 'seats', value: '80', expires_at: null, license },
          ]),
        registration: { place: 'form', field: 'token', covers: 'agreement' },
        resolve: (connection, token) =>
          call('resolve', connection, token, () => {
            const found = registrations.get(token)
            if (found === undefined) throw new Fault('invalid', 'The token is not known.')
            return found
          }),
        activate: (connection, agreement, key) => slowly('activate', connection, key, agreement, () => ({})),
        answer: (connection, wish, accept, key) =>
          slowly('answer', connection, key, { wish, accept }, () => ({})),
      },
      requests: {
        reasons: { cancellation: [{ code: 'OTHER', title: 'Other' }], refund: [] },
        cancellation_granted_after_days: null,
        send: (connection, request, key) => slowly('request', connection, key, request, () => ({})),
        check: asked,
        withdraw: (connection, reference, words, key) =>
          slowly('withdraw', connection, key, { reference, words }, () => ({})),
        invoices: async () => [],
        resolution: 'send_identical',
      },
      metering: {
        rules: { ...awsRules, requests_per_second: 1000, burst: 1000 },
        report: (connection, records) =>
          call('report', connection, records.map(({ id }) => id).join(' '), () => ({
            answers: records.map(meter),
            evidence: {},
          })),
      },
      settlements: {
        pull: (connection, cursor) =>
          call('files', connection, cursor ?? '', () => {
            const all = (files.get(connection.account_id) ?? []).map(({ text, ...file }) => ({
              ...file,
              bytes: text.length,
              changed_at: clock.now(),
            }))
            return { items: all.slice(Number(cursor ?? 0)), next: `${all.length}`, more: false }
          }),
        fetchFile: (connection, wanted) =>
          call('fetch', connection, wanted, () => {
            const { text } = find(files, connection.account_id, ({ name }) => name === wanted)
            return new Blob([text]).stream()
          }),
        rules: reads.rules,
        recognise: reads.recognise,
        parse: reads.parse,
      },
      webhooks: {
        verify: async (_, request) => ({ ok: true, message: JSON.parse(request.body) as Verified }),
        confirm: async () => {},
      },
    }
    return { aws: connector }
  }

  return {
    calls,
    wrong,
    made,
    slow,
    agreements,
    files,
    registrations,
    usage,
    connectorsFor,
    /** The next call of this name by an account gets this answer; a thrown one is its fault. */
    answerNext: (account: string, name: string, answer: Answer) =>
      script.set(`${account} ${name}`, [...(script.get(`${account} ${name}`) ?? []), answer]),
    callsOf: (account: string) => calls.filter((one) => one.account === account),
    /** What an account's cloud holds in the end. */
    standing: (account: string) => ({
      made: [...made].filter(([id]) => id.startsWith(`${account} `)),
      usage: [...usage]
        .filter(([key]) => key.includes(account))
        .map(([key, { quantity }]) => [key, formatDecimal(quantity)]),
    }),
  }
}

/** What is sent, as JSON has it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item)))
}

/** How files are read: a row is a line of the books, or a count of usage. */
function readsOf() {
  const { settlements } = plainFiles().connector
  if (settlements === undefined) throw new Error('The plain files are not read')
  return settlements
}
