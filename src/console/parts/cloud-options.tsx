import { NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import type { Schemas } from '../../client/index.ts'
import { api } from '../api.ts'
import { common } from '../words/index.ts'
import { OptionsField, readOptions } from './options-field.tsx'

type Cloud = Schemas['CloudDescription']
type Field = Schemas['CloudOption']
type Fields = readonly Field[]

/** Options as they are typed: by name what the cloud says it knows, all else as JSON. */
export type TypedOptions = { values: Readonly<Record<string, string>>; json: string }
export const noOptions: TypedOptions = { values: {}, json: '' }

const WHOLE = /^[1-9]\d{0,8}$/
const BREAKS = /[\s,]+/

/** What each cloud is; undefined until it is known. */
export function useClouds(): readonly Cloud[] | undefined {
  return api.useQuery('get', '/v1/clouds', {}, { staleTime: 600_000 }).data?.items
}

/** The same of one of them. */
export function useCloud(name: string | undefined): Cloud | undefined {
  return useClouds()?.find(({ cloud }) => cloud === name)
}

/** Does the cloud's own interface do this? */
export function does(cloud: Cloud | undefined, capability: string): boolean {
  return cloud?.capabilities.some(({ name, by }) => name === capability && by === 'interface') ?? false
}

const isNumber = ({ holds, choices }: Field) =>
  holds === 'number' || (choices?.every((one) => WHOLE.test(one)) ?? false)
const partsOf = ({ list }: Field, text: string) =>
  (list ? text.split(BREAKS) : [text.trim()]).filter((one) => one !== '')

/** Whether what is typed can be what the field holds; nothing always can. */
function fits(field: Field, text: string): boolean {
  const { pattern } = field
  const parts = partsOf(field, text)
  if (isNumber(field)) return parts.every((one) => WHOLE.test(one))
  return pattern === null || parts.every((one) => new RegExp(pattern).test(one))
}

function readField(field: Field, text: string): unknown {
  const values = partsOf(field, text).map((one) =>
    isNumber(field) ? Number(one) : field.holds === 'yes' ? one === 'yes' : one,
  )
  return field.list ? values : values[0]
}

/** Options in the API's shape: undefined for none, null for what cannot be read. */
export function readCloudOptions(
  { values, json }: TypedOptions,
  fields: Fields = [],
): Record<string, unknown> | undefined | null {
  const options = readOptions(json)
  if (options === null || fields.some((field) => !fits(field, values[field.name] ?? ''))) return null
  const all: Record<string, unknown> = { ...options }
  for (const field of fields) {
    const value = readField(field, values[field.name] ?? '')
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    const [outer = '', inner] = field.name.split('.')
    all[outer] = inner === undefined ? value : { ...inside(all[outer]), [inner]: value }
  }
  return Object.keys(all).length === 0 ? undefined : all
}

const inside = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

/** Options as they are typed, out of what was sent before. */
export function typedOptions(options: unknown, fields: Fields): TypedOptions {
  const rest: Record<string, unknown> = { ...inside(options) }
  const values: Record<string, string> = {}
  for (const { name } of fields) {
    const [outer = '', inner] = name.split('.')
    const value = inner === undefined ? rest[outer] : inside(inside(options)[outer])[inner]
    if (value === undefined || value === null) continue
    values[name] = Array.isArray(value) ? value.join('\n') : value === true ? 'yes' : String(value)
  }
  for (const { name } of fields) delete rest[name.split('.')[0] ?? '']
  return { values, json: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, null, 2) }
}

const isNeeded = ({ to_replace }: Field, replacing: boolean) => replacing && to_replace

/** Whether something is not given without which no agreement is replaced. */
export function lacksOptions({ values }: TypedOptions, fields: Fields = [], replacing = false): boolean {
  return fields.some((field) => isNeeded(field, replacing) && (values[field.name] ?? '').trim() === '')
}

type OptionsProps = {
  /** undefined: the cloud is not known yet. */
  fields: Fields | undefined
  value: TypedOptions
  /** What the checks and the service say, by the API's field. */
  errors: Readonly<Record<string, string>>
  /** Always in sight; else folded away until somebody needs it. */
  unfolded?: boolean
  /** The offer takes the place of an agreement: what is needed for that is always in sight. */
  replacing?: boolean
  onChange(value: TypedOptions): void
}

/** What only one cloud knows of a request. A cloud that does not say what it knows takes JSON. */
export function CloudOptions({ fields, replacing = false, ...props }: OptionsProps) {
  const { value, errors, unfolded = false, onChange } = props
  const words = common.options
  const { values, json } = value
  if (fields === undefined) return null
  if (fields.length === 0)
    return <OptionsField value={json} onChange={(text) => onChange({ ...value, json: text })} />
  const needed = fields.filter((field) => isNeeded(field, replacing))
  const usual = fields.filter((field) => !isNeeded(field, replacing))
  const wrong = usual.some(({ name }) => errors[`options.${name}`] !== undefined)
  const shown = (some: Fields, required: boolean) => (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {some.map((field) => (
        <Option
          key={field.name}
          field={field}
          required={required}
          value={values[field.name] ?? ''}
          error={errors[`options.${field.name}`]}
          onChange={(text) => onChange({ ...value, values: { ...values, [field.name]: text } })}
        />
      ))}
    </SimpleGrid>
  )
  if (unfolded) return shown(fields, false)
  return (
    <>
      {needed.length > 0 && shown(needed, true)}
      <details open={wrong || usual.some(({ name }) => (values[name] ?? '') !== '')}>
        <summary>{words.title}</summary>
        <Stack gap="xs" mt="xs">
          <Text size="sm" c="dimmed">
            {words.usual}
          </Text>
          {shown(usual, false)}
        </Stack>
      </details>
    </>
  )
}

type OptionProps = {
  field: Field
  required: boolean
  value: string
  error: string | undefined
  onChange(text: string): void
}

function Option({ field, required, value, error, onChange }: OptionProps) {
  const { title, help, holds, choices, list } = field
  const words = common.options
  const known = holds === 'yes' ? ['yes'] : choices
  const wrong = isNumber(field) ? words.number : words.unlike
  const shown = {
    label: title,
    required,
    description: list ? words.several(help) : help,
    value,
    error: fits(field, value) ? error : wrong,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  }
  if (known !== null) return <NativeSelect {...shown} data={[{ value: '', label: words.none }, ...known]} />
  if (list) return <Textarea {...shown} autosize minRows={2} />
  return (
    <TextInput
      {...shown}
      type={holds === 'date' ? 'date' : 'text'}
      inputMode={holds === 'number' ? 'numeric' : undefined}
    />
  )
}
