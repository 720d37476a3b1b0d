import type { Documents } from './offer-documents.ts'

const text = (length: number) => 'a'.repeat(length)
const option = (details: object) => ({ DeliveryOptions: [{ Details: details }] })
const page = (more: object) =>
  option({ SaaSUrlDeliveryOptionDetails: { FulfillmentUrl: 'https://example.com/aws', ...more } })
const dimension = (more: object) => [
  { Key: 'k', Name: 'n', Description: 'd', Types: ['Entitled'], Unit: 'u', ...more },
]

export const productDocuments: Documents = {
  CreateProduct: {
    good: [{}, { ProductTitle: text(72) }],
    bad: [{ ProductTitle: text(73) }, { Title: 'a' }],
  },
  AddDeliveryOptions: {
    good: [page({ UsageInstructions: text(30000) }), page({ FulfillmentUrl: 'http://127.0.0.1:8080/aws' })],
    bad: [
      page({ FulfillmentUrl: 'http://example.com' }),
      page({ FulfillmentUrl: 'https://example' }),
      page({ DeploymentTemplates: [] }),
      option({ Other: {} }),
    ],
  },
  AddDimensions: {
    good: [[], dimension({ Key: text(100), Unit: text(20), Types: ['Entitled', 'Metered'] })],
    bad: [
      dimension({ Key: 'a b' }),
      dimension({ Unit: text(21) }),
      dimension({ Types: [] }),
      dimension({ Types: ['Free'] }),
      dimension({})[0],
    ],
  },
  UpdateVisibility: {
    good: [],
    bad: [{}, { TargetVisibility: 'Draft' }, { TargetVisibility: 'Public', ReplacementProductId: 'prod-1' }],
  },
  UpdateDeliveryOptionsVisibility: {
    good: [{ DeliveryOptions: [] }],
    bad: [{ DeliveryOptions: [{ Id: 'x' }] }, { DeliveryOptions: Array(3).fill({ Id: 'do-1' }) }],
  },
  RestrictDimensions: { good: [[]], bad: [{}, [{ Key: 'k' }]] },
  UpdateDimensions: { good: [[]], bad: [[{ Key: 'k', Types: ['Entitled'], Unit: 'u' }]] },
}
