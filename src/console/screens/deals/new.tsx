import { useSearchParams } from 'wouter'
import { api } from '../../api.ts'
import { useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { deals } from '../../words/deals.ts'
import { DealFormFields } from './deal-form.tsx'
import { dealForm, newDeal, replacementForm } from './draft.ts'

const words = deals.form

/** A deal to be written: empty, or with the values of one that is there. */
export default function NewDeal() {
  const [parameters] = useSearchParams()
  const from = parameters.get('from')
  const { now } = useSession()
  const { connections, loaded } = useConnections()
  const query = { limit: 200, sort: 'name' as const }
  const products = api.useQuery('get', '/v1/products', { params: { query } })
  const origin = api.useQuery(
    'get',
    '/v1/deals/{id}',
    { params: { path: { id: from ?? '' } } },
    { enabled: from !== null },
  )
  const replaces = parameters.get('replaces')
  const replaced = api.useQuery(
    'get',
    '/v1/agreements/{id}',
    { params: { path: { id: replaces ?? '' } } },
    { enabled: replaces !== null },
  )
  const back = { to: '/deals', label: deals.title }
  const error = products.error ?? origin.error ?? replaced.error
  const wanted = parameters.get('product') ?? ''
  const today = now.slice(0, 10)
  const ready =
    products.data !== undefined &&
    loaded &&
    (from === null || origin.data !== undefined) &&
    (replaces === null || replaced.data !== undefined)
  return (
    <Page title={words.title} lead={words.lead} back={back}>
      {error ? (
        <ProblemAlert error={error} />
      ) : !ready ? (
        <Loading />
      ) : products.data?.items.length === 0 ? (
        <Empty title={words.noProduct} help={words.noProductHelp}>
          <GoToButton to="/products/new">{words.describe}</GoToButton>
        </Empty>
      ) : (
        <DealFormFields
          key={`${from} ${replaces}`}
          initial={
            replaced.data !== undefined
              ? replacementForm(replaced.data, words.replacementName, today)
              : origin.data !== undefined
                ? dealForm(origin.data, today)
                : { ...newDeal(today), product_id: wanted }
          }
          products={products.data?.items ?? []}
          connections={connections}
          today={today}
        />
      )}
    </Page>
  )
}
