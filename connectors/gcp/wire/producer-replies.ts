/** What the Commerce Producer API answers: read leniently, whatever else is in it stays. Source: its definition, v1beta. */
import { z } from 'zod'
import { dateTimeShape } from './dates.ts'
import { decimalShape, moneyShape } from './money.ts'

const text = z.string().nullish()
const number = z.number().nullish()
const dateTime = dateTimeShape.nullish()
const money = moneyShape.nullish()
const percent = decimalShape.nullish()
const listOf = <T extends z.ZodType>(shape: T) => z.array(shape).nullish()

const priceModel = z.looseObject({
  flatFee: z.looseObject({ flatFeeOverride: money }).nullish(),
  commitment: z
    .looseObject({ commitmentAmount: money, discountPercent: percent, additionalCredit: money })
    .nullish(),
  usage: z
    .looseObject({
      defaultDiscountPercent: percent,
      skuDiscounts: listOf(z.looseObject({ sku: text, discountPercent: percent })),
    })
    .nullish(),
})
const installment = z.looseObject({ startTime: dateTime, priceModel: priceModel.nullish() })
const singleProductOffer = z.looseObject({
  amendedPrivateOffer: text,
  amendedStandardOffer: text,
  baseStandardOffer: text,
  serviceLevel: text,
  resellerPrivateOfferPlanId: text,
  standardIntervalPrice: z
    .looseObject({ standardInterval: text, priceModel: priceModel.nullish() })
    .nullish(),
  customIntervalPrice: z.looseObject({ installments: listOf(installment) }).nullish(),
  features: listOf(z.looseObject({ displayName: text, value: text })),
  effectiveInstallmentTimeline: listOf(installment),
  contractValue: z.looseObject({ totalContractValue: money }).nullish(),
  revenueShare: z
    .looseObject({
      currentTermVendorNetRevenuePercent: percent,
      renewalTermVendorNetRevenuePercent: percent,
    })
    .nullish(),
})
const privateOfferShape = z.looseObject({
  name: text,
  state: text,
  title: text,
  internalNote: text,
  createTime: text,
  updateTime: text,
  publishTime: text,
  acceptTime: text,
  cancelTime: text,
  endTime: text,
  cancellationNote: text,
  resellerContact: z.looseObject({ contact: text, email: text }).nullish(),
  offerDealType: text,
  customer: z.looseObject({ targetBillingAccount: text }).nullish(),
  acceptDeadlineTime: dateTime,
  term: z
    .looseObject({
      durationMonths: number,
      scheduledStartTime: dateTime,
      scheduledEndTime: dateTime,
      effectiveTermEndTime: dateTime,
      startPolicy: text,
      endPolicy: text,
    })
    .nullish(),
  singleProductOffer: singleProductOffer.nullish(),
})
export type PrivateOffer = z.infer<typeof privateOfferShape>

const document = z.looseObject({ name: text, documentType: text, mimeType: text })
const service = z.looseObject({ name: text, title: text })
export type Service = z.infer<typeof service>

const tieredPrice = z.looseObject({
  unit: text,
  unitDescription: text,
  priceUnitCount: percent,
  priceTiers: listOf(z.looseObject({ startAmount: percent, price: money })),
})
const skuShape = z.looseObject({
  name: text,
  description: text,
  skuPriceTimeline: listOf(
    z.looseObject({
      effectiveTime: text,
      inactive: z.looseObject({}).nullish(),
      managedServiceMetricUsageFee: z
        .looseObject({ canonicalMetric: text, tieredPrice: tieredPrice.nullish() })
        .nullish(),
      flatSubscriptionFee: z.looseObject({ pricePerUnit: money, unit: text }).nullish(),
    }),
  ),
})
export type Sku = z.infer<typeof skuShape>

const standardOffer = z.looseObject({
  name: text,
  termDurationMonths: number,
  effectiveTime: text,
  expireTime: text,
  serviceLevel: text,
  serviceLevelTitle: text,
  priceModel: z
    .looseObject({
      flatFee: z.looseObject({ sku: text }).nullish(),
      usage: z
        .looseObject({
          skuList: z.looseObject({ skus: listOf(z.string()) }).nullish(),
          skuGroupList: z.looseObject({ skuGroups: listOf(z.string()) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
})
export type StandardOffer = z.infer<typeof standardOffer>

const skuGroup = z.looseObject({
  name: text,
  skus: listOf(z.string()),
  cloudBillingSkus: listOf(z.string()),
})
const nextPageToken = text
const empty = z.looseObject({})

export const replyShapes = {
  listServices: z.looseObject({ services: listOf(service), nextPageToken }),
  getService: service,
  listPrivateOffers: z.looseObject({ privateOffers: listOf(privateOfferShape), nextPageToken }),
  getPrivateOffer: privateOfferShape,
  resolveAmendmentTarget: z.looseObject({
    requiredPrivateOffer: text,
    requiredStandardOffer: text,
    optionalOffers: z.looseObject({ privateOffers: listOf(z.string()) }).nullish(),
  }),
  createPrivateOffer: privateOfferShape,
  updatePrivateOffer: privateOfferShape,
  publishPrivateOffer: privateOfferShape,
  cancelPrivateOffer: privateOfferShape,
  deletePrivateOffer: empty,
  listPrivateOfferDocuments: z.looseObject({ privateOfferDocuments: listOf(document), nextPageToken }),
  getPrivateOfferDocument: document,
  createPrivateOfferDocument: document,
  updatePrivateOfferDocument: document,
  deletePrivateOfferDocument: empty,
  listStandardOffers: z.looseObject({ standardOffers: listOf(standardOffer), nextPageToken }),
  getStandardOffer: standardOffer,
  getSku: skuShape,
  listSkus: z.looseObject({ skus: listOf(skuShape), nextPageToken }),
  getSkuGroup: skuGroup,
  listSkuGroups: z.looseObject({ skuGroups: listOf(skuGroup), nextPageToken }),
}
export type Replies = { [R in keyof typeof replyShapes]: z.infer<(typeof replyShapes)[R]> }
