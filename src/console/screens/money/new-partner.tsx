import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useLocation } from 'wouter'
import { compare, decimal, parseDecimal } from '../../../core/decimal.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { partners } from '../../words/partners.ts'

const words = partners.write

type Draft = {
  name: string
  reseller_account_id: string
  reseller_organisation_id: string
  share_percent: string
}

const isPercent = (text: string) => {
  const value = parseDecimal(text)
  return value !== undefined && compare(value, decimal(0)) >= 0 && compare(value, decimal(100)) <= 0
}

/** Agrees on a share with a reseller. */
export default function NewPartner() {
  const [, go] = useLocation()
  const form = useForm<Draft>({
    validateInputOnBlur: true,
    initialValues: { name: '', reseller_account_id: '', reseller_organisation_id: '', share_percent: '' },
    validate: {
      name: (text) => (text.trim() === '' ? common.form.needed : null),
      reseller_account_id: (text, { reseller_organisation_id }) =>
        text.trim() === '' && reseller_organisation_id.trim() === '' ? words.one : null,
      share_percent: (text) => (isPercent(text) ? null : words.shareWrong),
    },
  })
  const write = useWrite(
    ({ reseller_account_id, reseller_organisation_id, ...draft }: Draft, headers) =>
      client.POST('/v1/partners', {
        params: { header: headers },
        body: {
          ...draft,
          ...(reseller_account_id === '' ? {} : { reseller_account_id }),
          ...(reseller_organisation_id === '' ? {} : { reseller_organisation_id }),
        },
      }),
    { done: words.done, onDone: ({ id }) => go(`/partners/${id}`) },
  )
  const refused = fieldErrors(write.error)
  const field = (name: keyof Draft) => ({
    ...form.getInputProps(name),
    error: form.errors[name] ?? refused[name],
  })
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/partners', label: partners.title }}>
      <Card title={words.title}>
        <form onSubmit={form.onSubmit((draft) => write.mutate(draft))}>
          <Stack maw={560}>
            <TextInput label={words.name} required {...field('name')} />
            <TextInput
              label={words.account}
              description={words.accountHelp}
              {...field('reseller_account_id')}
            />
            <TextInput
              label={words.organisation}
              description={words.organisationHelp}
              {...field('reseller_organisation_id')}
            />
            <TextInput label={words.share} inputMode="decimal" required {...field('share_percent')} />
            <ProblemAlert error={write.error} />
            <Group justify="flex-end">
              <Button type="submit" loading={write.isPending}>
                {common.save}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  )
}
