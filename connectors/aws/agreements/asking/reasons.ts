// The reason codes that AWS takes, and what they mean. Source: the API model of the agreement service (2020-03-01).
import type {
  AgreementCancellationRequestReasonCode,
  BillingAdjustmentReasonCode,
} from '@aws-sdk/client-marketplace-agreement'

const shared = {
  INCORRECT_TERMS_ACCEPTED: 'The buyer accepted the wrong terms',
  ALTERNATIVE_PROCUREMENT_CHANNEL: 'The buyer bought it another way',
  UNINTENDED_RENEWAL: 'It was renewed by mistake',
  BUYER_DISSATISFACTION: 'The buyer is not satisfied',
  OTHER: 'Another reason',
}
const cancellation: Record<AgreementCancellationRequestReasonCode, string> = {
  REPLACING_AGREEMENT: 'Another agreement takes its place',
  TEST_AGREEMENT: 'It was only a test',
  PRODUCT_DISCONTINUED: 'The product is discontinued',
  ...shared,
}
const refund: Record<BillingAdjustmentReasonCode, string> = {
  INCORRECT_METERING: 'Usage was reported wrongly',
  TEST_ENVIRONMENT_CHARGES: 'What was used was only a test',
  ...shared,
}

function listed<Code extends string>(titles: Record<Code, string>): { code: Code; title: string }[] {
  const codes = Object.keys(titles) as Code[]
  return codes.map((code) => ({ code, title: titles[code] }))
}

export const reasons = { cancellation: listed(cancellation), refund: listed(refund) }
