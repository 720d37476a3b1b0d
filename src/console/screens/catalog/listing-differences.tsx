import { Alert, Group, List, Stack, Text } from '@mantine/core'
import type { paths } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { catalog } from '../../words/catalog.ts'
import { common } from '../../words/index.ts'
import { WaysOn } from './ways-on.tsx'

const words = catalog.differences
type Listing = paths['/v1/listings/{id}']['get']['responses'][200]['content']['application/json']
type Difference = Listing['differences'][number]

type Props = {
  of: Listing
  /** A change of it is under way. */
  moves: boolean
  /** It can be changed from here. */
  changes: boolean
}

/** What the cloud shows in another way than it was published, and the ways on. */
export function Differences({ of: listing, moves, changes }: Props) {
  const { can } = useSession()
  const { id, differences, held, released, gone, read_at, read_problem, can_adopt } = listing
  const path = { id }
  const again = useWrite(
    (_: null, header) => client.POST('/v1/listings/{id}/update', { params: { header, path }, body: {} }),
    { done: catalog.edit.sent },
  )
  const adopt = useWrite(
    (_: null, header) => client.POST('/v1/listings/{id}/adopt', { params: { header, path } }),
    { done: words.adopted },
  )
  const stops = differences.flatMap(({ stops: one }) => one ?? [])
  return (
    <Card title={words.title}>
      <Stack>
        {read_problem !== null && (
          <Alert color="yellow" title={words.unread}>
            {read_problem}
          </Alert>
        )}
        {gone && (
          <Alert color="red" title={words.gone}>
            {words.goneHelp}
          </Alert>
        )}
        {held.length > 0 && (
          <Alert color="red" title={words.held(held.length)}>
            <Stack gap="xs">
              <List size="sm">
                {stops.map(({ dimension, reason }) => (
                  <List.Item key={dimension}>{words.stops[reason](dimension)}</List.Item>
                ))}
              </List>
              <Text size="sm">{words.heldHelp}</Text>
            </Stack>
          </Alert>
        )}
        {differences.length === 0 ? (
          <Text size="sm" c="dimmed">
            {read_at === null ? words.notYet : words.none}
          </Text>
        ) : (
          <Rows
            title={words.title}
            id={({ field }) => field}
            rows={differences}
            columns={[
              { header: words.columns.field, cell: ({ field }) => fieldText(field) },
              { header: words.columns.ours, cell: ({ ours }) => <Value of={ours} /> },
              { header: words.columns.theirs, cell: ({ theirs }) => <Value of={theirs} /> },
            ]}
          />
        )}
        {released.length > 0 && <Text size="sm">{words.released(released.join(', '))}</Text>}
        {read_at !== null && (
          <Text size="sm" c="dimmed">
            {words.readAt} <Moment at={read_at} />
          </Text>
        )}
        {differences.length > 0 && can('catalog.manage') && !moves && changes && (
          <Group>
            {!gone && (
              <Confirm
                label={words.send}
                title={words.sendTitle}
                help={words.sendHelp}
                verb={words.send}
                run={() => again.mutateAsync(null)}
              />
            )}
            {can_adopt && (
              <Confirm
                label={words.adopt}
                title={words.adoptTitle}
                help={held.length > 0 ? words.adoptHeld : words.adoptHelp}
                verb={words.adopt}
                run={() => adopt.mutateAsync(null)}
              />
            )}
          </Group>
        )}
        {!moves && <WaysOn of={listing} />}
      </Stack>
    </Card>
  )
}

/** The name of a field as the form has it; of a dimension or a price, with its key. */
function fieldText(field: string): string {
  const [first = '', second, ...rest] = field.split('.')
  if (first === 'dimensions') {
    const last = rest.at(-1)
    const part = last === 'name' || last === 'description' || last === 'unit' ? last : undefined
    const key = [second, ...rest].slice(0, part === undefined ? undefined : -1).join('.')
    return words.dimension(key, part)
  }
  if (first === 'prices' && (second === 'entitled' || second === 'metered'))
    return words.price(rest.join('.'))
  return words.fields[field] ?? field
}

function Value({ of }: { of: Difference['ours'] }) {
  if (of === null) return common.none
  const texts = typeof of === 'string' ? [of] : of
  return (
    <Stack gap={2} maw={360}>
      {texts.length === 0
        ? common.none
        : texts.map((text) => (
            <Text key={text} size="sm" lineClamp={4} style={{ overflowWrap: 'anywhere' }}>
              {words.values[text] ?? text}
            </Text>
          ))}
    </Stack>
  )
}
