import { Center, Loader, VisuallyHidden } from '@mantine/core'
import { common } from '../words/index.ts'

/** Something is on its way; told to screen readers too. */
export function Loading() {
  return (
    <Center mih={160} role="status">
      <Loader type="dots" />
      <VisuallyHidden>{common.loading}</VisuallyHidden>
    </Center>
  )
}
