import * as agreement from '@aws-sdk/client-marketplace-agreement'
import * as entitlement from '@aws-sdk/client-marketplace-entitlement-service'
import * as metering from '@aws-sdk/client-marketplace-metering'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyer, type Market, openMarket } from '../support.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.server.stop())

type ErrorClass = abstract new (...parts: never[]) => Error

/** The error classes of a client by their names, apart from the common one they all extend. */
function classesOf(client: object): Map<string, ErrorClass> {
  const isError = (value: unknown): value is ErrorClass =>
    typeof value === 'function' && value.prototype instanceof Error
  return new Map(
    Object.entries(client)
      .filter(([name]) => !name.endsWith('ServiceException'))
      .flatMap(([name, value]): [string, ErrorClass][] => (isError(value) ? [[name, value]] : [])),
  )
}

/** Each class of the model, met by a call of that service, arrives as an instance of the class. */
async function decodes(
  client: object,
  service: string,
  operation: string,
  call: () => Promise<unknown>,
  expected: string[],
) {
  const classes = classesOf(client)
  expect([...classes.keys()].sort()).toEqual(expected.sort())
  for (const [code, type] of classes) {
    await market.control('/faults', { cloud: 'aws', service, operation, fault: 'named_error', code })
    const error: unknown = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error, code).toBeInstanceOf(type)
    expect(error, code).toMatchObject({ name: code })
  }
}

describe('every error class of the official client is decoded', () => {
  test('agreements', () =>
    decodes(
      agreement,
      'marketplace-agreement',
      'SendAgreementPaymentRequest',
      () =>
        market.vendor.agreement.send(
          new agreement.SendAgreementPaymentRequestCommand({
            agreementId: 'agmt-1',
            termId: 'term-1',
            name: 'Workshop',
            chargeAmount: '1',
          }),
        ),
      [
        'AccessDeniedException',
        'ConflictException',
        'InternalServerException',
        'ResourceNotFoundException',
        'ServiceQuotaExceededException',
        'ThrottlingException',
        'ValidationException',
      ],
    ))

  test('metering', () =>
    decodes(
      metering,
      'meteringmarketplace',
      'BatchMeterUsage',
      () =>
        market.vendor.metering.send(
          new metering.BatchMeterUsageCommand({
            UsageRecords: [
              {
                CustomerAWSAccountId: buyer,
                LicenseArn: 'arn:aws:license-manager::294406891311:license:l-1',
                Dimension: 'calls',
                Timestamp: new Date(),
              },
            ],
          }),
        ),
      [
        'CustomerNotEntitledException',
        'DisabledApiException',
        'DuplicateRequestException',
        'ExpiredTokenException',
        'IdempotencyConflictException',
        'InternalServiceErrorException',
        'InvalidCustomerIdentifierException',
        'InvalidEndpointRegionException',
        'InvalidLicenseException',
        'InvalidProductCodeException',
        'InvalidPublicKeyVersionException',
        'InvalidRegionException',
        'InvalidTagException',
        'InvalidTokenException',
        'InvalidUsageAllocationsException',
        'InvalidUsageDimensionException',
        'PlatformNotSupportedException',
        'ThrottlingException',
        'TimestampOutOfBoundsException',
      ],
    ))

  test('entitlements', () =>
    decodes(
      entitlement,
      'marketplace-entitlement',
      'GetEntitlements',
      () => market.vendor.entitlement.send(new entitlement.GetEntitlementsCommand({ ProductCode: 'p' })),
      ['InternalServiceErrorException', 'InvalidParameterException', 'ThrottlingException'],
    ))
})
