import { Badge, Button, Code, Group, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { common } from '../words/index.ts'

/** What a reader sees nothing in. */
const NOTHING = ['', '[]', '{}']

/** What has no fields of its own, by where it stands: "terms.instalments.0.amount". */
export function flatten(value: unknown, at = ''): Map<string, string> {
  if (value === null || value === undefined) return at === '' ? new Map() : new Map([[at, '']])
  if (typeof value !== 'object') return new Map([[at, String(value)]])
  const entries = Object.entries(value)
  if (entries.length === 0) return new Map([[at, Array.isArray(value) ? '[]' : '{}']])
  // A list of plain values is one value: what is put in or taken out would else seem to change all behind it.
  if (Array.isArray(value) && value.every(isPlain)) return new Map([[at, value.join(', ')]])
  return new Map(entries.flatMap(([name, inner]) => [...flatten(inner, at === '' ? name : `${at}.${name}`)]))
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null

type ToldProps = {
  title: string
  value: unknown
  /** What people call its fields, where that is known. */
  names?: Readonly<Record<string, string>>
}

/** Data whose shape only its room knows, field by field. */
export function Told({ title, value, names = {} }: ToldProps) {
  const fields = [...flatten(value)]
  if (fields.length === 0) return <Text c="dimmed">{common.none}</Text>
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={region(title)}>
      <Table aria-label={title} verticalSpacing={4}>
        <Table.Tbody>
          {fields.map(([at, text]) => (
            <Table.Tr key={at}>
              <Table.Th scope="row" w="40%" style={{ verticalAlign: 'top' }}>
                {names[at] ?? <Field at={at} />}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {NOTHING.includes(text) ? common.none : text}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What a change did, field by field: what stood there before and what stands there after. */
export function Diff({ title, before, after }: { title: string; before: unknown; after: unknown }) {
  const [whole, setWhole] = useState(false)
  const [was, is] = [flatten(before), flatten(after)]
  const all = [...new Set([...was.keys(), ...is.keys()])]
  const changed = all.filter((at) => was.get(at) !== is.get(at))
  const shown = whole ? all : changed
  return (
    <>
      {shown.length === 0 ? (
        <Text c="dimmed">{common.diff.same}</Text>
      ) : (
        <Table.ScrollContainer minWidth={320} scrollAreaProps={region(title)}>
          <Table aria-label={title} verticalSpacing={4} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{common.diff.field}</Table.Th>
                <Table.Th scope="col">{common.diff.before}</Table.Th>
                <Table.Th scope="col">{common.diff.after}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((at) => (
                <Table.Tr key={at}>
                  <Table.Th scope="row" style={{ verticalAlign: 'top' }}>
                    <Field at={at} /> <Kind was={was.get(at)} is={is.get(at)} />
                  </Table.Th>
                  <Side text={was.get(at)} gone={was.get(at) !== is.get(at)} />
                  <Side text={is.get(at)} />
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {all.length > changed.length && (
        <Group>
          <Button variant="subtle" size="compact-sm" onClick={() => setWhole(!whole)}>
            {whole ? common.diff.onlyChanged : common.diff.whole(all.length - changed.length)}
          </Button>
        </Group>
      )}
    </>
  )
}

const region = (title: string) => ({
  viewportProps: { tabIndex: 0, role: 'region', 'aria-label': common.list.table(title) },
})

/** A name of the API; it may break wherever it is too long. */
function Field({ at }: { at: string }) {
  return <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>{at}</Code>
}

/** What happened to a field, in a word: colours alone say it to some only. */
function Kind({ was, is }: { was: string | undefined; is: string | undefined }) {
  if (was === is) return null
  const [color, word] =
    was === undefined
      ? ['green', common.diff.added]
      : is === undefined
        ? ['red', common.diff.gone]
        : ['blue', common.diff.changed]
  return (
    <Badge size="xs" variant="light" color={color} tt="none">
      {word}
    </Badge>
  )
}

function Side({ text, gone = false }: { text: string | undefined; gone?: boolean }) {
  return (
    <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }} {...(gone ? { c: 'dimmed' } : {})}>
      {gone && text !== undefined && text !== '' ? (
        <s>{text}</s>
      ) : text === undefined || text === '' ? (
        common.none
      ) : (
        text
      )}
    </Table.Td>
  )
}
