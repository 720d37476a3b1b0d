import { NativeSelect } from '@mantine/core'
import { api } from '../../api.ts'
import { reselling } from '../../words/reselling.ts'
import type { OpenedOne } from './opened-one.tsx'

const words = reselling.accept
const MOST = 200

type ReplacesProps = {
  of: OpenedOne
  value: string
  error: string | undefined
  onChange(agreement_id: string): void
}

/** The reseller's own agreement on the same account whose place the offer takes; nothing where there is none. */
export function Replaces({ of: { own_connection_id }, value, error, onChange }: ReplacesProps) {
  const query = { connection_id: own_connection_id ?? '', state: 'active' as const, limit: MOST }
  const { data } = api.useQuery('get', '/v1/agreements', { params: { query } })
  const agreements = data?.items.filter(({ role }) => role === 'seller') ?? []
  if (agreements.length === 0 && value === '') return null
  const options = agreements.map(({ id, buyer_account_id, cloud_agreement_id }) => ({
    value: id,
    label: words.agreement(buyer_account_id, cloud_agreement_id),
  }))
  const unknown = value !== '' && options.every((one) => one.value !== value)
  return (
    <NativeSelect
      label={words.replaces}
      description={words.replacesHelp}
      value={value}
      error={error}
      data={[{ value: '', label: words.nothing }, ...options, ...(unknown ? [{ value, label: value }] : [])]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
