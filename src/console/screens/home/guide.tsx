import { Badge, Button, CloseButton, Group, List, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { home } from '../../words/home.ts'
import { useMayPlay } from '../sandbox/use-panel.ts'
import { OwnCompany } from './own-company.tsx'
import { StepHelp } from './step-help.tsx'

const words = home.guide
type Steps = Schemas['Guide']['steps']

/** While a step is under way it is looked at often. */
const REFRESH_MS = 5_000
const RESTING_MS = 60_000

function useGuide() {
  return api.useQuery(
    'get',
    '/v1/guide',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.steps.some(({ under_way }) => under_way) ? REFRESH_MS : RESTING_MS,
    },
  )
}

/**
 * The way from the first connection to the money at the bank, at the step where it is, or that it has arrived. Nothing
 * when it was put away.
 */
export function Guide({ finished }: { finished: boolean }) {
  const { data } = useGuide()
  const { actor } = useSession()
  const dismiss = useWrite((_: null, header) => client.POST('/v1/guide/dismiss', { params: { header } }))
  if (data === undefined || data.dismissed || data.finished !== finished) return null
  const away = actor.kind === 'person' && (
    <CloseButton aria-label={words.dismiss} title={words.dismiss} onClick={() => dismiss.mutate(null)} />
  )
  if (data.finished) return <Finished away={away} />
  return (
    <Card title={words.title} actions={away}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <Stack gap="md">
        <Progress steps={data.steps} at={data.at} />
        {data.at !== null && (
          <StepHelp
            at={data.at}
            under_way={data.steps.some(({ key, under_way }) => key === data.at && under_way)}
          />
        )}
      </Stack>
    </Card>
  )
}

/** Where the guide is, in a line, for the screen where its steps are played. */
export function GuideLine() {
  const { data } = useGuide()
  if (data === undefined || data.dismissed || data.at === null) return null
  const number = data.steps.findIndex(({ key }) => key === data.at) + 1
  return (
    <Text role="status">
      <GoTo to="/">{words.step(number, data.steps.length, words.steps[data.at])}</GoTo>
    </Text>
  )
}

/** Brings the guide back. */
export function ResumeGuide() {
  const { data } = useGuide()
  const resume = useWrite((_: null, header) => client.POST('/v1/guide/resume', { params: { header } }))
  if (data?.dismissed !== true) return null
  return (
    <Button variant="default" size="sm" loading={resume.isPending} onClick={() => resume.mutate(null)}>
      {words.resume}
    </Button>
  )
}

function Progress({ steps, at }: { steps: Steps; at: Schemas['Guide']['at'] }) {
  return (
    <List type="ordered" listStyleType="none" spacing={4} component="ol" size="sm" center>
      {steps.map(({ key, done }, index) => {
        const here = key === at
        const state = done ? words.done : here ? words.now : words.later
        return (
          <List.Item
            key={key}
            {...(here ? { 'aria-current': 'step' as const } : {})}
            icon={
              <Badge
                variant={here ? 'filled' : 'light'}
                color={done ? 'green' : here ? 'indigo' : 'gray'}
                tt="none"
                w={58}
              >
                {state}
              </Badge>
            }
          >
            <Text component="span" size="sm" fw={here ? 650 : 400} {...(done || here ? {} : { c: 'dimmed' })}>
              {index + 1}. {words.steps[key]}
            </Text>
          </List.Item>
        )
      })}
    </List>
  )
}

function Finished({ away }: { away: React.ReactNode }) {
  const { can, organisation } = useSession()
  const mayPlay = useMayPlay()
  const { data } = api.useQuery('get', '/v1/organisations')
  // Whoever has begun a second one knows the way, and finds it above.
  const own = data === undefined || data.items.filter(({ kind }) => kind === 'vendor').length > 1
  return (
    <Card title={words.finishedTitle} actions={away}>
      <Text size="sm">{words.finished[organisation.kind](organisation.name)}</Text>
      <Group gap="xs">
        {organisation.kind === 'vendor' && can('offers.manage') && (
          <GoToButton to="/deals/new" size="sm">
            {words.tryDeal}
          </GoToButton>
        )}
        {mayPlay && (
          <GoToButton to="/sandbox" size="sm" variant="default">
            {words.trySandbox}
          </GoToButton>
        )}
      </Group>
      {can('operator') && !own && <OwnCompany />}
    </Card>
  )
}
