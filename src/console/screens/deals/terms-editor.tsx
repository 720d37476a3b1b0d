import { NativeSelect, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { currencies } from '../../../core/money.ts'
import { deals } from '../../words/deals.ts'
import { common } from '../../words/index.ts'
import { type Hints, kinds, type TermsForm, withCurrency } from './draft.ts'
import { InstalmentEditor } from './instalment-editor.tsx'
import { readAmount, withTotal, writeAmount } from './instalments.ts'

const words = deals.form
type Dimension = Schemas['Product']['dimensions'][number]

type TermsEditorProps = {
  form: TermsForm
  /** Of the chosen product; undefined as long as none is chosen. */
  dimensions: readonly Dimension[] | undefined
  hints: Hints
  /** What the checks and the service say, by the API's field. */
  errors: Readonly<Record<string, string>>
  onChange(form: TermsForm): void
}

/** Terms as they are typed: the kind of pricing, the payment plan, what is bought ahead, prices of usage. */
export function TermsEditor({ form, dimensions, hints, errors, onChange }: TermsEditorProps) {
  const { kind, currency, duration, total, plan } = form
  const set = (change: Partial<TermsForm>) => onChange({ ...form, ...change })
  const errorOf = (field: string) => {
    const hint = hints[field]
    if (hint === 'amount') return words.hints.amount(writeAmount(currency, 123_450n))
    return hint === undefined ? errors[field] : words.hints[hint]
  }
  const months = /^\d{1,3}$/.test(duration.trim()) ? Number(duration) : 1
  return (
    <Stack gap="md">
      <Radio.Group
        label={words.kind}
        value={kind}
        onChange={(value) => set({ kind: kinds.find((one) => one === value) ?? kind })}
      >
        <Stack gap={6} mt={6}>
          {kinds.map((one) => (
            <Radio key={one} value={one} label={common.terms.kinds[one]} description={words.kindHelp[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <NativeSelect
          label={words.currency}
          value={currency}
          data={currencies}
          error={errorOf('terms.currency')}
          onChange={(event) => onChange(withCurrency(form, event.currentTarget.value))}
        />
        <TextInput
          label={words.duration}
          inputMode="numeric"
          value={duration}
          error={errorOf('terms.duration_months')}
          onChange={(event) => set({ duration: event.currentTarget.value })}
        />
        {kind !== 'usage' && (
          <TextInput
            label={words.total}
            inputMode="decimal"
            value={total}
            error={errorOf('terms.total')}
            onChange={(event) => {
              const next = event.currentTarget.value
              const amount = readAmount(currency, next)
              set({ total: next, ...(amount === undefined ? {} : { plan: withTotal(plan, amount) }) })
            }}
          />
        )}
      </SimpleGrid>
      {kind !== 'usage' && (
        <InstalmentEditor
          plan={plan}
          currency={currency}
          duration_months={months}
          errors={errors}
          onChange={(next) => set({ plan: next })}
        />
      )}
      {kind !== 'usage' && (
        <Amounts
          title={words.grants}
          help={kind === 'contract' ? words.grantsHelp : `${words.grantsHelp} ${words.included}`}
          dimensions={dimensions?.filter((one) => one.kind === 'entitled' || kind !== 'contract')}
          label={({ unit }) => words.unitsOf(unit)}
          values={form.quantities}
          errorOf={(key) => errorOf(`terms.grants.${key}`)}
          error={errors['terms.grants']}
          onChange={(quantities) => set({ quantities })}
        />
      )}
      {kind !== 'contract' && (
        <Amounts
          title={words.prices}
          help={words.pricesHelp}
          dimensions={dimensions?.filter((one) => one.kind === 'metered')}
          label={({ unit }) => words.perUnit(unit)}
          values={form.prices}
          errorOf={(key) => errorOf(`terms.usage_prices.${key}`)}
          error={errors['terms.usage_prices']}
          onChange={(prices) => set({ prices })}
        />
      )}
    </Stack>
  )
}

type AmountsProps = {
  title: string
  help: string
  dimensions: readonly Dimension[] | undefined
  label(dimension: Dimension): string
  values: Readonly<Record<string, string>>
  errorOf(key: string): string | undefined
  error: string | undefined
  onChange(values: Record<string, string>): void
}

/** One field for each dimension. */
function Amounts({ title, help, dimensions, label, values, errorOf, error, onChange }: AmountsProps) {
  return (
    <Stack gap={6} component="fieldset" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" fw={600} p={0}>
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {help}
      </Text>
      {dimensions === undefined || dimensions.length === 0 ? (
        <Text size="sm">{dimensions === undefined ? words.noDimensions : words.noneOfKind}</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
          {dimensions.map((dimension) => (
            <TextInput
              key={dimension.key}
              label={dimension.name}
              description={label(dimension)}
              inputMode="decimal"
              value={values[dimension.key] ?? ''}
              error={errorOf(dimension.key)}
              onChange={(event) => onChange({ ...values, [dimension.key]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
      )}
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
    </Stack>
  )
}
