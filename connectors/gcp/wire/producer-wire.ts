/** Enums of the Commerce Producer API: names in our code, numbers on the wire, either one in a reply. */

const interval = [
  'STANDARD_INTERVAL_UNSPECIFIED',
  'MONTHLY_POSTPAY',
  'MONTHLY_PRORATED',
  'MONTHLY_NOT_PRORATED',
  'QUARTERLY_NOT_PRORATED',
  'YEARLY_NOT_PRORATED',
]
const machineResource = ['MACHINE_RESOURCE_UNSPECIFIED', 'VCPU_COUNT', 'MEMORY_BYTES', 'GPU_COUNT']

/** By the member's name, or by the name of what holds it too, where one name stands for several enums. */
const enums: Readonly<Record<string, readonly string[]>> = {
  // The views of services, standard and private offers share their numbers, and the short names are ours.
  view: ['UNSPECIFIED', 'BASIC', 'FULL'],
  state: [
    'STATE_UNSPECIFIED',
    'DRAFT',
    'PUBLISHING',
    'PUBLISHED',
    'ACCEPTED',
    'CANCELLED',
    'EXPIRED',
    'ENDED',
  ],
  offerDealType: ['OFFER_DEAL_TYPE_UNSPECIFIED', 'CHANNEL_SHIFT', 'MIGRATION', 'NATIVE_RENEWAL', 'NEW'],
  startPolicy: ['START_POLICY_UNSPECIFIED', 'IMMEDIATE', 'SCHEDULED_START_TIME'],
  endPolicy: ['END_POLICY_UNSPECIFIED', 'AFTER_DURATION', 'SCHEDULED_END_TIME', 'MATCH_AMENDED_OFFER'],
  standardInterval: interval,
  documentType: [
    'DOCUMENT_TYPE_UNSPECIFIED',
    'CUSTOM_END_USER_LICENSE_AGREEMENT',
    'STATEMENT_OF_WORK',
    'STANDARD_END_USER_LICENSE_AGREEMENT_V1',
    'STANDARD_END_USER_LICENSE_AGREEMENT_V2',
  ],
  machineResource,
  podResource: ['POD_RESOURCE_UNSPECIFIED', 'VCPU_COUNT', 'MEMORY_BYTES', 'GPU_COUNT', 'TPU_COUNT'],
  predictionMode: ['PREDICTION_MODE_UNSPECIFIED', 'ONLINE_PREDICTION', 'BATCH_PREDICTION'],
  'gceLicenseUsageFee.usageCalculation': [
    'USAGE_CALCULATION_UNSPECIFIED',
    'INSTANCE_RUNTIME',
    'LINEAR_RESOURCE_SCALED_INSTANCE_RUNTIME',
  ],
  'gkePodUsageFee.usageCalculation': [
    'USAGE_CALCULATION_UNSPECIFIED',
    'POD_RUNTIME',
    'LINEAR_RESOURCE_SCALED_POD_RUNTIME',
  ],
  'aiPlatformDeployedModelUsageFee.usageCalculation': [
    'USAGE_CALCULATION_UNSPECIFIED',
    'UNKNOWN_1',
    'LINEAR_RESOURCE_SCALED_DEPLOYMENT_RUNTIME',
  ],
}

function enumOf(holder: string, name: string): readonly string[] | undefined {
  const found = `${holder}.${name}`
  if (Object.hasOwn(enums, found)) return enums[found]
  return Object.hasOwn(enums, name) ? enums[name] : undefined
}

/** Names to numbers; a name we do not know is our own mistake. */
export function encodeEnums(value: unknown): unknown {
  return walk(value, '', (names, item) => {
    if (typeof item !== 'string') return item
    const number = names.indexOf(item)
    if (number === -1) throw new Error(`"${item}" is not one of ${names.join(', ')}`)
    return number
  })
}

/** Numbers to names. One that is newer than this file stays visible as UNKNOWN_n. */
export function decodeEnums(value: unknown): unknown {
  return walk(value, '', (names, item) =>
    typeof item === 'number' ? (names[item] ?? `UNKNOWN_${item}`) : item,
  )
}

type Turn = (names: readonly string[], item: unknown) => unknown

function walk(value: unknown, holder: string, turn: Turn): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, holder, turn))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const names = enumOf(holder, name)
      return [name, names === undefined ? walk(item, name, turn) : turn(names, item)]
    }),
  )
}
