/**
 * What the ingestion API's codes mean, in plain words with the way out. Source: the inner-error schema of the Product
 * Ingestion API, read in 2026; the words of a failed certification as third parties report them.
 */
const byCode: Readonly<Record<string, string>> = {
  businessValidationError:
    'Azure refuses what this would mean. Nothing was changed; its own words say which rule.',
  collectionLimitExceeded: 'There are more of these than Azure takes.',
  invalidEntityStatus: 'It is not in a state in which this can be done.',
  invalidId: 'An id is not one of this account, or is misspelt.',
  invalidRequest: 'Azure refused the request as it was written. Nothing was changed.',
  invalidResource: 'A part of the request does not fit the others.',
  invalidState: 'It is not in a state in which this can be done.',
  notDeployed: 'It was never published, so this cannot be done yet.',
  notSupported: 'The interface cannot do this; it must be done in Partner Center.',
  operationCanceled: 'The change was cancelled before Azure applied it.',
  productLocked: 'Another change of this product is under way. Wait until it is done.',
  resourceNotFound: 'Something that is named does not exist, or belongs to another account.',
  schemaValidationError: 'Azure refused the request as it was written. Nothing was changed.',
  badRequest: 'Azure refused the request as it was written. Nothing was changed.',
  unknown: 'Azure failed without saying why. Look in Partner Center.',
}

/** Our words for a code; undefined for one that is not documented. */
export function plain(code: string, message = ''): string | undefined {
  if (/certification/i.test(message))
    return 'Microsoft did not certify the offer. Its report in Partner Center says what to change; publish again after that.'
  return Object.hasOwn(byCode, code) ? byCode[code] : undefined
}
