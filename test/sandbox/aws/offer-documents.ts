/** Bodies by change type: good ones, then ones with a single thing wrong in them. */
export type Documents = Record<string, { good: unknown[]; bad: unknown[] }>

const text = (length: number) => 'a'.repeat(length)
const terms = (...Terms: unknown[]) => ({ Terms })
const upfront = (more: object) => ({
  Type: 'FixedUpfrontPricingTerm',
  CurrencyCode: 'USD',
  Price: '0',
  Grants: [{ DimensionKey: 'seats' }],
  ...more,
})
const priced = (...Terms: unknown[]) => ({ PricingModel: 'Contract', Terms })
const charged = (ChargeDate: unknown, ChargeAmount: unknown) =>
  terms({ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule: [{ ChargeDate, ChargeAmount }] })
const renewal = (more: object) => terms({ Type: 'RenewalTerm', ...more })
const legal = (...Documents: unknown[]) => terms({ Type: 'LegalTerm', Documents })

export const offerDocuments: Documents = {
  CreateOffer: {
    good: [],
    bad: [
      {},
      { ProductId: null },
      { ProductId: 'a' },
      { ProductId: 'a b' },
      { ProductId: 'prod-1', Extra: 1 },
    ],
  },
  UpdateInformation: {
    good: [{}, { Name: null }, { Name: text(150), Description: '\u{1F642}'.repeat(255) }],
    bad: [{ Name: '' }, { Name: ' a' }, { Name: text(151) }, { Description: text(256) }, { name: 'a' }, []],
  },
  UpdateTargeting: {
    good: [{}, { PositiveTargeting: null }, { NegativeTargeting: { CountryCodes: ['US'] } }],
    bad: [{ PositiveTargeting: { BuyerAccounts: [] } }, { NegativeTargeting: {} }, { BuyerAccounts: [] }],
  },
  UpdatePricingTerms: {
    good: [
      priced(upfront({ Price: '100000000.000', Duration: null })),
      priced(upfront({ Price: '1.' })),
      priced(upfront({ Grants: [{ DimensionKey: 'seats', MaxQuantity: 2147483646 }] })),
      {
        PricingModel: 'Usage',
        Terms: [{ Type: 'RecurringPaymentTerm', CurrencyCode: 'USD', BillingPeriod: 'Monthly', Price: '5' }],
      },
    ],
    bad: [
      priced(),
      priced(upfront({ Price: 0 })),
      priced(upfront({ Price: '0.0001' })),
      priced(upfront({ Price: '100000000.001' })),
      priced(upfront({ Price: '-1' })),
      priced(upfront({ CurrencyCode: 'CHF' })),
      priced(upfront({ Duration: '12M' })),
      priced(upfront({ Grants: [] })),
      priced(upfront({ Grants: [{ DimensionKey: 'seats', MaxQuantity: 0 }] })),
      priced(upfront({ Grants: [{ DimensionKey: 'seats', MaxQuantity: 1.5 }] })),
      priced(upfront({ Type: 'PaymentScheduleTerm' })),
      { PricingModel: 'Flat', Terms: [upfront({})] },
      { PricingModel: 'Usage', Terms: [{ Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD' }] },
    ],
  },
  UpdatePaymentScheduleTerms: {
    good: [terms(), charged('2028-02-29', '0.01'), charged('2027-12-31', '100000000.')],
    bad: [
      charged('2027-02-29', '1'),
      charged('2027-04-31', '1'),
      charged('2027-1-01', '1'),
      charged('2027-01-01T00:00:00Z', '1'),
      charged('2027-01-01', '0.001'),
      charged('2027-01-01', 1),
      terms({ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule: [] }),
    ],
  },
  UpdateLegalTerms: {
    good: [legal({ Type: 'CustomDsa', Url: 'http://a.example.com/x', Version: null })],
    bad: [
      terms(),
      legal(),
      legal({ Type: 'Eula' }),
      legal({ Type: 'StandardEula', Version: '2020-01-01' }),
      legal({ Type: 'StandardEula' }, { Type: 'StandardEula' }),
    ],
  },
  UpdateSupportTerms: {
    good: [terms(), terms({ Type: 'SupportTerm', RefundPolicy: 'a\n\u00a9' })],
    bad: [
      terms({ Type: 'SupportTerm', RefundPolicy: '' }),
      terms({ Type: 'SupportTerm', RefundPolicy: '\u00e9' }),
    ],
  },
  UpdateRenewalTerms: {
    good: [
      terms(),
      renewal({}),
      renewal({ MaxRenewals: 1, PriceIncrease: { Type: 'FixedPercentage', Value: '99.99' } }),
    ],
    bad: [
      renewal({ MaxRenewals: 0 }),
      renewal({ PriceIncrease: { Type: 'FixedPercentage', Value: '100.01' } }),
      renewal({ PriceIncrease: { Type: 'PercentageRange', Value: '1' } }),
      renewal({ TermTemplates: [] }),
    ],
  },
  UpdateNetPaymentTerms: {
    good: [terms()],
    bad: [terms({ Type: 'NetPaymentTerm' }), terms({ Type: 'NetPaymentTerm', PaymentDuePeriod: 30 })],
  },
  UpdateValidityTerms: {
    good: [terms(), terms({ Type: 'ValidityTerm', AgreementDuration: 'P1Y2M3D', AgreementEndDate: null })],
    bad: [terms({ Type: 'ValidityTerm', AgreementDuration: 'PT1H' }), terms({ AgreementDuration: 'P1Y' })],
  },
  UpdateCustomerVerificationTerms: {
    good: [terms(), terms({ Type: 'CustomerVerificationTerm', ApprovalStrategy: 'WaitForApproval' })],
    bad: [terms({ Type: 'CustomerVerificationTerm', ApprovalStrategy: 'Never' })],
  },
  UpdateAvailability: {
    good: [{ AvailabilityEndDate: '2026-12-31' }],
    bad: [{}, { AvailabilityEndDate: null }],
  },
  ReleaseOffer: { good: [], bad: [{ Now: true }, []] },
}
