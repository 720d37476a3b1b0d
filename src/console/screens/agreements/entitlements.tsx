import { Text } from '@mantine/core'
import { Card } from '../../parts/card.tsx'
import { Rows } from '../../parts/list.tsx'
import { Day } from '../../parts/moment.tsx'
import { agreements } from '../../words/agreements.ts'

const words = agreements.entitlements

type Entitlement = { dimension: string; value: string; expires_at: string | null }

/** What a cloud answered, as far as it has the fields that are shown. */
function read(told: unknown): Entitlement[] {
  if (!Array.isArray(told)) return []
  return told.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('dimension' in one) || !('value' in one)) return []
    const expires_at = 'expires_at' in one && typeof one.expires_at === 'string' ? one.expires_at : null
    return [{ dimension: String(one.dimension), value: String(one.value), expires_at }]
  })
}

/** What the cloud says the buyer may use. */
export function Entitlements({ of }: { of: unknown }) {
  const rows = read(of)
  return (
    <Card title={words.title}>
      {rows.length === 0 ? (
        <Text c="dimmed">{words.none}</Text>
      ) : (
        <>
          <Text c="dimmed">{words.help}</Text>
          <Rows
            title={words.title}
            rows={rows}
            id={({ dimension }) => dimension}
            columns={[
              { header: words.dimension, cell: ({ dimension }) => dimension },
              { header: words.value, right: true, cell: ({ value }) => value },
              { header: words.expires, cell: ({ expires_at }) => <Day on={expires_at} /> },
            ]}
          />
        </>
      )}
    </Card>
  )
}
