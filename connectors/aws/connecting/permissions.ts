/**
 * What an IAM user or role has to be allowed, for what, and by whom it is needed: the one table of it. The policy to paste,
 * the test of a connection and the pages about both are made from it. Actions as in AWS's service authorization reference
 * for AWS Marketplace, its catalog, entitlement and metering services, S3 and STS, read in 2026.
 */
import type { GuidePermission, Side } from '../../connector.ts'

const both: readonly Side[] = ['seller', 'reseller']
const seller: readonly Side[] = ['seller']

const listings = ['publish_listings', 'change_listings', 'release_listings']
const offers = ['make_offers', 'open_to_resellers', 'resell']
const WRITES = 'It changes something wherever it is allowed, so that its first use shows it.'

export const permissions: readonly GuidePermission[] = [
  {
    permission: 'sts:GetCallerIdentity',
    for: [],
    sides: both,
    words: 'Says whose key it is. AWS allows it to every key.',
  },
  {
    permission: 'aws-marketplace:ListEntities',
    for: [...listings, 'compare_listings', ...offers],
    sides: both,
    words: 'Finds products, offers and resale authorizations.',
  },
  {
    permission: 'aws-marketplace:DescribeEntity',
    for: [...listings, 'compare_listings', ...offers],
    sides: both,
    words: 'Reads one of them.',
  },
  {
    permission: 'aws-marketplace:StartChangeSet',
    for: [...listings, ...offers],
    sides: both,
    words: 'Makes and changes them.',
    untested: WRITES,
  },
  {
    permission: 'aws-marketplace:DescribeChangeSet',
    for: [...listings, ...offers],
    sides: both,
    words: 'Reads how a change ended.',
  },
  {
    permission: 'aws-marketplace:ListChangeSets',
    for: [...listings, ...offers],
    sides: both,
    words: 'Finds a change again whose answer was lost, so that it is not made twice.',
  },
  {
    permission: 'aws-marketplace:SearchAgreements',
    for: ['follow_agreements'],
    sides: both,
    words: 'Finds what buyers accepted.',
  },
  {
    permission: 'aws-marketplace:DescribeAgreement',
    for: ['follow_agreements'],
    sides: both,
    words: 'Reads one agreement.',
  },
  {
    permission: 'aws-marketplace:GetAgreementTerms',
    for: ['follow_agreements'],
    sides: both,
    words: 'Reads its prices, dates and payments.',
  },
  {
    permission: 'aws-marketplace:GetEntitlements',
    for: ['read_entitlements'],
    sides: seller,
    words: 'Reads the quantities that a buyer is entitled to.',
  },
  {
    permission: 'aws-marketplace:ResolveCustomer',
    for: ['follow_agreements'],
    sides: seller,
    words: 'Says which buyer came to the sign-up page.',
  },
  {
    permission: 'aws-marketplace:BatchMeterUsage',
    for: ['report_usage'],
    sides: seller,
    words: 'Reports usage.',
    untested: WRITES,
  },
  {
    permission: 'aws-marketplace:ListAgreementInvoiceLineItems',
    for: ['read_invoices'],
    sides: both,
    words: 'Reads what a buyer was billed.',
  },
  ...asking('SendAgreementCancellationRequest', 'Asks a buyer to agree to a cancellation.', WRITES),
  ...asking('GetAgreementCancellationRequest', 'Reads what became of it.'),
  ...asking('CancelAgreementCancellationRequest', 'Takes such a request back.', WRITES),
  ...asking('SendAgreementPaymentRequest', 'Asks a buyer for a payment.', WRITES),
  ...asking('GetAgreementPaymentRequest', 'Reads what became of it.'),
  ...asking('CancelAgreementPaymentRequest', 'Takes such a request back.', WRITES),
  ...asking('BatchCreateBillingAdjustmentRequest', 'Asks AWS for a refund to a buyer.', WRITES),
  ...asking('GetBillingAdjustmentRequest', 'Reads what became of it.'),
  {
    permission: 's3:ListBucket',
    for: ['import_statements'],
    sides: both,
    words: 'Finds the data feeds in their bucket.',
  },
  {
    permission: 's3:GetObject',
    for: ['import_statements'],
    sides: both,
    words: 'Reads them.',
  },
]

function asking(action: string, words: string, untested?: string): GuidePermission[] {
  const permission = `aws-marketplace:${action}`
  return [
    { permission, for: ['ask_buyers'], sides: both, words, ...(untested === undefined ? {} : { untested }) },
  ]
}
