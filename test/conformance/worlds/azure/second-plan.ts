// What a person adds in Partner Center to a product with one plan: a second one, so that a customer can change.
import type { Connection } from '../../../../connectors/connector.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'

const version = '2022-03-01-preview'
const schema = (name: string, preview: number) =>
  `https://schema.mp.microsoft.com/schema/${name}/${version}${preview}`

/** The token that Partner Center works under. */
async function signIn({ server }: Ground, { settings, credentials }: Connection): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.client_id ?? '',
    client_secret: credentials.client_secret ?? '',
    scope: 'https://graph.microsoft.com/.default',
  })
  const address = `${server.urls.azure.login}/${settings.tenant_id}/oauth2/v2.0/token`
  const reply = await fetch(address, { method: 'POST', body: form })
  // The sandbox answers as the login does: an object with a token.
  const { access_token } = (await reply.json()) as { access_token?: string }
  return given(access_token, 'token of the login')
}

export async function addSecondPlan(ground: Ground, vendor: Connection, external_id: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${await signIn(ground, vendor)}`,
    'content-type': 'application/json',
  }
  const { ingestion } = ground.server.urls.azure
  const found = await fetch(`${ingestion}/product?externalId=${external_id}&$version=${version}5`, {
    headers,
  })
  // A list of the ingestion API.
  const { value } = (await found.json()) as { value: { id: string }[] }
  const product = given(value[0], 'product').id
  const reply = await fetch(`${ingestion}/configure?$version=2022-07-01`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      $schema: 'https://schema.mp.microsoft.com/schema/configure/2022-07-01',
      resources: planOf(product),
    }),
  })
  if (!reply.ok) throw new Error(`The second plan was refused: ${await reply.text()}`)
}

function planOf(product: string) {
  const plan = { resourceName: 'gold' }
  const price = {
    billingTerm: { type: 'year', value: 1 },
    paymentOption: { type: 'year', value: 1 },
    pricePerPaymentInUsd: 300,
  }
  return [
    { $schema: schema('plan', 3), ...plan, product, identity: { externalId: 'gold' }, alias: 'Gold' },
    {
      $schema: schema('plan-listing', 5),
      kind: 'azureSaaS-plan',
      product,
      plan,
      languageId: 'en-us',
      name: 'Gold',
      summary: 'Gold',
    },
    {
      $schema: schema('price-and-availability-plan', 4),
      product,
      plan,
      visibility: 'visible',
      audience: 'public',
      pricing: {
        recurrentPrice: { recurrentPriceMode: 'flatRate', priceInputOption: 'usd', prices: [price] },
      },
    },
  ]
}
