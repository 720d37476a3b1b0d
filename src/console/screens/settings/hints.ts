import { inbox } from '../../words/inbox.ts'

/** What a message of a cloud points to. */
export type Hint = {
  kind: string
  text: string
  /** All that it says, as data. */
  said: Readonly<Record<string, unknown>>
  /** The list in which what it is about is found; undefined where there is none. */
  find: string | undefined
}

const LISTS: Readonly<Record<string, { list: string; by: string }>> = {
  agreement_changed: { list: '/agreements', by: 'agreement_id' },
  change_wished: { list: '/agreements', by: 'agreement_id' },
  offer_changed: { list: '/offers', by: 'offer_id' },
  change_finished: { list: '/operations', by: 'reference' },
}

/** Hints of a message in words. Each cloud's are data of their own; what is not understood is told as it is. */
export function hintsOf(hints: readonly unknown[]): Hint[] {
  return hints.flatMap((hint) => {
    if (!isRecord(hint)) return []
    const { kind: named, ...said } = hint
    const kind = String(named)
    const list = LISTS[kind]
    // A wish stands in a field of its own.
    const about = isRecord(said.wish) ? said.wish : said
    const id = list === undefined ? undefined : about[list.by]
    return [
      {
        kind,
        text: inbox.hints[kind] ?? kind,
        said,
        find: typeof id === 'string' ? `${list?.list}?q=${encodeURIComponent(id)}` : undefined,
      },
    ]
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
