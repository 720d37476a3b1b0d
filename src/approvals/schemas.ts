import { z } from '@hono/zod-openapi'
import type { JSONValue } from 'hono/utils/types'
import { type Approval, actNames, approvalStates } from './model.ts'

/** An act that waits, or waited, for a second person. */
export const approvalSchema = z
  .object({
    id: z.string(),
    act: z.enum(actNames),
    subject_id: z.string(),
    request: z.unknown().openapi({ description: 'What was asked for, without its secrets.' }),
    foreseen: z.unknown().openapi({
      description:
        'What doing it when it was asked would have answered: it was tried and undone, and ids in it are not real.',
    }),
    state: z.enum(approvalStates),
    asked_by: z.string(),
    asked_at: z.string(),
    expires_at: z.string(),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    note: z.string().nullable(),
    result: z.unknown().openapi({ description: 'What doing it answered.' }),
  })
  .openapi('Approval')

type OfRooms = { request: JSONValue; foreseen: JSONValue; result: JSONValue }
export type ShownApproval = Omit<z.infer<typeof approvalSchema>, keyof OfRooms> & OfRooms

export function shownApproval({ asked_at, expires_at, decided_at, ...rest }: Approval): ShownApproval {
  const { request, foreseen, result } = rest
  return {
    ...rest,
    // They were read from columns of JSON, and so they are.
    ...({ request, foreseen, result } as OfRooms),
    asked_at: asked_at.toISOString(),
    expires_at: expires_at.toISOString(),
    decided_at: decided_at?.toISOString() ?? null,
  }
}
