import { Button, Grid, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { DAY_MS, dateOf, plus, startOfDate } from '../../../core/time.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudOptions, noOptions, readCloudOptions, useCloud } from '../../parts/cloud-options.tsx'
import { useConnections } from '../../parts/connections.tsx'
import { FillExample } from '../../parts/example.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { deals } from '../../words/deals.ts'
import { examples } from '../../words/examples.ts'
import { common } from '../../words/index.ts'
import { usePanel } from '../sandbox/use-panel.ts'
import { Findings } from './check-panel.tsx'
import { composeTerms } from './compose-terms.ts'
import { Discount } from './discount-field.tsx'
import { type Terms, termsForm } from './draft.ts'
import { evenPlan, monthsAfter } from './instalments.ts'
import { TermsEditor } from './terms-editor.tsx'
import { findingsByField, useCheck } from './use-check.ts'
import { bandHints, type OpenDraft, Whom } from './whom.tsx'

const words = deals.open

/** A saved deal opened to one reseller at wholesale terms, which begin as the deal's own. */
export default function OpenToReseller() {
  const { id = '' } = useParams<{ id: string }>()
  const deal = api.useQuery('get', '/v1/deals/{id}', { params: { path: { id } } })
  const product_id = deal.data?.product_id ?? ''
  const product = api.useQuery(
    'get',
    '/v1/products/{id}',
    { params: { path: { id: product_id } } },
    { enabled: product_id !== '' },
  )
  const back = { to: `/deals/${id}`, label: deal.data?.name ?? deals.title }
  const error = deal.error ?? product.error
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} />
      </Page>
    )
  }
  if (deal.data === undefined || product.data === undefined) return <Loading />
  return (
    <Page title={words.title(deal.data.name)} lead={words.lead} back={back}>
      <OpenForm deal={deal.data} dimensions={product.data.dimensions} />
    </Page>
  )
}

/** An example stays open so long; its payment is due the day after, as AWS wants it. */
const OPEN_DAYS = 2
const daysAfter = (day: string, days: number) => dateOf(plus(startOfDate(day), days * DAY_MS))

type FormProps = { deal: Schemas['Deal']; dimensions: Schemas['Product']['dimensions'] }

function OpenForm({ deal, dimensions }: FormProps) {
  const [parameters] = useSearchParams()
  const { now } = useSession()
  const [, go] = useLocation()
  const today = now.slice(0, 10)
  const [draft, setDraft] = useState<OpenDraft>({
    connection_id: parameters.get('connection') ?? '',
    reseller_account_id: '',
    markup_min_percent: '0',
    markup_max_percent: '',
    expires_on: parameters.get('until') ?? monthsAfter(today, 1),
    single_use: true,
  })
  const [terms, setTerms] = useState(() => termsForm(deal.terms, today))
  const [typed, setTyped] = useState(noOptions)
  const { connections } = useConnections()
  const known = useCloud(connections.find(({ id }) => id === draft.connection_id)?.cloud)
  const fields = known?.options.authorization
  const options = readCloudOptions(typed, fields)
  const { value, hints } = composeTerms(terms)
  const { connection_id, expires_on } = draft
  const ready = value !== undefined && connection_id !== '' && expires_on !== ''
  const { name, product_id, buyer } = deal
  const { checked, checking, error } = useCheck(
    ready
      ? {
          deal: { name, product_id, buyer, terms: value },
          connection_ids: [connection_id],
          expires_on,
          channel: 'reseller',
          single_use: draft.single_use,
          ...(options == null ? {} : { options }),
        }
      : undefined,
  )
  const open = useWrite(
    async (content: OpenDraft & { terms: Terms; options?: Record<string, unknown> }, header) =>
      client.POST('/v1/resale-authorizations', {
        params: { header },
        body: { deal_id: deal.id, ...content },
      }),
    { done: words.sent, onDone: ({ id }) => go(`/resale-authorizations/${id}`) },
  )
  const sent = fieldErrors(open.error)
  const band = bandHints(draft)
  const findings = checked?.[0]?.findings ?? []
  const whole = ready && draft.reseller_account_id.trim() !== '' && draft.markup_max_percent.trim() !== ''
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (value === undefined) return
        const reseller_account_id = draft.reseller_account_id.trim()
        open.mutate({
          ...draft,
          reseller_account_id,
          terms: value,
          ...(options == null ? {} : { options }),
        })
      }}
    >
      <Grid>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Card
            title={words.reseller}
            actions={
              <Example
                draft={draft}
                fill={(made) => {
                  setDraft({ ...made, expires_on: daysAfter(today, OPEN_DAYS) })
                  const due_on = daysAfter(today, OPEN_DAYS + 1)
                  setTerms((form) => ({ ...form, plan: evenPlan(form.plan.total, [due_on]) }))
                }}
              />
            }
          >
            <Whom
              withoutEnd={known?.selling?.opens_without_end ?? false}
              {...{ draft, errors: { ...sent, ...band }, onChange: setDraft }}
            />
            <CloudOptions
              value={typed}
              errors={{ ...findingsByField(checked), ...sent }}
              onChange={setTyped}
              fields={fields}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Card title={words.wholesale}>
            <Discount terms={deal.terms} onApply={(cut) => setTerms(termsForm(cut, today))} />
            <TermsEditor
              form={terms}
              dimensions={dimensions}
              hints={hints}
              errors={{ ...findingsByField(checked), ...sent }}
              onChange={setTerms}
            />
            <div aria-live="polite">
              <Text size="sm" c="dimmed">
                {!ready
                  ? deals.check.unread
                  : checking
                    ? deals.check.checking
                    : findings.length === 0
                      ? deals.check.fine
                      : deals.check.found(findings.length)}
              </Text>
              <Findings of={findings} />
            </div>
            <ProblemAlert error={error ?? open.error} />
            <Group justify="flex-end">
              <Button
                type="submit"
                loading={open.isPending}
                disabled={!whole || Object.keys(band).length > 0 || options === null}
              >
                {words.send}
              </Button>
            </Group>
          </Card>
        </Grid.Col>
      </Grid>
    </form>
  )
}

/** In the sandbox: a reseller in whose seat the caller can accept it, and a band. */
function Example({ draft, fill }: { draft: OpenDraft; fill(draft: OpenDraft): void }) {
  const { data: panel } = usePanel()
  const { connections } = useConnections()
  const chosen = connections.find(({ id }) => id === draft.connection_id)
  const reseller = panel?.resellers.find(({ cloud }) => chosen === undefined || cloud === chosen.cloud)
  const connection = chosen ?? connections.find(({ cloud }) => cloud === reseller?.cloud)
  if (reseller === undefined || connection === undefined) return null
  const made = {
    ...draft,
    connection_id: connection.id,
    reseller_account_id: reseller.account_id,
    markup_min_percent: examples.markup.low,
    markup_max_percent: examples.markup.high,
  }
  return <FillExample fill={() => fill(made)} />
}
