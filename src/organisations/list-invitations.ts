import type { Context } from '../context.ts'
import type { Slice } from '../core/order.ts'
import type { Prisma } from '../store/index.ts'
import { boundTo, FORGOTTEN, fromRow, type Invitation, type InvitationState } from './invitations.ts'

/** What invitations can be ordered by. */
export const invitationOrders = {
  created_at: { column: 'id', holds: 'text' },
  expires_at: { column: 'expires_at', holds: 'time' },
} as const

/** The invitations of a slice; the address of one that is used, revoked or over is forgotten. */
export async function readInvitations(
  { store, seal }: Pick<Context, 'store' | 'seal'>,
  organisation_id: string,
  { state }: { state?: InvitationState | undefined },
  slice: Slice,
): Promise<(Invitation & { email: string | null })[]> {
  const { rows, wall } = await store.inTenant(organisation_id, async (scope) => ({
    rows: await scope.tx.invitation.findMany({
      where: {
        organisation_id,
        AND: [state === undefined ? {} : inState(state, scope.wall()), slice.where],
      },
      orderBy: slice.orderBy,
      take: slice.take,
    }),
    wall: scope.wall(),
  }))
  return Promise.all(
    rows.map(async (row) => {
      const invitation = fromRow(row, wall)
      const kept = invitation.state === 'waiting' && row.sealed_email !== FORGOTTEN
      const email = kept ? await seal.open(row.sealed_email, boundTo(organisation_id, row.id)) : null
      return { ...invitation, email }
    }),
  )
}

/** A state is no column: it follows from what happened, and when. */
function inState(state: InvitationState, wall: Date): Prisma.invitationWhereInput {
  const open = { accepted_at: null, revoked_at: null }
  switch (state) {
    case 'accepted':
      return { accepted_at: { not: null } }
    case 'revoked':
      return { accepted_at: null, revoked_at: { not: null } }
    case 'expired':
      return { ...open, expires_at: { lte: wall } }
    case 'waiting':
      return { ...open, expires_at: { gt: wall } }
  }
}
