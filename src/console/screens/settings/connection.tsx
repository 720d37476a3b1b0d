import { Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Copy } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { connections } from '../../words/connections.ts'
import { Credentials, NameAndSettings } from './connection-forms.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { SignUpPage } from './sign-up-page.tsx'

const words = connections.one

export default function ConnectionScreen() {
  const { id = '' } = useParams<{ id: string }>()
  const { can, organisation } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/connections/{id}', { params: { path: { id } } })
  const clouds = api.useQuery('get', '/v1/clouds', {})
  const back = { to: '/connections', label: connections.title }
  if (error || clouds.error) {
    return (
      <Page title={words.missing} back={back}>
        <ProblemAlert
          error={error ?? clouds.error}
          retry={() => Promise.all([refetch(), clouds.refetch()])}
        />
      </Page>
    )
  }
  const cloud = clouds.data?.items.find((one) => one.cloud === data?.cloud)
  if (data === undefined || cloud === undefined) return <Loading />
  return (
    <Page
      title={data.name}
      lead={cloud.name}
      back={back}
      actions={
        cloud.guided && (
          <GoToButton variant="default" to={`/connections/${id}/steps`}>
            {connections.steps.open}
          </GoToButton>
        )
      }
    >
      <ConnectionTest of={data} />
      <Card title={words.details} actions={can('inbox.read') && <Messages id={id} />}>
        <Facts
          of={[
            [cloud.account.title, data.account_id],
            [words.id, data.id],
            [words.made, <Moment key="made" at={data.created_at} />],
            ...(can('connections.manage') ? [] : settingsOf(cloud, data)),
          ]}
        />
      </Card>
      <Addresses of={cloud} id={id} />
      {can('connections.manage') && (
        <>
          <NameAndSettings key={JSON.stringify([data.name, data.settings])} of={data} cloud={cloud} />
          <Credentials of={data} cloud={cloud} />
          {cloud.addresses.some(({ name }) => name === 'sign_up') && organisation.kind === 'vendor' && (
            <SignUpPage id={id} />
          )}
        </>
      )}
    </Page>
  )
}

/** Settings as facts, for who may not change them. */
function settingsOf(cloud: Schemas['CloudDescription'], { settings }: Schemas['Connection']) {
  return cloud.fields.flatMap(({ name, title }) => {
    const value = settings[name]
    return value === undefined ? [] : [[title, value] as const]
  })
}

function Messages({ id }: { id: string }) {
  return <GoTo to={`/inbox?connection_id=${id}`}>{words.inbox}</GoTo>
}

/** Where the cloud has to be told to send its messages and its buyers. */
function Addresses({ of, id }: { of: Schemas['CloudDescription']; id: string }) {
  return (
    <Card title={words.addresses.title}>
      {of.addresses.map(({ name, url, where }) => {
        const address = url?.replace('{connection_id}', id)
        return (
          <div key={name}>
            <Text fw={600}>{words.addresses[name]}</Text>
            {address === undefined ? (
              <Text c="dimmed">{words.addresses.none}</Text>
            ) : (
              <Text style={{ overflowWrap: 'anywhere' }}>
                <code>{address}</code> <Copy text={address} what={words.addresses[name]} />
              </Text>
            )}
            <Text size="sm" c="dimmed" maw={720}>
              {where}
            </Text>
          </div>
        )
      })}
    </Card>
  )
}
