// The page that buyers come to from the marketplace: its looks, its form, and where it leads.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { erase } from '../../src/access/erase.ts'
import { makePerson } from '../../src/access/people.ts'
import { readPersonalData } from '../../src/access/personal-data.ts'
import { contrast, textOn } from '../../src/agreements/page/colour.ts'
import { unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  at,
  buyerAccepts,
  liveOffer,
  MINUTE,
  publish,
  refusal,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let cloud_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const product_id = await publish(service, seats.vendor)
  cloud_id = await buyerAccepts(service, GLOBEX, await liveOffer(service, seats.vendor, product_id))
  await service.move(3 * MINUTE)
})
afterAll(() => service.stop())

const TOKEN = 'x-amzn-marketplace-token'
const HTML = { accept: 'text/html,application/xhtml+xml' }
const path = () => `/sign-up/${seats.vendor.connection_id}`
const send = (to: string, fields: Record<string, string>, headers: Record<string, string> = HTML) =>
  service.send(to, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })

async function arrive() {
  const { registration_token } = await service.sandbox.register(GLOBEX.account_id, cloud_id)
  return { token: registration_token, answer: await send(path(), { [TOKEN]: registration_token }) }
}

type Page = Parameters<typeof set>[0]
function set(body: {
  name?: string
  logo_url?: string
  colour?: string
  text?: string
  support_email?: string
  form?: boolean
  redirect_url?: string
}) {
  const params = at(seats.vendor.connection_id)
  return seats.vendor.client.PUT('/v1/connections/{id}/sign-up-page', { params, body })
}
const codeIn = (text: string) => /name="code" value="([^"]+)"/.exec(text)?.[1] ?? ''
const agreement = async () => {
  const found = await agreementOf(seats.vendor.client, cloud_id)
  const params = at(found?.id ?? '')
  return unwrap(await seats.vendor.client.GET('/v1/agreements/{id}', { params }))
}
const TYPED = { name: 'Grace Hopper', email: 'grace@globex.example', company: 'Globex' }

beforeEach(async () => {
  unwrap(await set({}))
})

describe('happy', () => {
  test('the page says who it is from, in the colour and with the text of its seller, without a script', async () => {
    const look = { name: 'Acme', colour: '#7a1fa2', text: 'One.\n\nTwo.', support_email: 'help@acme.example' }
    unwrap(await set({ ...look, logo_url: 'https://cdn.acme.example/logo.svg' }))
    const { answer } = await arrive()
    expect(answer.status).toBe(200)
    for (const part of ['<html lang="en">', '<h1>', '– Acme</title>', '<p>One.</p>', '<p>Two.</p>']) {
      expect(answer.text).toContain(part)
    }
    expect(answer.text).toContain('href="mailto:help@acme.example"')
    expect(answer.text).not.toContain('<script')
    expect(answer.text).not.toContain('style="')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('img-src https://cdn.acme.example;')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    const style = await service.send(`${path()}/style.css`)
    expect(style.text).toContain('background: #7a1fa2; color: #ffffff')
  })

  test('what a buyer tells in the form is kept with the agreement, and can be forgotten', async () => {
    unwrap(await set({ form: true }))
    const { answer } = await arrive()
    for (const name of ['name', 'email', 'company']) expect(answer.text).toContain(`<label for="${name}">`)
    const sent = await send(`${path()}/about`, { code: codeIn(answer.text), ...TYPED })
    expect([sent.status, sent.text.includes('We have what you told us')]).toEqual([200, true])
    const found = await agreement()
    expect(found.contact).toMatchObject(TYPED)
    const params = at(found.id)
    expect(unwrap(await seats.vendor.client.POST('/v1/agreements/{id}/forget-contact', { params }))).toEqual({
      forgotten: 1,
    })
    expect((await agreement()).contact).toBeNull()
  })

  test("a redirect leads to the seller's page with a code that tells once who came", async () => {
    unwrap(await set({ redirect_url: 'https://app.acme.example/welcome?from=aws' }))
    const { answer, token } = await arrive()
    expect(answer.status).toBe(303)
    const to = new URL(answer.headers.get('location') ?? '')
    expect([to.origin, to.pathname, to.searchParams.get('from')]).toEqual([
      'https://app.acme.example',
      '/welcome',
      'aws',
    ])
    expect(to.href).not.toContain(token)
    const body = { code: to.searchParams.get('syndic_code') ?? '' }
    const who = unwrap(await seats.vendor.client.POST('/v1/sign-ups/exchange', { body }))
    expect(who).toMatchObject({ buyer_account_id: GLOBEX.account_id, agreement_id: (await agreement()).id })
    refusal(await seats.vendor.client.POST('/v1/sign-ups/exchange', { body }), 404)
  })

  test('on any colour that is taken, the text can be read', () => {
    for (const colour of ['#000000', '#7a1fa2', '#777777', '#d32f2f', '#2e8540']) {
      expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast('#000000', '#ffffff')).toBe(21)
  })
})

