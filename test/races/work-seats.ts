// Work about people, their letters, and what waits for them: the same shape as work.ts, which puts all kinds together.
import { DAY_MS, plus } from '../../src/core/time.ts'
import { queueLetter } from '../../src/mail/index.ts'
import type { Scope } from '../../src/store/index.ts'
import { schedule } from '../../src/work/index.ts'
import { inTenant, START } from './processes.ts'
import type { Scenarios } from './scenario.ts'
import type { Tenant } from './tenant.ts'

/** Over since yesterday, over in this moment, and good for days. */
const ENDS = [-DAY_MS, 0, 3 * DAY_MS].map((ms) => plus(new Date(START), ms))
const ASKED = plus(new Date(START), -7 * DAY_MS)

async function writeApprovals({ tx, id }: Scope, { organisation_id, tag }: Tenant): Promise<void> {
  await tx.approval.createMany({
    data: ENDS.map((expires_at, index) => ({
      organisation_id,
      id: id('approval'),
      act: 'ledger.reopen',
      subject_id: `2025-0${index + 1}`,
      request: { asked: { reason: tag }, foreseen: null },
      sealed_request: `sealed request ${index}`,
      state: 'waiting',
      asked_by: 'prsn_asks',
      asked_at: ASKED,
      expires_at,
    })),
  })
}

async function writeInvitations({ tx, id }: Scope, { organisation_id, tag }: Tenant): Promise<void> {
  await tx.invitation.createMany({
    data: ENDS.map((expires_at, index) => ({
      organisation_id,
      id: id('invitation'),
      token_hash: `${tag} ${index}`,
      sealed_email: `sealed address ${index}`,
      roles: ['auditor'],
      invited_by: 'prsn_invites',
      created_at: ASKED,
      expires_at,
    })),
  })
}

export const seatsWork: Scenarios<'mail.send' | 'approvals.expire' | 'invitations.expire'> = {
  'mail.send': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        const letter = { to: `ada-${tenant.tag}@example.com`, subject: 'An invitation', text: 'A link\n' }
        await queueLetter(world.one.context, scope, scope.id('invitation'), letter)
      }),
    ends: { letter: 1 },
    says: ['"id":"work_"', '"to":"ada-T@example.com"'],
  },
  'approvals.expire': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await writeApprovals(scope, tenant)
        await schedule(scope, { kind: 'approvals.expire', key: 'all' })
      }),
    ends: { 'approval expired': 2, 'approval waiting': 1, 'work approvals.expire': 1 },
    says: ['"sealed_request":null', '"sealed_request":"sealed request 2"'],
  },
  'invitations.expire': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await writeInvitations(scope, tenant)
        await schedule(scope, { kind: 'invitations.expire', key: 'all' })
      }),
    ends: { invitation: 3, 'work invitations.expire': 1 },
    says: ['"sealed_email":""', '"sealed_email":"sealed address 2"'],
  },
}
