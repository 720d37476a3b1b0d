import { z } from 'zod'
import { type Decimal, decimal, formatDecimal } from '../core/decimal.ts'
import type { Prisma } from './generated/node/client.ts'

/** A numeric column as Prisma reads it. Its own toString may print exponents; toFixed never does. */
type Numeric = { toFixed(): string }

export function fromNumeric(value: Numeric): Decimal {
  return decimal(value.toFixed())
}

/** A decimal for a numeric column. */
export function toNumeric(value: Decimal): string {
  return formatDecimal(value)
}

/** Anything we keep as JSON; undefined members are left out. Dates and bigints must be text before. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue
}

/** Numeric and bigint columns of hand-written SQL, read as exact decimals whatever the driver hands over. */
export const numericColumn = z
  .union([
    z.string(),
    z.bigint(),
    z.number().int(),
    z.custom<Numeric>((value) => typeof value === 'object' && value !== null && 'toFixed' in value),
  ])
  .transform((value) => (typeof value === 'object' ? decimal(value.toFixed()) : decimal(value)))

export const bigintColumn = z
  .union([
    z.string(),
    z.bigint(),
    z.number().int(),
    z.custom<Numeric>((value) => typeof value === 'object' && value !== null && 'toFixed' in value),
  ])
  .transform((value) => BigInt(typeof value === 'object' ? value.toFixed() : value))
