import { AwsError } from './errors.ts'
import type { Json, Product } from './model.ts'
import { product as findProduct, type World } from './world.ts'

/** Products made from here on are metered by licence only: many agreements of one customer may run side by side. */
export const licenceKeyedSince = Date.parse('2026-06-01T00:00:00Z')

/** Trades a buyer's registration token for who the buyer is. */
export function resolveCustomer(world: World, account: string, body: Json): object {
  const { RegistrationToken = '' } = (body ?? {}) as { RegistrationToken?: string }
  const token = world.tokens.get(RegistrationToken)
  const agreement = token && world.agreements.get(token.agreement_id)
  const product = agreement && findProduct(world, agreement.product_id)
  if (!token || !agreement || product?.owner !== account) {
    throw new AwsError('InvalidTokenException', 'The registration token is not valid.')
  }
  if (token.expires_at <= world.clock.now()) {
    throw new AwsError('ExpiredTokenException', 'The registration token is expired.')
  }
  return {
    ProductCode: product.product_code,
    CustomerAWSAccountId: agreement.acceptor,
    LicenseArn: agreement.license_arn,
    ...customerIdentifier(world, product, agreement.acceptor),
  }
}

/** The identifier that only integrations from before the licences still get. */
export function customerIdentifier(
  world: World,
  product: Product,
  buyer: string,
): { CustomerIdentifier?: string } {
  const identifier = world.accounts.get(buyer)?.encrypted_account_id
  return product.created_at < licenceKeyedSince && identifier ? { CustomerIdentifier: identifier } : {}
}

/** Metering from inside a buyer's own account is for other kinds of products than the sandbox has. */
export function meterUsage(): object {
  const message = 'The product code is not that of an AMI or a container product.'
  throw new AwsError('InvalidProductCodeException', message)
}
