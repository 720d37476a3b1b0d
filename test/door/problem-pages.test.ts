// Every problem names an address, and there is a page at it.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp } from '../../src/app.ts'
import { type ProblemCode, problemBody, problemCodes, Refusal } from '../../src/core/problem.ts'
import { problemPages } from '../../src/core/problem-pages.ts'
import { makeServices } from '../../src/services.ts'
import { type TestContext, testContext } from '../support/context.ts'

// The keys of the table are its codes.
const codes = Object.keys(problemCodes) as ProblemCode[]

let context: TestContext
let app: ReturnType<typeof makeApp>
beforeAll(async () => {
  context = await testContext()
  app = makeApp(makeServices(context), {
    development_key: 'sk_test_0123456789abcdefghijklmnop',
    version: 'test',
    refresh: async () => {},
    // The pages are there also when nothing else is.
    notReady: async () => new Refusal('schema-behind', 'not yet'),
  })
})
afterAll(() => context.close())

test.each(codes)('%s', async (code) => {
  const answer = await app.request(problemBody(code, 'text').type)
  const text = await answer.text()
  const [status, title] = problemCodes[code]
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  expect(text).toContain(`<h1>${title}</h1>`)
  expect(text).toContain(`status ${status}`)
  const { when, what_to_do } = problemPages[code]
  for (const sentence of [when, what_to_do]) expect(sentence.split(' ').length).toBeGreaterThan(5)
})

test('there is a page for each code and no page without one; the list names them all', async () => {
  expect(Object.keys(problemPages).sort()).toEqual([...codes].sort())
  const list = await (await app.request('/problems')).text()
  for (const code of codes) expect(list).toContain(`href="/problems/${code}"`)
})

test('what is no code has no page', async () => {
  for (const code of ['nothing', 'toString', '__proto__', '%3Cscript%3E']) {
    const answer = await app.request(`/problems/${code}`)
    expect([code, answer.status]).toEqual([code, 404])
  }
})

test('the guide lists every code with its status', async () => {
  const guide = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8')
  for (const code of codes) expect(guide).toContain(`| \`${code}\` | ${problemCodes[code][0]} |`)
})
