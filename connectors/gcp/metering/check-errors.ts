/**
 * What Service Control says against a buyer or an operation. Sources: its public definition (codes of CheckError,
 * google.rpc.Code in reports) and Google's public billing agent, which gives up for three of them.
 */
import type { servicecontrol_v1 } from '@googleapis/servicecontrol'

type Refused = { status: 'refused'; code: string; message: string }
type Verdict = { status: 'good' } | { status: 'unprocessed' } | Refused

/**
 * Google could not find out: its documents say to report as if the check had passed. An order that is no longer active
 * may still be reported for, up to an hour after its end, and only the report tells.
 */
const failOpen: ReadonlySet<string> = new Set([
  'SERVICE_NOT_ACTIVATED',
  'NAMESPACE_LOOKUP_UNAVAILABLE',
  'SERVICE_STATUS_UNAVAILABLE',
  'BILLING_STATUS_UNAVAILABLE',
  'QUOTA_CHECK_UNAVAILABLE',
  'CLOUD_RESOURCE_MANAGER_BACKEND_UNAVAILABLE',
  'SECURITY_POLICY_BACKEND_UNAVAILABLE',
  'LOCATION_POLICY_BACKEND_UNAVAILABLE',
  'LOAS_PROJECT_LOOKUP_UNAVAILABLE',
  'INJECTED_ERROR',
])

/** The buyer may put it in order: the usage is kept and sent again while there is time. */
const later: ReadonlySet<string> = new Set([
  'BILLING_DISABLED',
  'RESOURCE_EXHAUSTED',
  'BUDGET_EXCEEDED',
  'LOAD_SHEDDING',
  'ABUSER_DETECTED',
])

export function checkVerdict(errors: readonly servicecontrol_v1.Schema$CheckError[]): Verdict {
  const counted = errors.filter((error) => !failOpen.has(error.code ?? ''))
  const refused = counted.find((error) => !later.has(error.code ?? ''))
  if (refused !== undefined) {
    const code = refused.code ?? 'UNKNOWN'
    const message = refused.detail || plain[code] || 'Google takes no usage of this order.'
    return { status: 'refused', code, message }
  }
  return counted.length > 0 ? { status: 'unprocessed' } : { status: 'good' }
}

const plain: Readonly<Record<string, string>> = {
  NOT_FOUND: 'Google does not know the reporting id of the order.',
  PERMISSION_DENIED: 'The service account may not report usage of this order.',
  PROJECT_DELETED: "The buyer's project is deleted.",
  PROJECT_INVALID: "The buyer's project is not valid.",
  CONSUMER_INVALID: 'The reporting id of the order is not valid.',
}

const NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]
const temporary: ReadonlySet<string> = new Set([
  'CANCELLED',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'INTERNAL',
  'UNAVAILABLE',
  'UNAUTHENTICATED',
])

/** One operation of a report that was not taken. */
export function fromReportError(
  status: servicecontrol_v1.Schema$Status,
): { status: 'unprocessed' } | { status: 'known' } | Refused {
  const code = NAMES[status.code ?? 2] ?? `CODE_${status.code}`
  // The id is made from the record, so what is there already is this very record.
  if (code === 'ALREADY_EXISTS') return { status: 'known' }
  if (temporary.has(code)) return { status: 'unprocessed' }
  return { status: 'refused', code, message: status.message || 'Google gave no reason.' }
}
