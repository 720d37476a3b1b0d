import { NativeSelect, Text } from '@mantine/core'
import { api, chooseOrganisation } from '../api.ts'
import { useSession } from '../session.tsx'
import { shell } from '../words/index.ts'

/** Whose organisation is worked for; a choice where the person has several seats. */
export function OrganisationSwitch() {
  const { organisation_id, organisation } = useSession()
  const { data } = api.useQuery('get', '/v1/organisations')
  const items = data?.items ?? []
  if (items.length < 2) {
    return (
      <Text size="sm" truncate>
        {organisation.name}
      </Text>
    )
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={shell.organisation}
      value={organisation_id}
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(event) => chooseOrganisation(event.currentTarget.value)}
      style={{ maxWidth: 200 }}
    />
  )
}
