// What a connector made for a test tells people: nothing is asked of it.
import type { CloudGuide } from '../../connectors/connector.ts'

export const guide: CloudGuide = {
  name: 'A marketplace',
  account: { title: 'Account', help: 'Who sells.' },
  webhook: 'Nowhere.',
  sign_up: 'Nowhere.',
}
