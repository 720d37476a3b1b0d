import { Anchor, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api, chooseOrganisation, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Downloads } from '../../parts/download.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { account as words } from '../../words/account.ts'
import { common } from '../../words/index.ts'
import { organisation } from '../../words/organisation.ts'
import { Roles } from './roles.tsx'
import { Sessions } from './sessions.tsx'

export default function Account() {
  const { name } = useSession()
  return (
    <Page title={words.title} lead={words.lead}>
      <You key={name} />
      <SigningIn />
      <Sessions />
      <Seats />
      <Card title={words.data.title}>
        <Text c="dimmed" maw={720}>
          {words.data.help}
        </Text>
        <Downloads of={[{ label: words.data.export, path: '/v1/me/personal-data', file: words.data.file }]} />
      </Card>
      <Leave />
    </Page>
  )
}

function You() {
  const { name, email, actor } = useSession()
  const form = useForm({
    initialValues: { name },
    validateInputOnBlur: true,
    validate: { name: (text) => (text.trim() === '' ? words.who.nameShort : null) },
  })
  const write = useWrite(
    (body: { name: string }, header) => client.PATCH('/v1/me', { params: { header }, body }),
    { done: words.who.saved },
  )
  return (
    <Card title={words.who.title}>
      <Facts
        cols={2}
        of={[
          [words.who.email, email ?? common.none],
          [words.who.id, actor.id],
        ]}
      />
      <form
        noValidate
        onSubmit={form.onSubmit((values) =>
          write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
        )}
      >
        <Stack maw={480}>
          <TextInput
            label={words.who.name}
            description={words.who.nameHelp}
            withAsterisk
            maxLength={120}
            autoComplete="name"
            {...form.getInputProps('name')}
          />
          <ProblemAlert error={write.error} />
          <Group>
            <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
              {words.who.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

/** Passwords are typed on the pages of signing in, which keep them out of the API's remembered requests. */
function SigningIn() {
  const { data, error, refetch } = api.useQuery('get', '/v1/me/sign-in', {})
  const { ways } = words
  return (
    <Card title={ways.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <>
          <Facts
            cols={2}
            of={[
              [ways.password, data.has_password ? ways.set : ways.notSet],
              [
                ways.provider,
                data.provider === null
                  ? ways.none
                  : data.linked
                    ? ways.linked(data.provider)
                    : ways.unlinked(data.provider),
              ],
            ]}
          />
          <Anchor href="/sign-in">
            {data.has_password ? ways.change : ways.choose}
            {data.provider !== null && !data.linked && ways.orLink(data.provider)}
          </Anchor>
        </>
      )}
    </Card>
  )
}

function Seats() {
  const { organisation_id } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/me/seats', {})
  const { columns, ...seats } = words.seats
  return (
    <Card title={seats.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Text c="dimmed">{seats.none}</Text>
      ) : (
        <Rows
          title={seats.title}
          rows={data.items}
          id={(seat) => seat.organisation_id}
          columns={[
            { header: columns.name, cell: ({ name }) => name },
            { header: columns.kind, cell: ({ kind }) => organisation.kinds[kind] },
            { header: columns.roles, cell: ({ roles }) => <Roles of={roles} /> },
            { header: columns.since, cell: ({ created_at }) => <Moment at={created_at} /> },
            {
              header: columns.actions,
              cell: (seat) =>
                seat.organisation_id === organisation_id ? (
                  <Badge variant="light" tt="none">
                    {seats.here}
                  </Badge>
                ) : (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={seats.goTo(seat.name)}
                    onClick={() => chooseOrganisation(seat.organisation_id)}
                  >
                    {seats.go}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Card>
  )
}

function Leave() {
  const { actor, email } = useSession()
  const { erase } = words
  const write = useWrite(
    (id: string, header) => client.POST('/v1/people/{id}/erase', { params: { path: { id }, header } }),
    { onDone: () => location.assign('/sign-in') },
  )
  return (
    <Card title={erase.title}>
      <Text c="dimmed" maw={720}>
        {erase.help}
      </Text>
      <Group>
        <Confirm
          label={erase.label}
          title={erase.ask}
          help={erase.confirm}
          verb={erase.verb}
          danger
          color="red"
          variant="outline"
          {...(email === null ? {} : { typed: { label: erase.typed(email), text: email } })}
          run={() => write.mutateAsync(actor.id)}
        />
      </Group>
    </Card>
  )
}
