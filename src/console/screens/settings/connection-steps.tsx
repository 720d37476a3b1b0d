import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'wouter'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Steps } from '../../parts/steps.tsx'
import { connections } from '../../words/connections.ts'
import { ConnectionTest } from './connection-test.tsx'
import { Documents, useGuide } from './guide.tsx'

const words = connections.steps
const [PERMISSIONS, ADDRESSES, TEST] = [1, 3, 4]

/** The steps of a connection that is there: what to copy at the cloud, where it has to send, and the test. */
export default function ConnectionSteps() {
  const { id = '' } = useParams<{ id: string }>()
  const [step, setStep] = useState(ADDRESSES)
  const { data, error, refetch } = api.useQuery('get', '/v1/connections/{id}', { params: { path: { id } } })
  const guide = useGuide(data?.cloud ?? 'aws', { connection_id: id }, data !== undefined)
  const back = { to: `/connections/${id}`, label: data?.name ?? connections.title }
  if (error || guide.error) {
    return (
      <Page title={words.title} back={back}>
        <ProblemAlert error={error ?? guide.error} retry={() => Promise.all([refetch(), guide.refetch()])} />
      </Page>
    )
  }
  if (data === undefined || guide.data === undefined) return <Loading />
  const { documents } = guide.data
  const addresses = documents.filter((one) => one.step === 'addresses')
  const turn = (
    <Group>
      {step !== PERMISSIONS && (
        <Button variant="default" onClick={() => setStep(step === TEST ? ADDRESSES : PERMISSIONS)}>
          {words.back}
        </Button>
      )}
      {step === TEST ? (
        <GoToButton to={`/connections/${id}`}>{words.finish}</GoToButton>
      ) : (
        <Button onClick={() => setStep(step === PERMISSIONS ? ADDRESSES : TEST)}>{words.next}</Button>
      )}
    </Group>
  )
  return (
    <Page title={words.title} lead={data.name} back={back}>
      <Steps names={words.names} at={step} label={words.label} />
      {step === PERMISSIONS && (
        <Card title={`${PERMISSIONS + 1}. ${words.names[PERMISSIONS]}`}>
          <Documents of={documents.filter((one) => one.step === 'permissions')} />
          {turn}
        </Card>
      )}
      {step === ADDRESSES && (
        <Card title={`${ADDRESSES + 1}. ${words.names[ADDRESSES]}`}>
          <Text c="dimmed">{words.addresses}</Text>
          {addresses.every(({ name }) => name !== 'subscription') && <Text>{words.noAddress}</Text>}
          <Documents of={addresses} />
          {turn}
        </Card>
      )}
      {step === TEST && (
        <>
          <Text c="dimmed" maw={720}>
            {words.test}
          </Text>
          <ConnectionTest of={data} />
          {turn}
        </>
      )}
    </Page>
  )
}
