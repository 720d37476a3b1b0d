import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { sandbox as words } from '../../words/sandbox.ts'
import { GuideLine } from '../home/guide.tsx'
import { Agreements } from './agreements.tsx'
import { Buyers } from './buyers.tsx'
import { Clock } from './clock.tsx'
import { Faults } from './faults.tsx'
import { Happened } from './happened.tsx'
import { Outside } from './outside.tsx'
import { Seats } from './seats.tsx'
import { Sellers } from './sellers.tsx'
import { usePanel } from './use-panel.ts'

/** Time, buyers, sellers, and what goes wrong on purpose. */
export default function Sandbox() {
  const { data, error, refetch, moving } = usePanel()
  return (
    <Page title={words.title} lead={words.lead}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <>
          <GuideLine />
          <Clock of={data} />
          <Outside of={data} busy={moving} />
          <Agreements of={data} busy={moving} />
          <Buyers of={data} />
          <Sellers of={data} />
          <Seats />
          <Faults of={data} />
          <Happened of={data} />
        </>
      )}
    </Page>
  )
}
