import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { approvals as words } from '../../words/approvals.ts'

type One = Schemas['Approval']

/** What both people of an act need. The service decides; this only spares them a refusal. */
const NEEDS: Readonly<Record<One['act'], string>> = {
  'connections.change_credentials': 'connections.manage',
  'partner_statements.close': 'payouts.manage',
  'ledger.reopen': 'ledger.manage',
  'agreements.refund': 'refunds.manage',
  'organisation.ask_fewer': 'organisation.manage',
}

type Part = {
  title: string
  help: string
  /** Something is asked of the reader. */
  asks: boolean
  can: 'decide' | 'withdraw' | 'nothing'
}

/** What the signed-in person has to do with an act that waits. */
export function usePart({ act, asked_by }: One): Part {
  const { actor, can } = useSession()
  const keys = api.useQuery('get', '/v1/api-keys', {}, { enabled: can('keys.read'), staleTime: 60_000 })
  const key = keys.data?.items.find(({ id }) => id === asked_by)
  const { waits } = words
  if (asked_by === actor.id) {
    return { title: waits.yours, help: waits.yoursHelp, asks: false, can: 'withdraw' }
  }
  if (key?.created_by === actor.id) {
    return { title: waits.yourKey, help: waits.yourKeyHelp, asks: false, can: 'nothing' }
  }
  const needed = NEEDS[act]
  if (can('approvals.decide') && can(needed)) {
    return { title: waits.decide, help: waits.decideHelp, asks: true, can: 'decide' }
  }
  return { title: waits.notAllowed, help: waits.notAllowedHelp(needed), asks: false, can: 'nothing' }
}

/** The buttons of an act that waits, for whom they are. */
export function Decide({ of }: { of: One }) {
  const { can } = usePart(of)
  if (can === 'decide') {
    return (
      <>
        <Refuse id={of.id} />
        <Approve id={of.id} />
      </>
    )
  }
  return can === 'withdraw' ? <Withdraw id={of.id} /> : null
}

const noted = (note: string) => (note.trim() === '' ? {} : { note: note.trim() })

function Approve({ id }: { id: string }) {
  const write = useWrite(
    (note: string, header) =>
      client.POST('/v1/approvals/{id}/approve', { params: { path: { id }, header }, body: noted(note) }),
    { done: words.approve.done },
  )
  return (
    <Confirm
      variant="filled"
      label={words.approve.label}
      title={words.approve.title}
      help={words.approve.help}
      reason={words.approve.note}
      optional
      verb={words.approve.verb}
      run={(note) => write.mutateAsync(note)}
    />
  )
}

function Refuse({ id }: { id: string }) {
  const write = useWrite(
    (note: string, header) =>
      client.POST('/v1/approvals/{id}/refuse', { params: { path: { id }, header }, body: noted(note) }),
    { done: words.refuse.done },
  )
  return (
    <Confirm
      label={words.refuse.label}
      title={words.refuse.title}
      help={words.refuse.help}
      reason={words.refuse.note}
      optional
      verb={words.refuse.verb}
      danger
      run={(note) => write.mutateAsync(note)}
    />
  )
}

function Withdraw({ id }: { id: string }) {
  const write = useWrite(
    (_: null, header) => client.POST('/v1/approvals/{id}/withdraw', { params: { path: { id }, header } }),
    { done: words.withdraw.done },
  )
  return (
    <Confirm
      label={words.withdraw.label}
      title={words.withdraw.title}
      help={words.withdraw.help}
      verb={words.withdraw.verb}
      danger
      run={() => write.mutateAsync(null)}
    />
  )
}
