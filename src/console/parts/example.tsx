import { Button } from '@mantine/core'
import { useSession } from '../session.tsx'
import { common } from '../words/index.ts'

/** Where the clouds are the embedded ones, a form can be filled in with something that works: to look at, and to change. */
export function FillExample({ fill }: { fill(): void }) {
  const { mode } = useSession()
  if (mode !== 'sandbox') return null
  return (
    <Button variant="default" size="sm" onClick={fill}>
      {common.example}
    </Button>
  )
}
