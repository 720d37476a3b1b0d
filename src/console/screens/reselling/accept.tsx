import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { client } from '../../api.ts'
import { GoToButton } from '../../parts/link.tsx'
import { dayText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { reselling } from '../../words/reselling.ts'
import type { OpenedOne } from './opened-one.tsx'

const words = reselling.accept

type Body = { markup_percent: string; expires_on: string; name?: string }

/** The reseller's yes, with the markup that stands above; undefined: that one is not allowed. */
export function Accept({ of, markup_percent }: { of: OpenedOne; markup_percent: string | undefined }) {
  const { id, expires_on: latest, own_connection_id, reseller_account_id, by_hand } = of
  const [expires_on, setExpires] = useState(latest)
  const [name, setName] = useState('')
  const [, go] = useLocation()
  const accept = useWrite(
    (body: Body, header) =>
      client.POST('/v1/opened-authorizations/{id}/accept', { params: { path: { id }, header }, body }),
    { done: words.done, onDone: (offer) => go(`/offers/${offer.id}`) },
  )
  if (own_connection_id === null) {
    return (
      <Alert color="yellow" title={words.notConnected(reseller_account_id)}>
        <Stack gap="xs" align="flex-start">
          {words.notConnectedHelp}
          <GoToButton size="xs" to="/connections">
            {words.connect}
          </GoToButton>
        </Stack>
      </Alert>
    )
  }
  const errors = fieldErrors(accept.error)
  const given = name.trim()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (markup_percent === undefined) return
        accept.mutate({ markup_percent, expires_on, ...(given === '' ? {} : { name: given }) })
      }}
    >
      <Stack>
        <div>
          <Title order={3} size="h5">
            {words.title}
          </Title>
          <Text size="sm" c="dimmed">
            {words.help} {by_hand ? reselling.opened.one.by_hand : ''}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2 }} maw={640}>
          <TextInput
            required
            type="date"
            label={words.expires}
            description={words.expiresHelp(dayText(latest))}
            max={latest}
            value={expires_on}
            error={errors.expires_on}
            onChange={(event) => setExpires(event.currentTarget.value)}
          />
          <TextInput
            label={words.name}
            description={words.nameHelp}
            placeholder={of.name}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </SimpleGrid>
        <ProblemAlert error={accept.error} />
        <Group>
          <Button
            type="submit"
            loading={accept.isPending}
            disabled={markup_percent === undefined || expires_on === ''}
          >
            {words.verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
