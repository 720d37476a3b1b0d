import { Alert, Button, Grid, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { type Connection, clouds, cloudText } from '../../parts/connections.tsx'
import { FillExample } from '../../parts/example.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { deals } from '../../words/deals.ts'
import { usePanel } from '../sandbox/use-panel.ts'
import { CheckPanel } from './check-panel.tsx'
import { composeDeal, type DealDraft } from './compose-deal.ts'
import { type DealForm, exampleDeal } from './draft.ts'
import { monthsAfter } from './instalments.ts'
import { TermsEditor } from './terms-editor.tsx'
import { findingsByField, useCheck } from './use-check.ts'

const words = deals.form

type FormProps = {
  initial: DealForm
  products: readonly Schemas['Product'][]
  connections: readonly Connection[]
  today: string
}

/** The form of a deal, checked on every cloud it is meant for while it is typed. */
export function DealFormFields({ initial, products, connections, today }: FormProps) {
  const [form, setForm] = useState(initial)
  const [chosen, setChosen] = useState(() => connections.map(({ id }) => id))
  const [expires_on, setExpires] = useState(() => monthsAfter(today, 1))
  const [, go] = useLocation()
  const save = useWrite((body: DealDraft, header) => client.POST('/v1/deals', { params: { header }, body }), {
    done: words.saved,
    onDone: ({ id }) => go(`/deals/${id}`),
  })
  const { value: draft, hints, missing } = composeDeal(form)
  const waits = whyNot(missing, hints, chosen, expires_on)
  const { checked, error, checking } = useCheck(
    draft === undefined || waits !== undefined
      ? undefined
      : { deal: draft, connection_ids: chosen, expires_on, channel: 'direct' },
  )
  const errors = { ...findingsByField(checked), ...fieldErrors(save.error) }
  const product = products.find(({ id }) => id === form.product_id)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (draft !== undefined) save.mutate(draft)
      }}
    >
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack>
            <Replaces id={form.replaces_agreement_id} />
            <Card title={words.who} actions={<Example {...{ form, products, connections }} fill={setForm} />}>
              <Who {...{ form, products, connections, errors, onChange: setForm }} />
            </Card>
            <Card title={words.price}>
              <TermsEditor
                form={form.terms}
                dimensions={product?.dimensions}
                hints={hints}
                errors={errors}
                onChange={(terms) => setForm({ ...form, terms })}
              />
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack className="aside">
            <CheckPanel
              connections={connections}
              chosen={chosen}
              onChoose={setChosen}
              expires_on={expires_on}
              onExpire={setExpires}
              waits={waits}
              {...{ checked, checking, error }}
            />
            <ProblemAlert error={save.error} />
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending} disabled={draft === undefined}>
                {words.save}
              </Button>
            </Group>
          </Stack>
        </Grid.Col>
      </Grid>
    </form>
  )
}

/** What becomes of the agreement whose place the deal takes; nothing where it takes none. */
function Replaces({ id }: { id: string | undefined }) {
  if (id === undefined) return null
  return (
    <Alert title={words.replaces}>
      <Stack gap="xs" align="flex-start">
        {words.replacesHelp}
        <GoToButton size="xs" variant="default" to={`/agreements/${id}`}>
          {words.toAgreement}
        </GoToButton>
      </Stack>
    </Alert>
  )
}

type ExampleProps = Pick<FormProps, 'products' | 'connections'> & {
  form: DealForm
  fill(form: DealForm): void
}

/** In the sandbox: a deal with one of its buyers, about the product that was chosen or the last one. */
function Example({ form, products, connections, fill }: ExampleProps) {
  const { data } = usePanel()
  const product = products.find(({ id }) => id === form.product_id) ?? products.at(-1)
  const buyer = data?.buyers.findLast(({ cloud }) => connections.some((one) => one.cloud === cloud))
  if (product === undefined || buyer === undefined) return null
  return <FillExample fill={() => fill(exampleDeal(form, product, buyer))} />
}

type Composed = ReturnType<typeof composeDeal>

const missingLine = (missing: Composed['missing']) =>
  words.missingLine(missing.map((what) => words.missing[what]).join(', '))

/** Why a draft is not checked at the moment; undefined: it is. */
function whyNot(
  missing: Composed['missing'],
  hints: Composed['hints'],
  chosen: readonly string[],
  expires_on: string,
): string | undefined {
  if (missing.length > 0) return missingLine(missing)
  if (Object.keys(hints).length > 0) return deals.check.unread
  if (chosen.length === 0) return deals.check.choose
  return expires_on === '' ? deals.check.day : undefined
}

type WhoProps = Pick<FormProps, 'products' | 'connections'> & {
  form: DealForm
  errors: Readonly<Record<string, string>>
  onChange(form: DealForm): void
}

function Who({ form, products, connections, errors, onChange }: WhoProps) {
  const set = (change: Partial<DealForm>) => onChange({ ...form, ...change })
  const asked = clouds.filter(
    (cloud) =>
      connections.length === 0 ||
      form.accounts[cloud] !== undefined ||
      connections.some((one) => one.cloud === cloud),
  )
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          required
          label={words.name}
          description={words.nameHelp}
          value={form.name}
          error={errors.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <NativeSelect
          required
          label={words.product}
          value={form.product_id}
          error={errors.product_id}
          data={[
            { value: '', label: words.chooseProduct },
            ...products.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => set({ product_id: event.currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        required
        label={words.buyer}
        description={words.buyerHelp}
        value={form.buyer_name}
        error={errors['buyer.name']}
        onChange={(event) => set({ buyer_name: event.currentTarget.value })}
      />
      {asked.map((cloud) => (
        <TextInput
          key={cloud}
          label={words.accounts(cloudText(cloud))}
          description={words.accountsHelp[cloud]}
          value={form.accounts[cloud] ?? ''}
          error={errors[`buyer.accounts.${cloud}`] ?? errors[`buyer.accounts.${cloud}.0`]}
          onChange={(event) => set({ accounts: { ...form.accounts, [cloud]: event.currentTarget.value } })}
        />
      ))}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={words.contactName}
          description={words.contactHelp}
          value={form.contact_name}
          error={errors['buyer.contact.name']}
          onChange={(event) => set({ contact_name: event.currentTarget.value })}
        />
        <TextInput
          type="email"
          label={words.contactEmail}
          value={form.contact_email}
          error={errors['buyer.contact.email']}
          onChange={(event) => set({ contact_email: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Stack>
  )
}
