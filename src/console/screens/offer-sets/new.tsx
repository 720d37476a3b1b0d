import { Button, Fieldset, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudOptions, noOptions, readCloudOptions, useClouds } from '../../parts/cloud-options.tsx'
import { type Connection, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { offerSets } from '../../words/offer-sets.ts'
import { monthsAfter } from '../deals/instalments.ts'
import { DealChoice, useDeals } from './deal-choice.tsx'

const words = offerSets.form

/** Several deals of one buyer as one set of offers. */
export default function NewOfferSet() {
  const { connections, loaded } = useConnections()
  const clouds = useClouds()
  const places = connections.filter(
    ({ cloud }) => clouds?.find((one) => one.cloud === cloud)?.selling?.offer_sets != null,
  )
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/offer-sets', label: offerSets.title }}>
      {!loaded || clouds === undefined ? (
        <Loading />
      ) : places.length === 0 ? (
        <Empty title={words.nowhere} help={words.nowhereHelp}>
          <GoToButton to="/connections">{words.connect}</GoToButton>
        </Empty>
      ) : (
        <SetForm places={places} />
      )}
    </Page>
  )
}

type Row = { key: number; deal_id: string; options: typeof noOptions }
type Body = {
  connection_id: string
  name: string
  buyer_notes: string
  expires_on: string
  offers: { deal_id: string; options?: Record<string, unknown> }[]
}

const START = 2

function SetForm({ places }: { places: readonly Connection[] }) {
  const [parameters] = useSearchParams()
  const { now } = useSession()
  const clouds = useClouds()
  const [, go] = useLocation()
  const [connection_id, setConnection] = useState(places.length === 1 ? (places[0]?.id ?? '') : '')
  const [name, setName] = useState('')
  const [buyer_notes, setNotes] = useState('')
  const [expires_on, setExpires] = useState(monthsAfter(now.slice(0, 10), 1))
  const asked = parameters.get('deal') ?? ''
  const [rows, setRows] = useState<readonly Row[]>(() =>
    Array.from({ length: START }, (_, key) => ({ key, deal_id: key === 0 ? asked : '', options: noOptions })),
  )
  const cloud = places.find(({ id }) => id === connection_id)?.cloud
  const known = clouds?.find((one) => one.cloud === cloud)
  const fields = known?.options.offer
  const rules = known?.selling?.offer_sets ?? undefined
  const { deals, loaded, error } = useDeals(cloud, asked)
  const make = useWrite((body: Body, header) => client.POST('/v1/offer-sets', { params: { header }, body }), {
    done: words.sent,
    onDone: ({ id }) => go(`/offer-sets/${id}`),
  })
  const errors = fieldErrors(make.error)
  const read = rows.map(({ options }) => readCloudOptions(options, fields))
  const change = (key: number, part: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const ready =
    connection_id !== '' &&
    expires_on !== '' &&
    rows.every(({ deal_id }) => deal_id !== '') &&
    !read.includes(null)
  if (loaded && deals.length === 0 && cloud !== undefined) {
    return (
      <Empty title={words.noDeals} help={words.noDealsHelp}>
        <GoToButton to="/deals/new">{words.write}</GoToButton>
      </Empty>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const offers = rows.map(({ deal_id }, index) => {
          const options = read[index]
          return { deal_id, ...(options == null ? {} : { options }) }
        })
        make.mutate({ connection_id, name, buyer_notes, expires_on, offers })
      }}
    >
      <Stack>
        <Card title={common.details}>
          <Stack maw={560}>
            <NativeSelect
              required
              label={words.connection}
              value={connection_id}
              error={errors.connection_id}
              data={[
                { value: '', label: words.choose },
                ...places.map((one) => ({ value: one.id, label: connectionText(one) })),
              ]}
              onChange={(event) => setConnection(event.currentTarget.value)}
            />
            <TextInput
              required
              label={words.name}
              maxLength={rules?.name_max}
              value={name}
              error={errors.name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              required
              autosize
              minRows={2}
              label={words.notes}
              description={words.notesHelp}
              maxLength={rules?.notes_max}
              value={buyer_notes}
              error={errors.buyer_notes}
              onChange={(event) => setNotes(event.currentTarget.value)}
            />
            <TextInput
              required
              type="date"
              label={words.expires}
              description={words.expiresHelp}
              value={expires_on}
              error={errors.expires_on}
              onChange={(event) => setExpires(event.currentTarget.value)}
            />
          </Stack>
        </Card>
        <Card title={words.offers}>
          <Stack maw={560}>
            {rules !== undefined && (
              <Text size="sm" c="dimmed">
                {words.offersHelp(rules.offers_min, rules.offers_max)}
              </Text>
            )}
            <ProblemAlert error={error} />
            {rows.map(({ key, deal_id, options }, index) => {
              const own = errorsOf(errors, index)
              return (
                <Fieldset key={key} legend={words.deal(index + 1)}>
                  <Stack gap="sm">
                    <DealChoice
                      label={words.chooseDeal}
                      value={deal_id}
                      deals={deals}
                      error={own.text}
                      onChange={(value) => change(key, { deal_id: value })}
                    />
                    <CloudOptions
                      fields={fields}
                      value={options}
                      errors={own.byField}
                      onChange={(value) => change(key, { options: value })}
                    />
                    {rows.length > (rules?.offers_min ?? START) && (
                      <Group justify="flex-end">
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={words.remove(index + 1)}
                          onClick={() => setRows(rows.filter((row) => row.key !== key))}
                        >
                          {words.removeShort}
                        </Button>
                      </Group>
                    )}
                  </Stack>
                </Fieldset>
              )
            })}
            <Group>
              <Button
                variant="default"
                disabled={rows.length >= (rules?.offers_max ?? START)}
                onClick={() =>
                  setRows([...rows, { key: (rows.at(-1)?.key ?? 0) + 1, deal_id: '', options: noOptions }])
                }
              >
                {words.more}
              </Button>
            </Group>
          </Stack>
        </Card>
        <ProblemAlert error={make.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending} disabled={!ready}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What was found of one offer: by its options' fields, and all else as one text at its deal. */
function errorsOf(errors: Readonly<Record<string, string>>, index: number) {
  const prefix = `offers.${index}.`
  const own = Object.entries(errors).filter(([field]) => field.startsWith(prefix))
  const byField = Object.fromEntries(own.map(([field, text]) => [field.slice(prefix.length), text]))
  const rest = Object.entries(byField).filter(([field]) => !field.startsWith('options.'))
  return { byField, text: rest.length === 0 ? undefined : rest.map(([, text]) => text).join(' ') }
}
