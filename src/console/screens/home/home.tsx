import { Text } from '@mantine/core'
import { Page } from '../../parts/page.tsx'
import { useSession } from '../../session.tsx'
import { home as words } from '../../words/home.ts'
import { Guide, ResumeGuide } from './guide.tsx'
import { Money } from './money.tsx'
import { Needs } from './needs.tsx'

/** What needs a person, where the first run is, and what the months brought: as much of it as one's roles show. */
export default function Home() {
  const { can } = useSession()
  return (
    <Page title={words.title} lead={words.lead} actions={<ResumeGuide />}>
      <Guide finished={false} />
      <Needs />
      <Guide finished />
      {can('ledger.read') ? (
        <Money />
      ) : (
        <Text size="sm" c="dimmed">
          {words.money.notYours}
        </Text>
      )}
    </Page>
  )
}
