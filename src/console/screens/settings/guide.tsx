import { Code, Group, ScrollArea, Stack, Text, Title } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Copy } from '../../parts/copy.tsx'
import { Rows } from '../../parts/list.tsx'
import { connections } from '../../words/connections.ts'

type Guide = Schemas['CloudGuide']
type Asked = { connection_id?: string; account_id?: string; settings?: string }

const words = connections.steps

/** What has to be allowed and copied at a cloud, filled in as far as the account is known. */
export function useGuide(cloud: Schemas['Connection']['cloud'], asked: Asked, enabled = true) {
  return api.useQuery(
    'get',
    '/v1/clouds/{cloud}/guide',
    { params: { path: { cloud }, query: asked } },
    { enabled },
  )
}

/** Texts to copy into the cloud's own pages, each with the place it is for. */
export function Documents({ of }: { of: Guide['documents'] }) {
  return (
    <Stack component="ol" gap="lg" m={0} p={0} style={{ listStyle: 'none' }}>
      {of.map(({ name, title, where, text }) => (
        <li key={name}>
          <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
            <Title order={3} size="h5">
              {title}
            </Title>
            <Copy text={text} what={title} />
          </Group>
          <Text size="sm" c="dimmed" maw={720} mb={4}>
            {where}
          </Text>
          <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}>
            <Code block>{text}</Code>
          </ScrollArea.Autosize>
        </li>
      ))}
    </Stack>
  )
}

/** What cannot be done without a permission. */
export function neededFor({ for: needed }: Guide['permissions'][number]): string {
  return needed.length === 0 ? words.forAll : needed.map((one) => one.words).join(' · ')
}

export function PermissionTable({ of }: { of: Guide['permissions'] }) {
  const { columns, tested } = words
  const reasons = [...new Set(of.flatMap(({ untested }) => untested ?? []))]
  return (
    <>
      <Rows
        title={words.needed}
        rows={of}
        id={({ permission }) => permission}
        columns={[
          { header: columns.permission, cell: ({ permission }) => <code>{permission}</code> },
          { header: columns.does, cell: (one) => one.words },
          { header: columns.needs, cell: neededFor },
          { header: columns.tested, cell: ({ untested }) => (untested === null ? tested.yes : tested.no) },
        ]}
      />
      {reasons.map((reason) => (
        <Text key={reason} size="sm" c="dimmed" maw={720}>
          {tested.why} {reason}
        </Text>
      ))}
    </>
  )
}
