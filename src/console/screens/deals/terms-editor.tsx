import { NativeSelect, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { currencies } from '../../../core/money.ts'
import { deals } from '../../words/deals.ts'
import { common } from '../../words/index.ts'
import { Amounts } from './amounts.tsx'
import { type Hints, hasUsage, isFixed, kinds, type TermsForm, withCurrency } from './draft.ts'
import { InstalmentEditor } from './instalment-editor.tsx'
import { readAmount, withTotal, writeAmount } from './instalments.ts'
import { RatesEditor } from './rates-editor.tsx'

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
        {(isFixed(kind) || kind === 'usage') && (
          <TextInput
            label={words.duration}
            inputMode="numeric"
            value={duration}
            error={errorOf('terms.duration_months')}
            onChange={(event) => set({ duration: event.currentTarget.value })}
          />
        )}
        {kind === 'free_trial' && (
          <TextInput
            label={words.trialDays}
            inputMode="numeric"
            value={form.trial_days}
            error={errorOf('terms.trial_days')}
            onChange={(event) => set({ trial_days: event.currentTarget.value })}
          />
        )}
        {isFixed(kind) && (
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
      {isFixed(kind) && (
        <InstalmentEditor
          plan={plan}
          currency={currency}
          duration_months={months}
          errors={errors}
          onChange={(next) => set({ plan: next })}
        />
      )}
      {kind === 'configurable' && (
        <RatesEditor
          rates={form.rates}
          dimensions={dimensions?.filter((one) => one.kind === 'entitled')}
          errorOf={errorOf}
          onChange={(rates) => set({ rates })}
        />
      )}
      {(isFixed(kind) || kind === 'free_trial') && (
        <Amounts
          title={words.grants}
          help={grantsHelp(kind)}
          dimensions={dimensions?.filter(
            (one) => one.kind === 'entitled' || kind === 'contract_with_consumption',
          )}
          label={({ unit }) => words.unitsOf(unit)}
          values={form.quantities}
          errorOf={(key) => errorOf(`terms.grants.${key}`)}
          error={errors['terms.grants']}
          onChange={(quantities) => set({ quantities })}
        />
      )}
      {hasUsage(kind) && (
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

function grantsHelp(kind: TermsForm['kind']): string {
  if (kind === 'free_trial') return words.trialHelp
  return kind === 'contract' ? words.grantsHelp : `${words.grantsHelp} ${words.included}`
}
