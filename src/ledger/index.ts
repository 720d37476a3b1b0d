export { accounts } from './accounts.ts'
export { balance, balances } from './balances.ts'
export { type ExportFormat, exportBooks, exportFormats } from './export.ts'
export { type ExpectedFee, expectedFee, type FeeQuestion } from './fees.ts'
export {
  type AccountTotals,
  type Basis,
  bodyHash,
  type Entry,
  type EntryDraft,
  type EntryKind,
  type Posting,
  transfer,
} from './model.ts'
export { type Posted, post } from './post.ts'
export * as recipes from './recipes.ts'
export { type Checked, checkBooks } from './recompute.ts'
export { rollUpHandler } from './roll-up.ts'
export { ledgerRoutes } from './routes.ts'
