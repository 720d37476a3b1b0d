import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudOptions, noOptions, readCloudOptions, useCloud } from '../../parts/cloud-options.tsx'
import { connectionText, useConnections } from '../../parts/connections.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { TermsView } from '../../parts/terms.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { deals } from '../../words/deals.ts'
import { common } from '../../words/index.ts'
import { Findings } from './check-panel.tsx'
import { monthsAfter } from './instalments.ts'

const words = deals.offer

/** A direct offer of a saved deal, on one account. */
export default function MakeOffer() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error } = api.useQuery('get', '/v1/deals/{id}', { params: { path: { id } } })
  const back = { to: `/deals/${id}`, label: data?.name ?? deals.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page title={words.title(data.name)} lead={words.lead} back={back}>
      <OfferForm deal={data} />
      <Card title={common.terms.title}>
        <TermsView of={data.terms} />
      </Card>
    </Page>
  )
}

/** How long after the last key the offer is checked. */
const PAUSE_MS = 400

/** What was found, by the field it is about. */
const byField = (findings: readonly Schemas['Finding'][]) =>
  Object.fromEntries(findings.map(({ field, reason, fix }) => [field, deals.check.sentence(reason, fix)]))

type Body = {
  deal_id: string
  connection_id: string
  name?: string
  expires_on: string
  options?: Record<string, unknown>
}

function OfferForm({ deal }: { deal: Schemas['Deal'] }) {
  const [parameters] = useSearchParams()
  const { now } = useSession()
  const { connections } = useConnections()
  const [, go] = useLocation()
  const [connection_id, setConnection] = useState(parameters.get('connection') ?? '')
  const [expires_on, setExpires] = useState(parameters.get('until') ?? monthsAfter(now.slice(0, 10), 1))
  const [name, setName] = useState('')
  const [typed, setTyped] = useState(noOptions)
  const known = useCloud(connections.find((one) => one.id === connection_id)?.cloud)
  const fields = known?.options.offer
  const options = readCloudOptions(typed, fields)
  const [settled] = useDebouncedValue(options == null ? '' : JSON.stringify(options), PAUSE_MS)
  const ready = connection_id !== '' && expires_on !== ''
  const check = api.useQuery(
    'get',
    '/v1/deals/{id}/check',
    {
      params: {
        path: { id: deal.id },
        query: { connection_id, expires_on, ...(settled === '' ? {} : { options: settled }) },
      },
    },
    { enabled: ready, placeholderData: (before) => before },
  )
  const make = useWrite((body: Body, header) => client.POST('/v1/offers', { params: { header }, body }), {
    done: words.sent,
    onDone: ({ id }) => go(`/offers/${id}`),
  })
  const findings = check.data?.findings ?? []
  const errors = { ...byField(findings), ...fieldErrors(make.error) }
  const given = name.trim()
  return (
    <Card title={common.details}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate({
            deal_id: deal.id,
            connection_id,
            expires_on,
            ...(given === '' ? {} : { name: given }),
            ...(options == null ? {} : { options }),
          })
        }}
      >
        <Stack maw={560}>
          <NativeSelect
            required
            label={words.connection}
            value={connection_id}
            error={errors.connection_id}
            data={[
              { value: '', label: words.choose },
              ...connections.map((one) => ({ value: one.id, label: connectionText(one) })),
            ]}
            onChange={(event) => setConnection(event.currentTarget.value)}
          />
          <TextInput
            required
            type="date"
            label={words.expires}
            value={expires_on}
            error={errors.expires_on}
            onChange={(event) => setExpires(event.currentTarget.value)}
          />
          <TextInput
            label={words.name}
            description={words.nameHelp}
            placeholder={deal.name}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <CloudOptions
            value={typed}
            onChange={setTyped}
            replacing={deal.replaces_agreement_id !== undefined}
            {...{ fields, errors }}
          />
          <div aria-live="polite">
            {ready && check.data !== undefined && (
              <Text size="sm" c="dimmed">
                {findings.length === 0 ? deals.check.fine : deals.check.found(findings.length)}
              </Text>
            )}
            <Findings of={findings} />
          </div>
          <ProblemAlert error={check.error ?? make.error} />
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={make.isPending}
              disabled={!ready || findings.length > 0 || options === null}
            >
              {words.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
