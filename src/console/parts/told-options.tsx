import type { Schemas } from '../../client/index.ts'
import { common } from '../words/index.ts'
import { Card } from './card.tsx'
import { useCloud } from './cloud-options.tsx'
import { useConnections } from './connections.tsx'
import { Told } from './told.tsx'

type ToldOptionsProps = {
  of: unknown
  /** The cloud, or the account on it. */
  on: string
  kind: keyof Schemas['CloudDescription']['options']
}

/** What only the cloud knows of an offer, as it was asked for; nothing where nothing was. */
export function ToldOptions({ of, on, kind }: ToldOptionsProps) {
  const { connections } = useConnections()
  const cloud = connections.find(({ id }) => id === on)?.cloud ?? on
  const fields = useCloud(cloud)?.options[kind] ?? []
  if (of === null || of === undefined) return null
  const names = Object.fromEntries(fields.map(({ name, title }) => [name, title]))
  return (
    <Card title={common.options.title}>
      <Told title={common.options.title} value={of} names={names} />
    </Card>
  )
}
