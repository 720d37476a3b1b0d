import type { Json } from './model.ts'

/** A refusal in the cloud's own words. The service's protocol decides how it is written on the wire. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  readonly extra: Record<string, Json>

  constructor(code: string, message: string, status = 400, extra: Record<string, Json> = {}) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.extra = extra
  }
}

/** The catalog's own statuses: its model maps each exception to one of them. */
export const catalogStatus: Record<string, number> = {
  ValidationException: 422,
  ResourceInUseException: 423,
  ServiceQuotaExceededException: 402,
  ResourceNotSupportedException: 415,
  ThrottlingException: 429,
  AccessDeniedException: 403,
  UnrecognizedClientException: 403,
  ResourceNotFoundException: 404,
  InternalServiceException: 500,
}

/** One thing that is wrong with a change, as a ValidationException lists it. */
type ValidationField = {
  Reason: 'UnknownOperation' | 'CannotParse' | 'FieldValidationFailed' | 'Other'
  EntityType?: string
  EntityId?: string
  ChangeType?: string
  Field?: string
  Message: string
}

export function catalogError(
  code: keyof typeof catalogStatus & string,
  message: string,
  fields?: ValidationField[],
): AwsError {
  // The model allows no longer message than this.
  const short = message.slice(0, 2048)
  return new AwsError(
    code,
    short,
    catalogStatus[code] ?? 400,
    fields ? { ValidationExceptionFieldList: fields } : {},
  )
}
