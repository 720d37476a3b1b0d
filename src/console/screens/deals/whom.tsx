import { Checkbox, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { compare, parseDecimal } from '../../../core/decimal.ts'
import { api } from '../../api.ts'
import { connectionText, useConnections } from '../../parts/connections.tsx'
import { deals } from '../../words/deals.ts'

const words = deals.open

/** To whom a deal is opened, as it is typed. */
export type OpenDraft = {
  connection_id: string
  reseller_account_id: string
  markup_min_percent: string
  markup_max_percent: string
  /** null: without end. */
  expires_on: string | null
  single_use: boolean
}
/** What is wrong with a band as it is typed, by field. */
export function bandHints({ markup_min_percent, markup_max_percent }: OpenDraft): Record<string, string> {
  const found: Record<string, string> = {}
  const low = parseDecimal(markup_min_percent.trim())
  const high = parseDecimal(markup_max_percent.trim())
  if (low === undefined) found.markup_min_percent = words.percentWrong
  if (high === undefined && markup_max_percent.trim() !== '') found.markup_max_percent = words.percentWrong
  if (low !== undefined && high !== undefined && compare(low, high) > 0)
    found.markup_max_percent = words.bandWrong
  return found
}

type WhomProps = {
  withoutEnd: boolean
  draft: OpenDraft
  errors: Record<string, string>
  onChange(draft: OpenDraft): void
}

/** The reseller's account, the band of its markup, and until when. */
export function Whom({ withoutEnd, draft, errors, onChange }: WhomProps) {
  const { connections } = useConnections()
  const set = (change: Partial<OpenDraft>) => onChange({ ...draft, ...change })
  const known = useKnownResellers(draft.connection_id)
  return (
    <Stack>
      <NativeSelect
        required
        label={words.connection}
        value={draft.connection_id}
        error={errors.connection_id}
        data={[
          { value: '', label: words.choose },
          ...connections.map((one) => ({ value: one.id, label: connectionText(one) })),
        ]}
        onChange={(event) => set({ connection_id: event.currentTarget.value })}
      />
      <TextInput
        required
        label={words.account}
        description={words.accountHelp}
        list="known-resellers"
        value={draft.reseller_account_id}
        error={errors.reseller_account_id}
        onChange={(event) => set({ reseller_account_id: event.currentTarget.value })}
      />
      <datalist id="known-resellers">
        {known.map((account) => (
          <option key={account} value={account} />
        ))}
      </datalist>
      <SimpleGrid cols={2}>
        {(['markup_min_percent', 'markup_max_percent'] as const).map((field) => (
          <TextInput
            key={field}
            required
            inputMode="decimal"
            label={field === 'markup_min_percent' ? words.low : words.high}
            value={draft[field]}
            error={errors[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        {words.bandHelp}
      </Text>
      {draft.expires_on !== null && (
        <TextInput
          required
          type="date"
          label={words.expires}
          value={draft.expires_on}
          error={errors.expires_on}
          onChange={(event) => set({ expires_on: event.currentTarget.value })}
        />
      )}
      {withoutEnd && (
        <Checkbox
          label={words.withoutEnd}
          description={words.withoutEndHelp}
          checked={draft.expires_on === null}
          onChange={(event) => set({ expires_on: event.currentTarget.checked ? null : '' })}
        />
      )}
      <Checkbox
        label={words.singleUse}
        description={words.singleUseHelp}
        checked={draft.single_use}
        onChange={(event) => set({ single_use: event.currentTarget.checked })}
      />
    </Stack>
  )
}

/** Accounts that something was opened to before, on the same account of ours. */
function useKnownResellers(connection_id: string): string[] {
  const query = { connection_id, sort: '-created_at' as const, limit: 50 }
  const { data } = api.useQuery(
    'get',
    '/v1/resale-authorizations',
    { params: { query } },
    { enabled: connection_id !== '' },
  )
  return [...new Set(data?.items.map(({ reseller_account_id }) => reseller_account_id))]
}
