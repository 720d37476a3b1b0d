import { Anchor, Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Loading } from '../../parts/loading.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { connections } from '../../words/connections.ts'

const words = connections.page

type Settings = Schemas['SignUpPage']
const ways = ['page', 'form', 'redirect'] as const
type Way = (typeof ways)[number]

/** How the page looks that buyers come to, and what happens on it. */
export function SignUpPage({ id }: { id: string }) {
  const { data, error, refetch } = api.useQuery('get', '/v1/connections/{id}/sign-up-page', {
    params: { path: { id } },
  })
  return (
    <Card title={words.title}>
      <Text c="dimmed">{words.lead}</Text>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <PageForm key={JSON.stringify(data)} id={id} of={data} />
      )}
    </Card>
  )
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

function PageForm({ id, of }: { id: string; of: Settings }) {
  const form = useForm({
    initialValues: {
      name: of.name ?? '',
      logo_url: of.logo_url ?? '',
      colour: of.colour ?? '',
      text: of.text ?? '',
      support_email: of.support_email ?? '',
      way: (of.redirect_url !== null ? 'redirect' : of.form === true ? 'form' : 'page') as Way,
      redirect_url: of.redirect_url ?? '',
    },
  })
  const write = useWrite(
    ({ way, ...texts }: typeof form.values, header) =>
      client.PUT('/v1/connections/{id}/sign-up-page', {
        params: { path: { id }, header },
        body: {
          name: orNull(texts.name),
          logo_url: orNull(texts.logo_url),
          colour: orNull(texts.colour),
          text: orNull(texts.text),
          support_email: orNull(texts.support_email),
          form: way === 'form',
          redirect_url: way === 'redirect' ? orNull(texts.redirect_url) : null,
        },
      }),
    { done: words.saved },
  )
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) =>
        write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
      )}
    >
      <Stack maw={640}>
        <TextInput
          label={words.name}
          description={words.nameHelp}
          maxLength={80}
          {...form.getInputProps('name')}
        />
        <TextInput label={words.logo} description={words.logoHelp} {...form.getInputProps('logo_url')} />
        <TextInput
          label={words.colour}
          description={words.colourHelp}
          maxLength={7}
          {...form.getInputProps('colour')}
        />
        <Textarea
          label={words.text}
          description={words.textHelp}
          autosize
          minRows={3}
          maxLength={1000}
          {...form.getInputProps('text')}
        />
        <TextInput label={words.support} type="email" {...form.getInputProps('support_email')} />
        <NativeSelect
          label={words.after}
          data={ways.map((value) => ({ value, label: words.ways[value] }))}
          {...form.getInputProps('way')}
        />
        {form.values.way === 'redirect' && (
          <TextInput
            label={words.redirect}
            description={words.redirectHelp}
            withAsterisk
            {...form.getInputProps('redirect_url')}
          />
        )}
        <ProblemAlert error={write.error} />
        <Group>
          <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
            {words.save}
          </Button>
          <Anchor href={`/sign-up/${id}`} target="_blank" size="sm">
            {words.look}
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed">
          {words.lookHelp}
        </Text>
      </Stack>
    </form>
  )
}
