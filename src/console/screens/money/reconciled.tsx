import { Stack, Table, Text } from '@mantine/core'
import { useParams } from 'wouter'
import { api } from '../../api.ts'
import { Amount, type Money } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { Thing } from '../../parts/thing.tsx'
import { common } from '../../words/index.ts'
import { causeName, causes as causeWords } from '../../words/money.ts'
import { reconciliation } from '../../words/settlement.ts'
import { CauseList } from './causes.tsx'
import { expectationColumns, expectationFilters } from './expectation-columns.tsx'
import { lineColumns, lineFilters, lineText } from './line-columns.tsx'
import { Flow, type Reconciled, Standing } from './reconciliation.tsx'

const words = reconciliation.one
const back = { to: '/reconciliation', label: reconciliation.title }

/** One agreement, from what was expected of it to what the bank received, or what belongs to none. */
export default function OneReconciled() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/reconciliation', {
    params: { query: { agreement_id: id, limit: 50 } },
  })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const [first] = data.items
  const of_agreement = first?.agreement
  const title = of_agreement?.name ?? of_agreement?.cloud_agreement_id ?? reconciliation.none
  return (
    <Page title={title} back={back} lead={id === 'none' ? reconciliation.noneHelp : undefined}>
      {data.items.length === 0 && (
        <Empty
          title={id === 'none' ? reconciliation.noneLeft : reconciliation.emptyTitle}
          help={id === 'none' ? reconciliation.noneLeftHelp : reconciliation.emptyHelp}
        >
          <GoToButton variant="default" to="/statements">
            {reconciliation.toStatements}
          </GoToButton>
        </Empty>
      )}
      {of_agreement != null && (
        <Card title={words.agreement}>
          <Facts
            of={[
              [words.toAgreement, <Thing key="agreement" id={id} />],
              [words.buyer, of_agreement.buyer_account_id],
              [words.cloudId, `${cloudText(of_agreement.cloud)}: ${of_agreement.cloud_agreement_id}`],
              [
                words.toEntries,
                <GoTo key="entries" to={`/ledger/entries?agreement_id=${id}`}>
                  {common.open}
                </GoTo>,
              ],
            ]}
          />
        </Card>
      )}
      {data.items.map((item) => (
        <Card
          key={item.currency}
          title={`${words.arithmetic}, ${item.currency}`}
          actions={<Standing of={item} />}
        >
          <Flow of={item} />
          <Waterfall of={item} />
        </Card>
      ))}
      {id !== 'none' && <Lists id={id} />}
    </Page>
  )
}

/** Expected, less every cause, is received: each line of the sum with what it says. */
function Waterfall({ of: { expected, causes, banked } }: { of: Reconciled }) {
  if (causes.length === 0) return <Text size="sm">{words.settled}</Text>
  return (
    <>
      <Scroll title={words.arithmetic} minWidth={480}>
        <Table aria-label={words.arithmetic} verticalSpacing="xs">
          <Table.Tbody>
            <Sum label={words.expected} value={expected} />
            {causes.map(({ cause, amount, lines, sentences }) => (
              <Table.Tr key={cause}>
                <Table.Th scope="row" style={{ verticalAlign: 'top' }}>
                  − {causeName(cause)}
                  <Text size="xs" c="dimmed" fw={400}>
                    {words.lines(lines)}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {causeWords[cause]?.[1]}
                  </Text>
                  {sentences.map((sentence) => (
                    <Text size="sm" key={sentence} style={{ overflowWrap: 'anywhere' }}>
                      {sentence}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
                  <Amount value={amount} />
                </Table.Td>
              </Table.Tr>
            ))}
            <Sum label={`= ${words.banked}`} value={banked} />
          </Table.Tbody>
        </Table>
      </Scroll>
      <Text size="sm" c="dimmed">
        {words.sumHolds}
      </Text>
    </>
  )
}

function Sum({ label, value }: { label: string; value: Money }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" colSpan={2}>
        {label}
      </Table.Th>
      <Table.Td ta="right">
        <Amount value={value} strong />
      </Table.Td>
    </Table.Tr>
  )
}

function Lists({ id }: { id: string }) {
  const { difference } = reconciliation
  return (
    <>
      <Card title={words.differences}>
        <List
          path="/v1/reconciliation/differences"
          where={{ agreement_id: id }}
          prefix="d_"
          title={words.differences}
          id={(item) => item.id}
          empty={<Empty title={words.noDifferences} help={words.noDifferencesHelp} />}
          columns={[
            {
              header: difference.line,
              cell: ({ line }) => (
                <Stack gap={0}>
                  <GoTo to={`/trace/${line.id}`}>{lineText(line)}</GoTo>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {line.invoice_id ?? line.key}
                  </Text>
                </Stack>
              ),
            },
            {
              header: difference.expected,
              right: true,
              cell: ({ match }) => <Amount value={match.expected} />,
            },
            {
              header: difference.received,
              right: true,
              cell: ({ match }) => <Amount value={match.received} />,
            },
            { header: difference.causes, cell: ({ match }) => <CauseList of={match.causes} /> },
          ]}
        />
      </Card>
      <Card title={words.expectations}>
        <List
          path="/v1/reconciliation/expectations"
          where={{ agreement_id: id }}
          prefix="e_"
          title={words.expectations}
          id={(item) => item.id}
          columns={expectationColumns}
          filters={expectationFilters}
          empty={<Empty title={words.noExpectations} help={words.noExpectationsHelp} />}
        />
      </Card>
      <Card title={words.linesTitle}>
        <List
          path="/v1/reconciliation/lines"
          where={{ agreement_id: id, sort: '-occurred_at' }}
          prefix="l_"
          title={words.linesTitle}
          id={(line) => line.id}
          columns={lineColumns}
          filters={lineFilters}
          empty={<Empty title={words.noLines} help={words.noLinesHelp} />}
        />
      </Card>
    </>
  )
}
