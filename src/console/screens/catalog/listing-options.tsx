import { Textarea, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import type { Connection } from '../../parts/connections.tsx'
import { OptionsField, readOptions } from '../../parts/options-field.tsx'
import { catalog } from '../../words/catalog.ts'
import { parts } from './product-draft.ts'

type Cloud = Schemas['CloudDescription']
export type KnownOptions = Cloud['listing_options']
/** Options as typed, by name; what no field is known for stands as JSON under the empty name. */
export type OptionsForm = Readonly<Record<string, string>>
const REST = ''

/** What is known of an account's cloud. */
export function useCloud(connection: Connection | undefined): Cloud | undefined {
  const { data } = api.useQuery('get', '/v1/clouds', {}, { staleTime: 600_000 })
  return data?.items.find(({ cloud }) => cloud === connection?.cloud)
}

/** Does the cloud's own interface do this? */
export function can(cloud: Cloud | undefined, capability: string): boolean {
  return cloud?.capabilities.some(({ name, by }) => name === capability && by === 'interface') ?? false
}

const fits = ({ pattern, list }: KnownOptions[number], text: string) =>
  (list ? parts(text, /[\s,]+/) : [text.trim()]).every((one) => one === '' || new RegExp(pattern).test(one))

/** What is sent: undefined for nothing, null while something typed cannot be right. */
export function composeOptions(
  known: KnownOptions,
  form: OptionsForm,
): Record<string, unknown> | undefined | null {
  if (known.some((one) => !fits(one, form[one.name] ?? ''))) return null
  const rest = readOptions(form[REST] ?? '')
  if (rest === null) return null
  const stated = known.flatMap(({ name, list }) => {
    const text = (form[name] ?? '').trim()
    return text === '' ? [] : [[name, list ? parts(text, /[\s,]+/) : text] as const]
  })
  const all = { ...rest, ...Object.fromEntries(stated) }
  return Object.keys(all).length === 0 ? undefined : all
}

/** Options as they are typed, out of what was published. */
export function optionsForm(known: KnownOptions, options: unknown): OptionsForm {
  const given: Readonly<Record<string, unknown>> =
    typeof options === 'object' && options !== null ? { ...options } : {}
  const named = known.map(({ name }) => {
    const value = given[name]
    return [name, Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : ''] as const
  })
  const rest = Object.entries(given).filter(([name]) => !known.some((one) => one.name === name))
  const text = rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest), null, 2)
  return { ...Object.fromEntries(named), [REST]: text }
}

type OptionsProps = {
  known: KnownOptions
  form: OptionsForm
  errors: Readonly<Record<string, string>>
  onChange(form: OptionsForm): void
}

/** What only one cloud knows of a listing: a field for each thing that is known, JSON for a cloud that tells nothing. */
export function ListingOptions({ known, form, errors, onChange }: OptionsProps) {
  if (known.length === 0) {
    return <OptionsField value={form[REST] ?? ''} onChange={(text) => onChange({ ...form, [REST]: text })} />
  }
  return known.map((option) => {
    const { name, title, help, list } = option
    const value = form[name] ?? ''
    const field = {
      label: title,
      description: list ? catalog.options.list(help) : help,
      value,
      error: fits(option, value) ? errors[`options.${name}`] : catalog.options.wrong,
      onChange: (event: { currentTarget: { value: string } }) =>
        onChange({ ...form, [name]: event.currentTarget.value }),
    }
    return list ? (
      <Textarea key={name} autosize minRows={2} {...field} />
    ) : (
      <TextInput key={name} {...field} />
    )
  })
}
