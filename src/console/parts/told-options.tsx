import { common } from '../words/index.ts'
import { Card } from './card.tsx'
import { Told } from './told.tsx'

/** What only the cloud knows of an offer, as it was asked for; nothing where nothing was. */
export function ToldOptions({ of }: { of: unknown }) {
  if (of === null || of === undefined) return null
  return (
    <Card title={common.options.title}>
      <Told title={common.options.title} value={of} />
    </Card>
  )
}
