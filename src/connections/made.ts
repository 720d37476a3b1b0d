import type { Connector } from '../../connectors/connector.ts'
import { sha256 } from '../core/canonical.ts'

const DIGITS = 32

/** The same for every connection of an organisation and for no other organisation: it may be told before there is one. */
async function madeFor(organisation_id: string): Promise<string> {
  return `syndic-${(await sha256(`external id of ${organisation_id}`)).slice(0, DIGITS)}`
}

/** Settings with ours where nothing was given and the field that needs them was. */
export async function withMade(
  { connectionFields }: Pick<Connector, 'connectionFields'>,
  organisation_id: string,
  settings: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const filled = { ...settings }
  for (const { name, made_with } of connectionFields) {
    if (made_with !== undefined && filled[made_with] && !filled[name]) {
      filled[name] = await madeFor(organisation_id)
    }
  }
  return filled
}
