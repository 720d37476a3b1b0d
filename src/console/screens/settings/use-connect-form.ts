import { useForm } from '@mantine/form'
import { useLocation } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { useWrite } from '../../parts/use-write.ts'
import { connections } from '../../words/connections.ts'
import { given, mistakeOf } from './field.tsx'

type Cloud = Schemas['CloudDescription']
type Values = {
  name: string
  account_id: string
  credentials: Record<string, string>
  settings: Record<string, string>
}

const words = connections.form

/** What is asked of an account that is being connected, checked as it is typed, and sent. */
export function useConnectForm(cloud: Cloud, next: (id: string) => string) {
  const [, go] = useLocation()
  const secrets = cloud.fields.filter(({ secret }) => secret)
  const settings = cloud.fields.filter(({ secret }) => !secret)
  const empty = (fields: Cloud['fields']) => Object.fromEntries(fields.map(({ name }) => [name, '']))
  const checks = (fields: Cloud['fields']) =>
    Object.fromEntries(fields.map((field) => [field.name, (value: string) => mistakeOf(field, value)]))
  const form = useForm<Values>({
    initialValues: { name: '', account_id: '', credentials: empty(secrets), settings: empty(settings) },
    validateInputOnBlur: true,
    validate: {
      name: (text) => (text.trim() === '' ? words.nameShort : null),
      account_id: (text) => mistakeOf({ ...cloud.account, required: true }, text),
      credentials: checks(secrets),
      settings: checks(settings),
    },
  })
  const write = useWrite(
    ({ name, account_id, ...rest }: Values, header) =>
      client.POST('/v1/connections', {
        params: { header },
        body: {
          cloud: cloud.cloud,
          name,
          account_id,
          credentials: given(rest.credentials),
          settings: given(rest.settings),
        },
      }),
    { done: words.done, onDone: ({ id }) => go(next(id)) },
  )
  return { form, write, secrets, settings }
}
