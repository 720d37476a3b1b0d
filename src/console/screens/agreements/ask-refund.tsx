import { Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { moneyText } from '../../parts/amount.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { isApproval } from '../../parts/second-person.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { agreements } from '../../words/agreements.ts'
import { askErrors, type Reason, ReasonField, saying, WordsField } from './ask-fields.tsx'
import { AskForm } from './ask-form.tsx'
import { isAmount, isMore } from './is-amount.ts'

const words = agreements.requests

type Props = {
  agreement_id: string
  invoice: { invoice_id: string; refundable: Schemas['Money'] | null }
  reasons: readonly Reason[]
  told(answer: unknown): void
}

/** The button that gives back some of an invoice, and the form it opens. Nothing where nothing is left of it. */
export function AskRefund({ invoice, ...rest }: Props) {
  const { refundable, invoice_id } = invoice
  if (refundable === null || !isAmount(refundable)) return null
  return (
    <FormDialog label={words.refund.label} title={words.refund.title(invoice_id)} size="xs" variant="default">
      {(close) => <RefundForm {...rest} invoice_id={invoice_id} most={refundable} close={close} />}
    </FormDialog>
  )
}

type FormProps = Omit<Props, 'invoice'> & { invoice_id: string; most: Schemas['Money']; close(): void }

function RefundForm({ agreement_id, invoice_id, most, reasons, told, close }: FormProps) {
  const { currency } = most
  const form = useForm({
    initialValues: { amount: most.amount, reason: '', words: '' },
    validateInputOnBlur: true,
    validate: {
      amount: (amount) => {
        if (!isAmount({ currency, amount })) return words.amountWrong(currency)
        return isMore({ currency, amount }, most) ? words.tooMuch(moneyText(most)) : null
      },
      reason: (code) => (code === '' ? words.reasonMissing : null),
    },
  })
  const write = useWrite(
    (values: typeof form.values, header) =>
      client.POST('/v1/agreements/{id}/refunds', {
        params: { path: { id: agreement_id }, header },
        body: {
          invoice_id,
          amount: { currency, amount: values.amount.trim() },
          reason: values.reason,
          ...saying(values.words),
        },
      }),
    {
      onDone: (answer) => {
        told(isApproval(answer) ? answer : undefined)
        close()
      },
    },
  )
  const send = form.onSubmit((values) =>
    write.mutate(values, { onError: (error) => form.setErrors(askErrors(error)) }),
  )
  return (
    <AskForm send={send} verb={words.refund.send} write={write} close={close}>
      <Text size="sm">{words.refund.help}</Text>
      <TextInput
        label={`${words.refund.amount} (${currency})`}
        description={words.refund.most(moneyText(most))}
        inputMode="decimal"
        withAsterisk
        data-autofocus
        {...form.getInputProps('amount')}
      />
      <ReasonField reasons={reasons} {...form.getInputProps('reason')} />
      <WordsField description={words.wordsForCloud} maxLength={500} {...form.getInputProps('words')} />
    </AskForm>
  )
}
