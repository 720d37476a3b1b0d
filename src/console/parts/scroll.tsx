import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { common } from '../words/index.ts'

type ScrollProps = {
  /** What the table in it is, for those who do not see it. */
  title: string
  /** Narrower than so many pixels it scrolls sideways. */
  minWidth: number
  /** Higher than so many pixels it scrolls downwards. */
  maxHeight?: number
  children: ReactNode
}

/** Where a wide table scrolls; the keyboard reaches it. */
export function Scroll({ title, minWidth, maxHeight, children }: ScrollProps) {
  const viewportProps = { tabIndex: 0, role: 'region', 'aria-label': common.list.table(title) }
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      {...(maxHeight === undefined ? {} : { maxHeight })}
      scrollAreaProps={{ viewportProps }}
    >
      {children}
    </Table.ScrollContainer>
  )
}
