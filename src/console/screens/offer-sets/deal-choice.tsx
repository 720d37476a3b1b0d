import { NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { offerSets } from '../../words/offer-sets.ts'

const words = offerSets.form
const DEALS_MAX = 200

/** The deals that can be offered on a cloud, newest first; one from further back where it is asked for. */
export function useDeals(cloud: string | undefined, asked: string) {
  const query = { sort: '-created_at' as const, limit: DEALS_MAX }
  const { data, error } = api.useQuery('get', '/v1/deals', { params: { query } })
  const newest = data?.items
  const further = newest !== undefined && asked !== '' && newest.every(({ id }) => id !== asked)
  const one = api.useQuery('get', '/v1/deals/{id}', { params: { path: { id: asked } } }, { enabled: further })
  const all = one.data === undefined ? (newest ?? []) : [one.data, ...(newest ?? [])]
  const deals = all.filter(({ buyer }) => cloud === undefined || buyer.accounts[cloud] !== undefined)
  return { deals, loaded: newest !== undefined, error }
}

type DealChoiceProps = {
  label: string
  value: string
  deals: readonly Schemas['Deal'][]
  error?: ReactNode
  onChange(value: string): void
}

export function DealChoice({ label, value, deals, error, onChange }: DealChoiceProps) {
  return (
    <NativeSelect
      required
      label={label}
      value={value}
      error={error}
      data={[
        { value: '', label: words.chooseDeal },
        ...deals.map(({ id, name, buyer }) => ({ value: id, label: words.dealOf(name, buyer.name) })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
