import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { paths } from '../../../client/index.ts'
import { client } from '../../api.ts'
import {
  CloudOptions,
  lacksOptions,
  noOptions,
  readCloudOptions,
  useCloud,
} from '../../parts/cloud-options.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { dayText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { reselling } from '../../words/reselling.ts'
import { monthsAfter } from '../deals/instalments.ts'
import type { OpenedOne } from './opened-one.tsx'
import { beginOwn, bodyOf, type Own, OwnSchedule } from './own-schedule.tsx'
import { Replaces } from './replaces.tsx'

const words = reselling.accept

type Body =
  paths['/v1/opened-authorizations/{id}/accept']['post']['requestBody']['content']['application/json']

type AcceptProps = { of: OpenedOne; markup_percent: string | undefined }

/** The reseller's yes, with the markup that stands above; undefined: that one is not allowed. */
export function Accept({ of, markup_percent }: AcceptProps) {
  const { own_connection_id, reseller_account_id } = of
  if (own_connection_id !== null) return <AcceptForm of={of} markup_percent={markup_percent} />
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

const accountsIn = (text: string) => [...new Set(text.split(/[\s,;]+/).filter((one) => one !== ''))]

function AcceptForm({ of, markup_percent }: AcceptProps) {
  const { id, expires_on: latest, by_hand, buyer_account_ids: named, terms } = of
  const [parameters] = useSearchParams()
  const [replaces, setReplaces] = useState(parameters.get('replaces') ?? '')
  const today = useSession().now.slice(0, 10)
  const [expires_on, setExpires] = useState(latest ?? monthsAfter(today, 1))
  const [name, setName] = useState('')
  const [buyers, setBuyers] = useState('')
  const [typed, setTyped] = useState(noOptions)
  const [own, setOwn] = useState<Own | undefined>()
  const [, go] = useLocation()
  const accept = useWrite(
    (body: Body, header) =>
      client.POST('/v1/opened-authorizations/{id}/accept', { params: { path: { id }, header }, body }),
    { done: words.done, onDone: (offer) => go(`/offers/${offer.id}`) },
  )
  const known = useCloud(of.cloud)
  const fields = known?.options.reseller_offer
  const options = readCloudOptions(typed, fields)
  const errors = fieldErrors(accept.error)
  const accounts = accountsIn(buyers)
  const price =
    own !== undefined ? bodyOf(own) : markup_percent === undefined ? undefined : { markup_percent }
  const given = name.trim()
  const replacing = replaces !== ''
  const lacks = lacksOptions(typed, fields, replacing)
  const whole =
    price !== undefined &&
    !lacks &&
    expires_on !== '' &&
    (replacing || named.length > 0 || accounts.length > 0)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (price === undefined) return
        accept.mutate({
          ...price,
          expires_on,
          ...(given === '' ? {} : { name: given }),
          ...(accounts.length === 0 || replacing ? {} : { buyer_account_ids: accounts }),
          ...(replacing ? { replaces_agreement_id: replaces } : {}),
          ...(options == null ? {} : { options }),
        })
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
            description={latest === null ? words.expiresFree : words.expiresHelp(dayText(latest))}
            {...(latest === null ? {} : { max: latest })}
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
          {!replacing && (
            <TextInput
              required={named.length === 0}
              label={words.buyers}
              description={words.buyersHelp(named.join(', '))}
              value={buyers}
              error={errors.buyer_account_ids}
              onChange={(event) => setBuyers(event.currentTarget.value)}
            />
          )}
          {known?.selling?.replaces === true && (
            <Replaces of={of} value={replaces} error={errors.replaces_agreement_id} onChange={setReplaces} />
          )}
        </SimpleGrid>
        {known?.selling?.own_schedule === true && ('instalments' in terms || 'rates' in terms) && (
          <OwnSchedule
            of={terms}
            own={own}
            errors={errors}
            onChange={(next) => setOwn(next ? (next === true ? beginOwn(terms, today) : next) : undefined)}
          />
        )}
        <CloudOptions value={typed} onChange={setTyped} {...{ fields, errors, replacing }} />
        <ProblemAlert error={accept.error} />
        <Group>
          <Button type="submit" loading={accept.isPending} disabled={!whole || options === null}>
            {own === undefined ? words.verb : words.verbOwn}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
