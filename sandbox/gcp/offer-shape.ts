import {
  bytes,
  dateTimeShape,
  decimalShape,
  enumeration,
  flag,
  integer,
  listOfShape,
  message,
  moneyShape,
  text,
} from './shape.ts'

// The private offer and its documents as the commerce producer API's proto files describe them.

const skuDiscount = message({ sku: text, cloudBillingSku: text, discountPercent: decimalShape }, [
  ['sku', 'cloudBillingSku'],
])
const priceModel = message(
  {
    usage: message({ defaultDiscountPercent: decimalShape, skuDiscounts: listOfShape(skuDiscount) }),
    flatFee: message({ flatFeeOverride: moneyShape }),
    commitment: message({
      commitmentAmount: moneyShape,
      discountPercent: decimalShape,
      additionalCredit: moneyShape,
      discardPreviousCreditBalance: flag,
    }),
  },
  [['flatFee', 'commitment']],
)
const instalment = message({ startTime: dateTimeShape, priceModel })

const singleProductOffer = message(
  {
    baseStandardOffer: text,
    serviceLevel: text,
    amendedPrivateOffer: text,
    amendedStandardOffer: text,
    standardIntervalPrice: message({
      standardInterval: enumeration(
        'STANDARD_INTERVAL_UNSPECIFIED',
        'MONTHLY_POSTPAY',
        'MONTHLY_PRORATED',
        'MONTHLY_NOT_PRORATED',
        'QUARTERLY_NOT_PRORATED',
        'YEARLY_NOT_PRORATED',
      ),
      priceModel,
    }),
    customIntervalPrice: message({ installments: listOfShape(instalment) }),
    features: listOfShape(message({ displayName: text, value: text })),
    effectiveInstallmentTimeline: listOfShape(instalment),
    resellerPrivateOfferPlanId: text,
    contractValue: message({ totalContractValue: moneyShape }),
    revenueShare: message({
      currentTermVendorNetRevenuePercent: decimalShape,
      renewalTermVendorNetRevenuePercent: decimalShape,
    }),
    additionalContractValue: message({ contractValue: moneyShape, eligibleSkus: listOfShape(text) }),
  },
  [
    ['amendedPrivateOffer', 'amendedStandardOffer'],
    ['standardIntervalPrice', 'customIntervalPrice'],
  ],
  [
    'serviceLevel',
    'resellerPrivateOfferPlanId',
    'effectiveInstallmentTimeline',
    'contractValue',
    'revenueShare',
  ],
)

const term = message(
  {
    startPolicy: enumeration('START_POLICY_UNSPECIFIED', 'IMMEDIATE', 'SCHEDULED_START_TIME'),
    scheduledStartTime: dateTimeShape,
    endPolicy: enumeration(
      'END_POLICY_UNSPECIFIED',
      'AFTER_DURATION',
      'SCHEDULED_END_TIME',
      'MATCH_AMENDED_OFFER',
    ),
    durationMonths: integer,
    scheduledEndTime: dateTimeShape,
    maxRenewalCount: integer,
    effectiveTermEndTime: dateTimeShape,
  },
  [['durationMonths', 'scheduledEndTime']],
  ['unlimitedRenewal', 'effectiveTermEndTime'],
)

export const offerShape = message(
  {
    name: text,
    state: enumeration(
      'STATE_UNSPECIFIED',
      'DRAFT',
      'PUBLISHING',
      'PUBLISHED',
      'ACCEPTED',
      'CANCELLED',
      'EXPIRED',
      'ENDED',
    ),
    internalNote: text,
    offerDealType: enumeration(
      'OFFER_DEAL_TYPE_UNSPECIFIED',
      'CHANNEL_SHIFT',
      'MIGRATION',
      'NATIVE_RENEWAL',
      'NEW',
    ),
    title: text,
    customerNote: text,
    partnerContact: message({ contact: text, email: text }),
    customer: message(
      { entityTitle: text, contact: text, email: text, targetBillingAccount: text },
      [],
      ['address'],
    ),
    acceptDeadlineTime: dateTimeShape,
    term,
    singleProductOffer,
  },
  [],
  [
    'name',
    'state',
    'publishRequirementGoogleReview',
    'createTime',
    'updateTime',
    'publishTime',
    'acceptTime',
    'cancelTime',
    'endTime',
    'cancellationNote',
    'resellerContact',
  ],
)

export const documentShape = message(
  {
    inlineContent: bytes,
    documentType: enumeration(
      'DOCUMENT_TYPE_UNSPECIFIED',
      'CUSTOM_END_USER_LICENSE_AGREEMENT',
      'STATEMENT_OF_WORK',
      'STANDARD_END_USER_LICENSE_AGREEMENT_V1',
      'STANDARD_END_USER_LICENSE_AGREEMENT_V2',
    ),
    mimeType: text,
  },
  [],
  ['name', 'createTime', 'updateTime'],
)
