import { describe, expect, test } from 'vitest'
import { advance, type Listed, readCursor, writeCursor } from '../../../connectors/aws/wire/cursor.ts'
import { buyerAccount, connectionOf, connectorWith, json, vendorAccount } from './support.ts'

const at = (key: string, seconds: number): Listed<string> => ({
  key,
  changed_at: new Date(Date.UTC(2026, 8, 1, 0, 0, seconds)),
  item: key,
})
const OVERLAP_MS = 10_000
const start = readCursor(null)

describe('a cursor', () => {
  test('looks back and hands on nothing twice', () => {
    const { fresh, next } = advance(start, [at('a', 0), at('b', 50)], null, OVERLAP_MS)
    expect(fresh.map((entry) => entry.item)).toEqual(['a', 'b'])
    expect(next).toMatchObject({ since: '2026-09-01T00:00:40.000Z', seen: ['b'], token: null })
    const again = advance(next, [at('b', 50), at('late', 45), at('same second', 50)], null, OVERLAP_MS)
    expect(again.fresh.map((entry) => entry.item)).toEqual(['late', 'same second'])
  })

  test('stays where it was inside a list, and moves at its end', () => {
    const first = advance(start, [at('a', 0)], 'page-2', OVERLAP_MS)
    expect(first.next).toMatchObject({ since: null, token: 'page-2' })
    const second = advance(first.next, [at('b', 60)], null, OVERLAP_MS)
    expect(second.next).toMatchObject({ since: '2026-09-01T00:00:50.000Z', token: null })
    expect(advance(second.next, [at('b', 60)], null, OVERLAP_MS).fresh).toEqual([])
  })

  test('survives being written down, and a broken one starts over', () => {
    const { next } = advance(start, [at('ключ', 0)], null, OVERLAP_MS)
    expect(readCursor(writeCursor(next))).toEqual(next)
    expect(readCursor('not a cursor')).toEqual(start)
    expect(readCursor(btoa('{"since":7}'))).toEqual(start)
  })

  test('of an empty list stays', () => {
    const { next } = advance(start, [at('a', 30)], null, OVERLAP_MS)
    expect(advance(next, [], null, OVERLAP_MS).next).toEqual(next)
  })
})

test('a token that AWS forgot makes the list begin again', async () => {
  const summary = {
    agreementId: 'agmt-1',
    lastUpdateTime: 1_788_249_600,
    status: 'ACTIVE',
    acceptor: { accountId: buyerAccount },
    proposer: { accountId: vendorAccount },
  }
  const searches: Record<string, unknown>[] = []
  const { connector } = connectorWith(async (request) => {
    const operation = request.headers.get('x-amz-target')?.split('.')[1]
    const sent = (await request.json()) as Record<string, unknown>
    if (operation === 'DescribeAgreement') return json({ ...summary, estimatedCharges: {} })
    if (operation === 'GetAgreementTerms') return json({ acceptedTerms: [] })
    searches.push(sent)
    if (sent.nextToken !== undefined)
      return json({ __type: 'ValidationException', message: 'nextToken' }, 400)
    return json({ agreementViewSummaries: [summary], nextToken: 'page-2' })
  })
  const first = await connector.agreements?.pull(connectionOf(), null)
  expect(first).toMatchObject({ items: [{ agreement_id: 'agmt-1' }], more: true })
  const second = await connector.agreements?.pull(connectionOf(), first?.next ?? null)
  expect(second?.items).toEqual([])
  expect(searches.map((search) => search.nextToken)).toEqual([undefined, 'page-2', undefined])
})

test('a rewritten file appears again, an untouched one does not', async () => {
  const objects = [
    { key: 'billingeventfeed_v1/a.csv', tag: 'one', at: '2026-09-01T23:00:00.000Z' },
    { key: 'billingeventfeed_v1/b.csv', tag: 'one', at: '2026-09-02T23:00:00.000Z' },
  ]
  const { connector } = connectorWith(() => {
    const contents = objects.map(
      ({ key, tag, at: changed }) =>
        `<Contents><Key>${key}</Key><LastModified>${changed}</LastModified><ETag>&quot;${tag}&quot;</ETag><Size>10</Size></Contents>`,
    )
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`
    return new Response(body, { headers: { 'content-type': 'application/xml' } })
  })
  const connection = connectionOf({ settings: { feed_bucket: 'feeds' } })
  const first = await connector.settlements?.pull(connection, null)
  expect(first?.items.map((file) => `${file.name} ${file.version}`)).toEqual([
    'billingeventfeed_v1/a.csv one',
    'billingeventfeed_v1/b.csv one',
  ])
  objects[0] = { key: 'billingeventfeed_v1/a.csv', tag: 'two', at: '2026-09-03T23:00:00.000Z' }
  const second = await connector.settlements?.pull(connection, first?.next ?? null)
  expect(second?.items.map((file) => `${file.name} ${file.version}`)).toEqual([
    'billingeventfeed_v1/a.csv two',
  ])
  expect((await connector.settlements?.pull(connection, second?.next ?? null))?.items).toEqual([])
})
