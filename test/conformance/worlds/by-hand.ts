import type { Target } from '../../../connectors/connector.ts'

/** For steps that the cloud has an interface for: its connector never leaves them to a person. */
export async function nobody(): Promise<Target> {
  throw new Error('The cloud has an interface for this, so no person is asked')
}
