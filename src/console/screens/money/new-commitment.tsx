import { Button, Group, NativeSelect, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useLocation } from 'wouter'
import { compare, decimal, parseDecimal } from '../../../core/decimal.ts'
import { currencies } from '../../../core/money.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { clouds, cloudText } from '../../parts/connections.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { commitments } from '../../words/commitments.ts'
import { common } from '../../words/index.ts'

const words = commitments.write

const isPercent = (text: string) => {
  const value = parseDecimal(text)
  return value !== undefined && compare(value, decimal(0)) >= 0 && compare(value, decimal(100)) <= 0
}

type Draft = {
  name: string
  kind: string
  cloud: string
  buyer_account_id: string
  currency: string
  amount: string
  starts_on: string
  ends_on: string
  eligible_percent: string
  cap_percent: string
  source: string
}

const needed = (text: string) => (text.trim() === '' ? common.form.needed : null)

/** Writes down what a buyer promised. */
export default function NewCommitment() {
  const { now } = useSession()
  const [, go] = useLocation()
  const year = now.slice(0, 4)
  const form = useForm<Draft>({
    validateInputOnBlur: true,
    initialValues: {
      name: '',
      kind: 'cloud',
      cloud: 'aws',
      buyer_account_id: '',
      currency: 'USD',
      amount: '',
      starts_on: `${year}-01-01`,
      ends_on: `${year}-12-31`,
      eligible_percent: '100',
      cap_percent: '100',
      source: '',
    },
    validate: {
      name: needed,
      buyer_account_id: needed,
      source: needed,
      starts_on: needed,
      amount: (text) => (parseDecimal(text) === undefined || text.startsWith('-') ? words.amountWrong : null),
      ends_on: (day, { starts_on }) => (day < starts_on ? words.endsWrong : needed(day)),
      eligible_percent: (text) => (isPercent(text) ? null : words.percentWrong),
      cap_percent: (text) => (isPercent(text) ? null : words.percentWrong),
    },
  })
  const write = useWrite(
    ({ currency, amount, kind, cloud, ...draft }: Draft, headers) =>
      client.POST('/v1/commitments', {
        params: { header: headers },
        body: {
          ...draft,
          kind: kind === 'vendor' ? 'vendor' : 'cloud',
          ...(cloud === '' ? {} : { cloud: cloud as (typeof clouds)[number] }),
          // The choice offers only currencies that the service knows.
          amount: { currency: currency as 'USD', amount },
        },
      }),
    { done: words.done, onDone: ({ id }) => go(`/commitments/${id}`) },
  )
  const refused = fieldErrors(write.error)
  const field = (name: keyof Draft) => ({
    ...form.getInputProps(name),
    error: form.errors[name] ?? refused[name === 'amount' ? 'amount.amount' : name],
  })
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/commitments', label: commitments.title }}>
      <Card title={words.title}>
        <form onSubmit={form.onSubmit((draft) => write.mutate(draft))}>
          <Stack maw={720}>
            <TextInput label={words.name} description={words.nameHelp} required {...field('name')} />
            <Radio.Group label={words.kind} {...field('kind')}>
              <Stack gap="xs" mt="xs">
                <Radio value="cloud" label={words.kindCloud} />
                <Radio value="vendor" label={words.kindVendor} />
              </Stack>
            </Radio.Group>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NativeSelect
                label={words.cloud}
                data={[
                  ...(form.values.kind === 'vendor' ? [{ value: '', label: words.anyCloud }] : []),
                  ...clouds.map((value) => ({ value, label: cloudText(value) })),
                ]}
                {...field('cloud')}
              />
              <TextInput
                label={words.buyer}
                description={words.buyerHelp}
                required
                {...field('buyer_account_id')}
              />
              <NativeSelect label={words.currency} data={currencies} {...field('currency')} />
              <TextInput label={words.amount} inputMode="decimal" required {...field('amount')} />
              <TextInput label={words.starts} type="date" required {...field('starts_on')} />
              <TextInput label={words.ends} type="date" required {...field('ends_on')} />
              <TextInput
                label={words.eligible}
                description={words.eligibleHelp}
                inputMode="decimal"
                {...field('eligible_percent')}
              />
              <TextInput
                label={words.cap}
                description={words.capHelp}
                inputMode="decimal"
                {...field('cap_percent')}
              />
            </SimpleGrid>
            <TextInput label={words.source} description={words.sourceHelp} required {...field('source')} />
            <ProblemAlert error={write.error} />
            <Group justify="flex-end">
              <Button type="submit" loading={write.isPending}>
                {common.save}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  )
}
