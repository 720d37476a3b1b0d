// Failed sign-ins make the next one wait: by the account, and by where they come from.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { networkOf, THROTTLES, waitOf } from '../../src/access/throttle.ts'
import { ANN, alertOf, firstPerson, type House, openHouse, PASSWORD } from './browser.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
  await firstPerson(house, house.browser())
})
afterAll(() => house.close())

const right = { email: ANN.email, password: PASSWORD }
const signedIn = async (address?: string) => {
  const browser = house.browser(address)
  const { status, text } = await browser.post('/sign-in', right)
  if (status !== 303) throw new Error(text)
  return browser
}
const guess = (email: string, address?: string) =>
  house.browser(address).post('/sign-in', { email, password: 'not the right one' })

test('guessing at an account waits longer each time, and the right password waits too', async () => {
  const { wall } = house.context
  for (let index = 0; index < THROTTLES.account.free; index += 1) {
    expect((await guess(ANN.email, '198.51.100.1')).status).toBe(401)
  }
  for (const seconds of [5, 10, 20]) {
    const waiting = await house.browser('198.51.100.2').post('/sign-in', right)
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, String(seconds)])
    expect(alertOf(waiting)).toBe(`Too many failed sign-ins. Try again in ${seconds} seconds.`)
    wall.move(seconds * 1000 - 1)
    expect((await guess(ANN.email, '198.51.100.2')).status).toBe(429)
    wall.move(1)
    expect((await guess(` ${ANN.email.toUpperCase()} `, '198.51.100.2')).status).toBe(401)
  }
  wall.move(40_000)
  await signedIn('198.51.100.2')
  // A success begins anew.
  expect((await guess(ANN.email, '198.51.100.2')).status).toBe(401)
  await signedIn('198.51.100.2')
})

test('an address nobody has waits just the same', async () => {
  for (let index = 0; index < THROTTLES.account.free; index += 1) {
    expect((await guess('nobody@example.com', '198.51.100.3')).status).toBe(401)
  }
  expect((await guess('nobody@example.com', '198.51.100.4')).status).toBe(429)
})

test('many at once are counted one by one', async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, () => guess('at-once@example.com', '198.51.100.5')),
  )
  const counts = [401, 429].map((status) => all.filter((one) => one.status === status).length)
  expect(counts).toEqual([THROTTLES.account.free, 12 - THROTTLES.account.free])
})

test('one password at many accounts waits by where it comes from', async () => {
  const { wall } = house.context
  const from = (host: number) => `2001:db8:1:2::${host}`
  for (let index = 0; index < THROTTLES.address.free; index += 1) {
    expect((await guess(`spray-${index}@example.com`, from(index))).status).toBe(401)
  }
  const waiting = await guess('spray-next@example.com', from(99))
  expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, '1'])
  expect((await guess('spray-next@example.com', '2001:db8:1:3::1')).status).toBe(401)
  wall.move(1000)
  await signedIn(from(7))
})

test('the present password of a session that was left open is throttled too', async () => {
  const browser = await signedIn('198.51.100.9')
  const change = () =>
    browser.post('/sign-in/password', { current: 'a guess', password: 'a new long password' })
  for (let index = 0; index < THROTTLES.account.free; index += 1) expect((await change()).status).toBe(401)
  expect((await change()).status).toBe(429)
  house.context.wall.move(THROTTLES.account.longest_ms)
})

test('the waits grow to a limit, and are forgotten after a day', async () => {
  const { free, longest_ms } = THROTTLES.account
  const waits = [0, free - 1, free, free + 1, free + 2, free + 7, free + 8, 1e6].map((n) =>
    waitOf('account', n),
  )
  expect(waits).toEqual([0, 0, 5000, 10_000, 20_000, 640_000, longest_ms, longest_ms])
  expect(waitOf('address', 1e6)).toBe(60_000)
  for (let index = 0; index < free; index += 1) await guess('forgotten@example.com', '198.51.100.6')
  expect((await guess('forgotten@example.com', '198.51.100.6')).status).toBe(429)
  house.context.wall.move(24 * 3_600_000 + 1)
  for (let index = 0; index < free; index += 1) {
    expect((await guess('forgotten@example.com', '198.51.100.6')).status).toBe(401)
  }
})

test('a household of IPv6 is one address', () => {
  const forms = ['2001:db8:1:2::9', '2001:DB8:1:2:ffff::1', '2001:0db8:0001:0002:0:0:0:1']
  expect(forms.map(networkOf)).toEqual(Array.from({ length: 3 }, () => '2001:db8:1:2::/64'))
  expect(['::1', '::ffff:192.0.2.1', '192.0.2.1'].map(networkOf)).toEqual([
    '0:0:0:0::/64',
    '192.0.2.1',
    '192.0.2.1',
  ])
})
