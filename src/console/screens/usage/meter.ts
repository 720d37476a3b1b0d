import type { Schemas } from '../../../client/index.ts'

/** Whose usage it is, as the API names it wherever usage is told. */
export type Whose = Pick<Schemas['UsageHour'], 'agreement_id' | 'buyer_account_id' | 'buyer_name'>

/** The buyer behind usage: the name, else the account, else our own id of the agreement. */
export const buyerText = ({ agreement_id, buyer_account_id, buyer_name }: Whose) =>
  buyer_name ?? buyer_account_id ?? agreement_id

/** The address of the screen of one hour. */
export const hourPath = (hour: { agreement_id: string; dimension: string; hour: string }) =>
  `/usage/${hour.agreement_id}/${encodeURIComponent(hour.dimension)}/${encodeURIComponent(hour.hour)}`
