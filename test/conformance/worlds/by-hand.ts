import type { Target } from '../../../connectors/connector.ts'

/** For steps that the cloud has an interface for: its connector never leaves them to a person. */
export async function nobody(): Promise<Target> {
  throw new Error('The cloud has an interface for this, so no person is asked')
}

/** For what this cloud has no such thing as: its scenarios are left out before they begin. */
export async function unheardOf(): Promise<never> {
  throw new Error('There is no such thing on this cloud')
}
