import { Badge, Pagination, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { Rows } from '../../parts/list.tsx'
import { Moment, monthText } from '../../parts/moment.tsx'
import { Thing } from '../../parts/thing.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'
import type { Recomputed } from './recompute.ts'

const words = reselling.statements

type ShareLinesProps = {
  of: Schemas['PartnerStatement']
  found: Recomputed | undefined
  /** What the share is called, for a reader whose own it is not. */
  share?: string
}

/** A statement comes whole, and is shown in pieces of so many lines. */
const PAGE_LINES = 50

/** Every share with its arithmetic, and with what it comes to when it is computed again. */
export function ShareLines({ of: { content }, found, share }: ShareLinesProps) {
  const [page, setPage] = useState(1)
  const { currency, lines } = content
  const pages = Math.ceil(lines.length / PAGE_LINES)
  const money = (amount: string) => <Amount value={{ currency, amount }} />
  return (
    <Stack gap="sm">
      <Rows
        title={words.lines}
        id={({ line_key }) => line_key}
        rows={lines.slice((page - 1) * PAGE_LINES, page * PAGE_LINES)}
        columns={[
          {
            header: words.line.when,
            cell: ({ occurred_at, late, month }) => (
              <>
                <Moment at={occurred_at} />{' '}
                {late && (
                  <Badge variant="light" color="yellow" tt="none" title={words.lateHelp(monthText(month))}>
                    {words.line.late}
                  </Badge>
                )}
              </>
            ),
          },
          {
            header: words.line.agreement,
            cell: ({ agreement_id }) => <Thing id={agreement_id} />,
          },
          { header: words.line.basis, right: true, cell: ({ basis }) => money(basis) },
          {
            header: share ?? words.line.percent,
            right: true,
            cell: ({ share_percent }) => `${share_percent} %`,
          },
          { header: words.line.unrounded, right: true, cell: ({ unrounded }) => money(unrounded) },
          { header: words.line.rounded, right: true, cell: ({ rounded }) => money(rounded) },
          {
            header: words.line.agrees,
            cell: ({ line_key }) => <Verdict of={found?.lines.get(line_key)} currency={currency} />,
          },
        ]}
      />
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page}
          onChange={setPage}
          getItemProps={(number) => ({ 'aria-label': words.linesPage(number) })}
          getControlProps={(control) => ({ 'aria-label': words.controls[control] })}
        />
      )}
    </Stack>
  )
}

type VerdictProps = { of: { rounded: string; agrees: boolean } | undefined; currency: string }

function Verdict({ of, currency }: VerdictProps) {
  if (of === undefined) return <span>{common.none}</span>
  if (of.agrees) {
    return (
      <Badge variant="light" color="green" tt="none">
        {common.yes}
      </Badge>
    )
  }
  return (
    <>
      <Badge variant="light" color="red" tt="none">
        {common.no}
      </Badge>{' '}
      <Amount value={{ currency, amount: of.rounded }} />
    </>
  )
}
