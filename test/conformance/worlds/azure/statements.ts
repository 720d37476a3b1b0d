import type { Statements } from '../../world.ts'

/** The transaction history: an earning that is calculated anew keeps its id and gets a later calculation date. */
export const statements: Statements = {
  format: 'azure.transactionhistory',
  hasMoney: (name) => name.startsWith('transactionhistory'),
  amount_column: 'transactionAmount',
  date_column: 'transactionDate',
  needed_column: 'earningId',
  restated: (row) => ({
    ...row,
    calculationDate: '2027-06-01T00:00:00Z',
    transactionAmount: '59000.00',
    storeFee: '-1770.00',
    earningAmount: '57230.00',
  }),
  isSale: ({ transactionAmount }) => Number(transactionAmount) === 60_000,
  intruder: (stranger) => stranger,
}
