import { Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { client } from '../../api.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { agreements } from '../../words/agreements.ts'
import { askErrors, type Reason, ReasonField, saying, WordsField } from './ask-fields.tsx'
import { AskForm } from './ask-form.tsx'
import { type Currency, isAmount } from './is-amount.ts'

const words = agreements.requests

type CancellationProps = { id: string; reasons: readonly Reason[]; days: number | null }

/** The button that asks the buyer to end the agreement, and its form. */
export function AskCancellation(props: CancellationProps) {
  const { label, title } = words.cancellation
  return (
    <FormDialog label={label} title={title} variant="default">
      {(close) => <CancellationForm {...props} close={close} />}
    </FormDialog>
  )
}

function CancellationForm({ id, reasons, days, close }: CancellationProps & { close(): void }) {
  const form = useForm({
    initialValues: { reason: '', words: '' },
    validateInputOnBlur: true,
    validate: { reason: (code) => (code === '' ? words.reasonMissing : null) },
  })
  const write = useWrite(
    (values: typeof form.values, header) =>
      client.POST('/v1/agreements/{id}/cancellations', {
        params: { path: { id }, header },
        body: { reason: values.reason, ...saying(values.words) },
      }),
    { done: words.sent, onDone: close },
  )
  const send = form.onSubmit((values) =>
    write.mutate(values, { onError: (error) => form.setErrors(askErrors(error)) }),
  )
  return (
    <AskForm send={send} verb={words.cancellation.send} write={write} close={close}>
      <Text size="sm">{words.cancellation.help(days)}</Text>
      <ReasonField reasons={reasons} {...form.getInputProps('reason')} />
      <WordsField description={words.wordsForBuyer} maxLength={2000} {...form.getInputProps('words')} />
    </AskForm>
  )
}

type PaymentProps = { id: string; currency: Currency }

/** The button that asks the buyer for a further payment, and its form. */
export function AskPayment(props: PaymentProps) {
  const { label, title } = words.payment
  return (
    <FormDialog label={label} title={title} variant="default">
      {(close) => <PaymentForm {...props} close={close} />}
    </FormDialog>
  )
}

function PaymentForm({ id, currency, close }: PaymentProps & { close(): void }) {
  const form = useForm({
    initialValues: { name: '', amount: '', words: '' },
    validateInputOnBlur: true,
    validate: {
      name: (name) => (/^.{5,64}$/.test(name.trim()) ? null : words.payment.nameWrong),
      amount: (amount) => (isAmount({ currency, amount }) ? null : words.amountWrong(currency)),
    },
  })
  const write = useWrite(
    (values: typeof form.values, header) =>
      client.POST('/v1/agreements/{id}/payments', {
        params: { path: { id }, header },
        body: {
          name: values.name,
          amount: { currency, amount: values.amount.trim() },
          ...saying(values.words),
        },
      }),
    { done: words.sent, onDone: close },
  )
  const send = form.onSubmit((values) =>
    write.mutate(values, { onError: (error) => form.setErrors(askErrors(error)) }),
  )
  return (
    <AskForm send={send} verb={words.payment.send} write={write} close={close}>
      <Text size="sm">{words.payment.help}</Text>
      <TextInput label={words.payment.name} withAsterisk data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={`${words.columns.amount} (${currency})`}
        inputMode="decimal"
        withAsterisk
        {...form.getInputProps('amount')}
      />
      <WordsField description={words.wordsForBuyer} maxLength={2000} {...form.getInputProps('words')} />
    </AskForm>
  )
}
