import type { Connector, MeteringRules } from '../../connectors/connector.ts'

export type FacetName =
  | 'listings'
  | 'offers'
  | 'syndication'
  | 'agreements'
  | 'requests'
  | 'metering'
  | 'settlements'
  | 'webhooks'

/** One thing that can be done on a cloud, in words, and the methods of a facet that do it. */
export type Capability = {
  name: string
  words: string
  facet: FacetName
  methods: readonly string[]
  /** A rule of metering that has to be there, where the methods are the same for all. */
  rule?: keyof MeteringRules
}

/** Everything that can be done on clouds: the one list of it. */
export const capabilities: readonly Capability[] = [
  { name: 'publish_listings', words: 'Publish a listing', facet: 'listings', methods: ['publish'] },
  { name: 'change_listings', words: 'Change a listing', facet: 'listings', methods: ['update'] },
  {
    name: 'release_listings',
    words: 'Make a listing public, limit it, restrict it',
    facet: 'listings',
    methods: ['setVisibility'],
  },
  {
    name: 'compare_listings',
    words: 'Hold a listing against what the cloud shows',
    facet: 'listings',
    methods: ['compare'],
  },
  {
    name: 'make_offers',
    words: 'Make, move and withdraw private offers',
    facet: 'offers',
    methods: ['create', 'expire'],
  },
  {
    name: 'examine_offers',
    words: "Hold an offer against the cloud's own rules before it is sent",
    facet: 'offers',
    methods: ['examine'],
  },
  {
    name: 'open_to_resellers',
    words: 'Open a product to a reseller, and close it',
    facet: 'syndication',
    methods: ['authorize', 'restrict'],
  },
  {
    name: 'resell',
    words: 'Make an offer as the reseller',
    facet: 'syndication',
    methods: ['createOffer'],
  },
  {
    name: 'examine_resale',
    words: "Hold what is resold against the cloud's own rules before it is sent",
    facet: 'syndication',
    methods: ['examine', 'examineOffer'],
  },
  {
    name: 'follow_agreements',
    words: 'Follow agreements, greet buyers',
    facet: 'agreements',
    methods: ['pull', 'resolve'],
  },
  {
    name: 'activate',
    words: 'Activate a purchase that waits for the seller',
    facet: 'agreements',
    methods: ['activate'],
  },
  {
    name: 'answer_wishes',
    words: "Answer a buyer's wish for another plan",
    facet: 'agreements',
    methods: ['answer'],
  },
  {
    name: 'follow_customers',
    words: "Find a customer's agreements from the older messages",
    facet: 'agreements',
    methods: ['agreementsOf'],
  },
  {
    name: 'read_entitlements',
    words: 'Read the quantities behind a licence',
    facet: 'agreements',
    methods: ['entitlements'],
  },
  {
    name: 'ask_buyers',
    words: 'Ask for a cancellation, a payment, a refund',
    facet: 'requests',
    methods: ['send', 'check', 'withdraw'],
  },
  { name: 'read_invoices', words: 'Read what a buyer was billed', facet: 'requests', methods: ['invoices'] },
  { name: 'report_usage', words: 'Report usage', facet: 'metering', methods: ['report'] },
  {
    name: 'split_usage',
    words: 'Split reported usage by tags',
    facet: 'metering',
    methods: ['report'],
    rule: 'allocations',
  },
  {
    name: 'import_statements',
    words: 'Import reports about money',
    facet: 'settlements',
    methods: ['pull', 'parse'],
  },
  {
    name: 'name_dimensions',
    words: 'Read how its reports name dimensions',
    facet: 'settlements',
    methods: ['dimensions'],
  },
  { name: 'take_messages', words: 'Take messages, once proved', facet: 'webhooks', methods: ['verify'] },
  {
    name: 'confirm_messages',
    words: 'Confirm where messages are sent',
    facet: 'webhooks',
    methods: ['confirm'],
  },
]

/** Who does it: the cloud's interface, a person in the cloud's own pages, or nobody, because there is no such thing. */
export type DoneBy = 'interface' | 'person' | 'nobody'

export function doneBy(connector: Connector, { facet, methods, rule }: Capability): DoneBy {
  if (rule !== undefined && connector.metering?.rules[rule] === undefined) return 'nobody'
  const found = connector[facet]
  if (found === undefined || methods.some((method) => typeof Reflect.get(found, method) !== 'function')) {
    return 'nobody'
  }
  const by_hand: readonly string[] = 'by_hand' in found ? (found.by_hand ?? []) : []
  return methods.some((method) => by_hand.includes(method)) ? 'person' : 'interface'
}
