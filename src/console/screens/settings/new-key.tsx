import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useRef } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { keys } from '../../words/keys.ts'

type Scope = Schemas['ApiKey']['scopes'][number]
type Values = { name: string; days: number | string; scopes: Scope[] }

const words = keys.form
/** The service's own bounds; what is wrong is said before it is sent. */
const DAYS_MAX = 366
const DAYS = 90

/** Makes a key, and shows its secret once. */
export function NewKey({ close }: { close(): void }) {
  const form = useForm<Values>({
    initialValues: { name: '', days: DAYS, scopes: [] },
    validateInputOnBlur: true,
    validate: {
      name: (text) => (text.trim() === '' ? words.nameShort : null),
      days: (days) => (isDays(days) ? null : words.daysWrong(DAYS_MAX)),
      scopes: (scopes) => (scopes.length === 0 ? words.scopesShort : null),
    },
  })
  const write = useWrite(({ name, days, scopes }: Values, header) =>
    client.POST('/v1/api-keys', { params: { header }, body: { name, days: Number(days), scopes } }),
  )
  const made = write.data
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (made === undefined) first.current?.focus()
  }, [made])
  if (made !== undefined) {
    const again = () => {
      form.reset()
      write.reset()
    }
    return (
      <Stack gap="sm">
        <ShownOnce title={keys.made} help={keys.madeHelp(made.name)} secret={made.secret} />
        <Group>
          <Button variant="default" onClick={again}>
            {keys.another}
          </Button>
          <Button variant="default" onClick={close}>
            {common.close}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Card title={words.title}>
      <form
        noValidate
        onSubmit={form.onSubmit((values) =>
          write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
        )}
      >
        <Stack>
          <TextInput
            maw={480}
            label={words.name}
            description={words.nameHelp}
            required
            maxLength={120}
            ref={first}
            {...form.getInputProps('name')}
          />
          <NumberInput
            maw={480}
            label={words.days}
            description={words.daysHelp(DAYS_MAX)}
            required
            min={1}
            max={DAYS_MAX}
            allowDecimal={false}
            {...form.getInputProps('days')}
          />
          <Scopes
            input={form.getInputProps('scopes')}
            choose={(scopes) => form.setFieldValue('scopes', [...scopes])}
          />
          <ProblemAlert error={write.error} />
          <Group>
            <Button type="submit" loading={write.isPending}>
              {words.send}
            </Button>
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function isDays(days: number | string): boolean {
  const count = Number(days)
  return Number.isInteger(count) && count >= 1 && count <= DAYS_MAX
}

type ScopesProps = {
  input: ReturnType<ReturnType<typeof useForm<Values>>['getInputProps']>
  choose(scopes: readonly Scope[]): void
}

/** What the key may do: nobody gives what they do not have. */
function Scopes({ input, choose }: ScopesProps) {
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/roles', {}, { staleTime: 60_000 })
  const own = data?.permissions.filter(({ name }) => can(name)) ?? []
  // The service lists its permissions; a scope is one of them.
  const names = own.map(({ name }) => name as Scope)
  return (
    <Stack gap="sm">
      <ProblemAlert error={error} retry={refetch} />
      <Checkbox.Group label={words.scopes} description={words.scopesHelp} required {...input}>
        <Group gap="xs" my="sm">
          {names.includes('usage.send') && (
            <Button variant="default" size="compact-sm" onClick={() => choose(['usage.send'])}>
              {words.usageOnly}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => choose(names.filter((name) => name.endsWith('.read')))}
          >
            {words.readOnly}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => choose([])}>
            {words.none}
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="sm" mb="xs">
          {own.map(({ name, words: text }) => (
            <Checkbox key={name} value={name} label={name} description={text} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </Stack>
  )
}