describe('refusal', () => {
  test.each<[string, Page]>([
    ['redirect_url', { redirect_url: 'http://app.acme.example/' }],
    ['redirect_url', { redirect_url: 'javascript:alert(1)' }],
    ['redirect_url', { redirect_url: '//evil.example' }],
    ['redirect_url', { redirect_url: 'https://user:secret@app.acme.example/' }],
    ['redirect_url', { redirect_url: 'https://app.acme.example/#here' }],
    ['redirect_url', { redirect_url: 'https://app.acme.example/?syndic_code=1' }],
    ['form', { redirect_url: 'https://app.acme.example/', form: true }],
    ['logo_url', { logo_url: 'data:image/svg+xml,<svg/>' }],
    ['colour', { colour: '#ffee00' }],
    ['colour', { colour: 'red; background: url(x)' }],
    ['support_email', { support_email: 'nobody' }],
    ['text', { text: 'x'.repeat(1001) }],
  ])('a page with this %s is refused at its field', async (field, page) => {
    expect(refusal(await set(page), 422).errors?.[0]?.field).toBe(field)
  })

  test.each([
    ['nothing', {}, 'opened from the marketplace'],
    ['an unknown token', { [TOKEN]: 'nonsense' }, 'expired, or was used already'],
  ])('a browser with %s is told what to do', async (_, fields, words) => {
    const answer = await send(path(), fields)
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.text).toContain(words)
    expect(answer.text).toContain('from the marketplace')
  })

  test('a wrong address keeps what was typed, and the code can still be used', async () => {
    unwrap(await set({ form: true }))
    const code = codeIn((await arrive()).answer.text)
    const wrong = await send(`${path()}/about`, { ...TYPED, code, email: 'grace' })
    expect([wrong.status, wrong.text.includes('aria-invalid="true"')]).toEqual([422, true])
    expect(wrong.text).toContain('value="Grace Hopper"')
    expect((await send(`${path()}/about`, { ...TYPED, code })).status).toBe(200)
    expect((await send(`${path()}/about`, { ...TYPED, code })).status).toBe(409)
  })
})

describe('security', () => {
  const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

  test('markup in the settings and in the form stays text', async () => {
    unwrap(await set({ name: MARKUP, text: MARKUP, form: true }))
    const { answer } = await arrive()
    const again = await send(`${path()}/about`, {
      code: MARKUP,
      name: MARKUP,
      company: MARKUP,
      email: MARKUP,
    })
    for (const { text } of [answer, again]) {
      expect(text).not.toContain('<script')
      expect(text).not.toContain('<img')
      expect(text).toContain('&lt;script&gt;')
    }
  })

  test('no address in the request leads anybody away', async () => {
    const { registration_token } = await service.sandbox.register(GLOBEX.account_id, cloud_id)
    const query = '?redirect_url=https://evil.example&next=https://evil.example&syndic_code=1'
    const fields = { [TOKEN]: registration_token, redirect_url: 'https://evil.example' }
    const answer = await send(`${path()}${query}`, fields)
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null])
    expect(answer.text).not.toContain('evil.example')
  })

  test('a code is of one use, one kind, one seller, and for ten minutes', async () => {
    unwrap(await set({ redirect_url: 'https://app.acme.example/' }))
    const codeOf = async () =>
      new URL((await arrive()).answer.headers.get('location') ?? '').searchParams.get('syndic_code') ?? ''
    const code = await codeOf()
    refusal(await seats.reseller.client.POST('/v1/sign-ups/exchange', { body: { code } }), 404)
    unwrap(await set({ form: true }))
    expect((await send(`${path()}/about`, { code, ...TYPED })).status).toBe(409)
    const form = codeIn((await arrive()).answer.text)
    refusal(await seats.vendor.client.POST('/v1/sign-ups/exchange', { body: { code: form } }), 404)
    expect(
      (await send(`/sign-up/${seats.reseller.connection_id}/about`, { code: form, ...TYPED })).status,
    ).toBe(409)
    const both = await Promise.all(
      [1, 2].map(() => seats.vendor.client.POST('/v1/sign-ups/exchange', { body: { code } })),
    )
    expect(both.map(({ response }) => response.status).sort()).toEqual([200, 404])
  })

  test("another organisation's page is not there, and its answers are sealed where they lie", async () => {
    const params = at(seats.vendor.connection_id)
    refusal(await seats.reseller.client.GET('/v1/connections/{id}/sign-up-page', { params }), 404)
    refusal(await seats.reseller.client.PUT('/v1/connections/{id}/sign-up-page', { params, body: {} }), 404)
    unwrap(await set({ form: true }))
    await send(`${path()}/about`, { code: codeIn((await arrive()).answer.text), ...TYPED })
    const rows = await service.services.context.store.inTenant(seats.vendor.organisation_id, ({ tx }) =>
      tx.sign_up_visit.findMany(),
    )
    expect(rows.some(({ sealed_answers }) => sealed_answers !== null)).toBe(true)
    expect(JSON.stringify(rows)).not.toContain('grace')
    expect(service.logged.join('\n')).not.toContain('grace')
  })

  test('who is forgotten by this installation is forgotten here too, and nobody else is', async () => {
    unwrap(await set({ form: true }))
    const { context } = service.services
    const forgotten = { ...TYPED, email: 'Forget.Me@Globex.example' }
    for (const typed of [TYPED, forgotten]) {
      await send(`${path()}/about`, { code: codeIn((await arrive()).answer.text), ...typed })
    }
    const caller = { actor: { kind: 'person' as const, id: 'prsn_operator' }, request_id: 'req_1' }
    const emails = async () =>
      context.store.inTenant(seats.vendor.organisation_id, ({ tx }) =>
        tx.sign_up_visit.count({ where: { sealed_answers: { not: null } } }),
      )
    const before = await emails()
    await context.store.inTenant(seats.vendor.organisation_id, async (scope) => {
      const told = { name: 'Grace', email: 'forget.me@globex.example' }
      const id = await scope.asInstallation((whole) => makePerson(context, whole, told))
      const kept = await scope.asInstallation((whole) => readPersonalData(context, whole, id, undefined))
      expect(kept.sign_ups).toMatchObject([forgotten])
      await erase(context, scope, caller, id)
    })
    expect(await emails()).toBe(before - 1)
    expect((await agreement()).contact?.email).toBe(TYPED.email)
  })
})
