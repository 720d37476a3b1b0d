import { z } from 'zod'
import { roleNames } from '../access/index.ts'

/** The roles of a seat or an invitation, as the database keeps them. */
export const heldRoles = z.array(z.enum(roleNames))
