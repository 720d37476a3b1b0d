import { NativeSelect, PasswordInput, Text, Textarea, TextInput } from '@mantine/core'
import type { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { connections } from '../../words/connections.ts'

type Cloud = Schemas['CloudDescription']
/** What a cloud asks for, as it describes it itself. */
export type Field = Cloud['fields'][number]

const words = connections.form

/** One field of a connection, made of its description. */
export function FieldInput({
  field,
  input,
}: {
  field: Field
  input: ReturnType<ReturnType<typeof useForm>['getInputProps']>
}) {
  const { title, required, secret, choices, long } = field
  const shared = { label: title, description: <Told of={field} />, withAsterisk: required, ...input }
  if (choices !== null) {
    const data = [
      { value: '', label: words.unset },
      ...choices.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
    ]
    return <NativeSelect {...shared} data={data} />
  }
  if (long)
    return <Textarea {...shared} autosize minRows={4} maxRows={12} autoComplete="off" spellCheck={false} />
  if (secret) return <PasswordInput {...shared} autoComplete="new-password" />
  return <TextInput {...shared} autoComplete="off" />
}

/** What a field is and where in the cloud's own pages it is found. */
export function Told({ of: { help, where } }: { of: { help: string; where: string | null } }): ReactNode {
  return (
    <>
      {help}
      {where !== null && (
        <Text component="span" inherit display="block">
          {words.where} {where}
        </Text>
      )}
    </>
  )
}

/** Why a value cannot be right; null where nothing is known against it. */
export function mistakeOf(
  field: { required?: boolean; pattern: string | null; help: string },
  value: string,
): string | null {
  if (value.trim() === '') return field.required === true ? words.required : null
  if (field.pattern === null || new RegExp(`^(?:${field.pattern})$`).test(value)) return null
  return `${words.wrong} ${field.help}`
}

/** The values that were given: what is left empty is not sent. */
export function given(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
}
