import { NativeSelect, Textarea } from '@mantine/core'
import { fieldErrors } from '../../parts/use-write.ts'
import { agreements } from '../../words/agreements.ts'

const words = agreements.requests

export type Reason = { code: string; title: string }

/** A choice among the cloud's own reasons. */
export function ReasonField({ reasons, ...field }: { reasons: readonly Reason[] }) {
  const data = [
    { value: '', label: '' },
    ...reasons.map(({ code, title }) => ({ value: code, label: title })),
  ]
  return <NativeSelect label={words.reason} withAsterisk data={data} {...field} />
}

/** What a person says with a request. */
export function WordsField(field: { description: string; maxLength: number }) {
  return <Textarea label={words.words} autosize minRows={2} {...field} />
}

/** Words as a request takes them: none for an empty field. */
export const saying = (text: string) => (text.trim() === '' ? {} : { words: text })

/** The service's words at the fields of a request: the form has its amount in one field, the request in two. */
export function askErrors(error: unknown): Record<string, string> {
  const { 'amount.amount': amount, ...rest } = fieldErrors(error)
  return amount === undefined ? rest : { ...rest, amount }
}
