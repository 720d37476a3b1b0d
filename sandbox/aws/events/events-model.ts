/** Where messages go: an account's EventBridge events, or a product's own topic. One HTTPS subscription each. */
export type Destination = {
  account_id: string
  url: string
  topic_arn: string
  subscription_arn: string
  token: string
  confirmed: boolean
  confirmation: { message_id: string; status?: number | undefined; problem?: string | undefined }
}

export type EventAttempt = { at: number; status?: number | undefined; problem?: string | undefined }

export type MarketEvent = {
  id: string
  account_id: string
  /** The topic of a product; without it the message is an EventBridge event of the account. */
  topic_arn?: string | undefined
  created_at: number
  detail_type: string
  /** The EventBridge event as text, exactly as it travels inside the SNS envelope. */
  body: string
  message_id: string
  state: 'pending' | 'delivered' | 'failed' | 'no_destination' | 'unconfirmed'
  attempts: EventAttempt[]
}

/** The id under which a destination is kept: the topic of a product, or the account. */
export function destinationId(of: { account_id: string; topic_arn?: string | undefined }): string {
  return of.topic_arn?.includes(':aws-mp-') ? of.topic_arn : of.account_id
}
