import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { Schemas } from '../../client/index.ts'
import { api } from '../api.ts'
import { common } from '../words/index.ts'
import { OptionsField, readOptions } from './options-field.tsx'

type Field = Schemas['CloudOption']
type Selling = NonNullable<Schemas['CloudDescription']['selling']>
type Use = 'offer_options' | 'authorization_options' | 'reseller_offer_options'

/** Options as they are typed: by name where the cloud says what it knows, else as JSON. */
export type TypedOptions = { values: Readonly<Record<string, string>>; json: string }
export const noOptions: TypedOptions = { values: {}, json: '' }

const WHOLE = /^[1-9]\d{0,8}$/

/** What of selling differs on a cloud; undefined until it is known, or where nothing is sold. */
export function useSelling(cloud: string | undefined): Selling | undefined {
  const { data } = api.useQuery('get', '/v1/clouds', {}, { staleTime: 600_000 })
  return data?.items.find((one) => one.cloud === cloud)?.selling ?? undefined
}

/** Options in the API's shape: undefined for none, null for what cannot be read. */
export function readCloudOptions(
  { values, json }: TypedOptions,
  fields: readonly Field[] = [],
): Record<string, unknown> | undefined | null {
  if (fields.length === 0) return readOptions(json)
  const options: Record<string, unknown> = {}
  for (const { name, holds, choices } of fields) {
    const text = values[name]?.trim() ?? ''
    if (text === '') continue
    const number = holds === 'number' || (choices?.every((one) => WHOLE.test(one)) ?? false)
    if (number && !WHOLE.test(text)) return null
    const value = number ? Number(text) : holds === 'yes' ? text === 'yes' : text
    const [outer = '', inner] = name.split('.')
    if (inner === undefined) options[outer] = value
    else options[outer] = { ...(options[outer] as Record<string, unknown> | undefined), [inner]: value }
  }
  return Object.keys(options).length === 0 ? undefined : options
}

type OptionsProps = {
  selling: Selling | undefined
  use: Use
  value: TypedOptions
  /** What the checks and the service say, by the API's field. */
  errors: Readonly<Record<string, string>>
  onChange(value: TypedOptions): void
}

/** What only one cloud knows of a request, folded away until somebody needs it. */
export function CloudOptions({ selling, use, value, errors, onChange }: OptionsProps) {
  const words = common.options
  const fields = selling?.[use] ?? []
  const { values, json } = value
  if (fields.length === 0)
    return <OptionsField value={json} onChange={(text) => onChange({ ...value, json: text })} />
  const wrong = Object.keys(errors).some((field) => field.startsWith('options'))
  return (
    <details open={wrong || Object.values(values).some((text) => text !== '')}>
      <summary>{words.title}</summary>
      <Stack gap="xs" mt="xs">
        <Text size="sm" c="dimmed">
          {words.usual}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {fields.map((field) => (
            <Option
              key={field.name}
              field={field}
              value={values[field.name] ?? ''}
              error={errors[`options.${field.name}`]}
              onChange={(text) => onChange({ ...value, values: { ...values, [field.name]: text } })}
            />
          ))}
        </SimpleGrid>
      </Stack>
    </details>
  )
}

type OptionProps = { field: Field; value: string; error: string | undefined; onChange(text: string): void }

function Option({ field: { title, help, holds, choices }, value, error, onChange }: OptionProps) {
  const words = common.options
  const known = holds === 'yes' ? ['yes'] : choices
  if (known !== null && known !== undefined) {
    return (
      <NativeSelect
        label={title}
        description={help}
        value={value}
        error={error}
        data={[{ value: '', label: words.none }, ...known]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  const unread = holds === 'number' && value.trim() !== '' && !WHOLE.test(value.trim())
  return (
    <TextInput
      type={holds === 'date' ? 'date' : 'text'}
      inputMode={holds === 'number' ? 'numeric' : undefined}
      label={title}
      description={help}
      value={value}
      error={unread ? words.number : error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
