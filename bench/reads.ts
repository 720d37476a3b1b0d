// What each screen of the console reads when it opens, and a filter and a search of the big lists.

export type Read = { screen: string; path: string }

type Ask = (path: string) => Promise<{ body: string }>

/** Reads that need no id. Sort orders are the ones the screens ask for. */
const PLAIN: readonly (readonly [screen: string, ...paths: string[]])[] = [
  ['home', '/v1/home', '/v1/home/money', '/v1/guide'],
  ['deals', '/v1/deals?sort=-created_at', '/v1/deals?sort=name&q=Buyer%2042'],
  [
    'offers',
    '/v1/offers?sort=-created_at',
    '/v1/offers?sort=-updated_at&state=live',
    '/v1/offers?q=Globex%2042',
  ],
  ['products', '/v1/products?sort=-created_at'],
  ['listings', '/v1/listings?sort=-created_at'],
  ['resale authorizations', '/v1/resale-authorizations?sort=-created_at'],
  [
    'agreements',
    '/v1/agreements?sort=-updated_at',
    '/v1/agreements?state=active',
    '/v1/agreements?q=seeded-42',
  ],
  ['usage', '/v1/usage/summary', '/v1/usage/at-risk', '/v1/usage/hours', '/v1/usage/records'],
  ['operations', '/v1/operations'],
  [
    'exceptions',
    '/v1/exceptions?state=open&sort=-created_at',
    '/v1/exceptions?state=open&sort=-amount',
    '/v1/exceptions?state=open&q=seeded-42',
  ],
  [
    'reconciliation',
    '/v1/reconciliation?sort=-difference',
    '/v1/reconciliation?sort=-difference&state=unknown',
    '/v1/reconciliation?agreement_id=none&limit=50',
  ],
  [
    'follow a cent',
    '/v1/reconciliation/lines?sort=-occurred_at',
    '/v1/reconciliation/lines?sort=-occurred_at&kind=bank',
    '/v1/reconciliation/lines?sort=-occurred_at&q=INV-42',
    '/v1/reconciliation/lines?sort=-amount&amount=12.34',
  ],
  [
    'statements',
    '/v1/statements?sort=-received_at',
    '/v1/statements?sort=-received_at&brought=new',
    '/v1/statements?sort=-received_at&q=seeded/42',
  ],
  ['ledger', '/v1/ledger/groups', '/v1/ledger/accounts?prefix=clearing:&limit=25'],
  ['accounts', '/v1/ledger/accounts', '/v1/ledger/accounts?q=receivable&open=true'],
  [
    'entries',
    '/v1/ledger/entries?sort=-book_date',
    '/v1/ledger/entries?sort=-recorded_at',
    '/v1/ledger/entries?sort=-book_date&kind=disbursed',
    '/v1/ledger/entries?sort=-book_date&from=2026-03-01&until=2026-03-31&q=seeded:424',
    '/v1/ledger/entries?sort=-book_date&q=seeded:424',
  ],
  ['trial balance', '/v1/ledger/groups', '/v1/ledger/groups?until=2026-03-31'],
  ['periods', '/v1/ledger/periods', '/v1/ledger/entries?sort=book_date&limit=1'],
  ['commitments', '/v1/commitments?sort=ends_on', '/v1/commitments?sort=ends_on&q=Globex'],
  ['partners', '/v1/partners?sort=name'],
  ['partner statements', '/v1/partner-statements?sort=-month'],
  ['approvals', '/v1/approvals'],
  ['audit', '/v1/audit'],
  ['members', '/v1/members'],
]

/** Screens of one thing: a list its id is from, and what the screen reads. */
const OF_ONE: readonly { screen: string; list: string; field?: string; paths: readonly string[] }[] = [
  { screen: 'deal', list: '/v1/deals', paths: ['/v1/deals/{id}', '/v1/offers?deal_id={id}'] },
  { screen: 'offer', list: '/v1/offers', paths: ['/v1/offers/{id}'] },
  {
    screen: 'agreement',
    list: '/v1/agreements',
    paths: ['/v1/agreements/{id}', '/v1/usage/hours?agreement_id={id}'],
  },
  {
    screen: 'reconciled',
    list: '/v1/agreements?q=seeded-7',
    paths: [
      '/v1/reconciliation?agreement_id={id}&limit=50',
      '/v1/reconciliation/differences?agreement_id={id}',
      '/v1/reconciliation/expectations?agreement_id={id}',
      '/v1/reconciliation/lines?agreement_id={id}&sort=-occurred_at',
      '/v1/ledger/entries?agreement_id={id}&sort=-book_date',
    ],
  },
  { screen: 'trace', list: '/v1/reconciliation/lines?q=INV-77', paths: ['/v1/trace/{id}'] },
  {
    screen: 'statement',
    list: '/v1/statements?brought=new',
    paths: ['/v1/statements/{id}', '/v1/statements/{id}/lines'],
  },
  { screen: 'entry', list: '/v1/ledger/entries', paths: ['/v1/ledger/entries/{id}'] },
  {
    screen: 'account',
    list: '/v1/ledger/accounts?prefix=receivable:invoiced:',
    field: 'account',
    paths: ['/v1/ledger/accounts?prefix={id}&limit=20', '/v1/ledger/entries?account={id}&sort=-book_date'],
  },
  {
    screen: 'commitment',
    list: '/v1/commitments',
    paths: ['/v1/commitments/{id}', '/v1/commitments/{id}/drawdowns'],
  },
  {
    screen: 'partner',
    list: '/v1/partners',
    paths: ['/v1/partners/{id}', '/v1/partner-statements?partner_id={id}'],
  },
]

/** All reads, with ids of things that are there. */
export async function readsOf(ask: Ask): Promise<Read[]> {
  const reads = PLAIN.flatMap(([screen, ...paths]) => paths.map((path) => ({ screen, path })))
  for (const { screen, list, field = 'id', paths } of OF_ONE) {
    const { items } = JSON.parse((await ask(list)).body) as { items: Record<string, string>[] }
    const found = items.at(-1)?.[field]
    if (found === undefined) throw new Error(`There is nothing at ${list}.`)
    reads.push(...paths.map((path) => ({ screen, path: path.replaceAll('{id}', encodeURIComponent(found)) })))
  }
  return reads
}
