/** Where an account's EventBridge events go: an SNS topic with one HTTPS subscription. */
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
  created_at: number
  detail_type: string
  /** The EventBridge event as text, exactly as it travels inside the SNS envelope. */
  body: string
  message_id: string
  state: 'pending' | 'delivered' | 'failed' | 'no_destination' | 'unconfirmed'
  attempts: EventAttempt[]
}
