import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'

const three = {
  SYNDIC_OIDC_ISSUER: 'https://login.example.com/tenant',
  SYNDIC_OIDC_CLIENT_ID: 'syndic',
  SYNDIC_OIDC_CLIENT_SECRET: 'secret',
}

test('a provider is its three settings, and a name that is its host unless it is said', () => {
  expect(readConfig({}).oidc).toBeUndefined()
  expect(readConfig(three).oidc).toEqual({
    issuer: 'https://login.example.com/tenant',
    client_id: 'syndic',
    client_secret: 'secret',
    name: 'login.example.com',
  })
  expect(readConfig({ ...three, SYNDIC_OIDC_NAME: 'Acme' }).oidc?.name).toBe('Acme')
})

test.each(Object.keys(three))('without %s it is none, and the start says which is missing', (name) => {
  expect(() => readConfig({ ...three, [name]: '' })).toThrow(`${name}: missing`)
  expect(() => readConfig({ SYNDIC_OIDC_NAME: 'Acme' })).toThrow('SYNDIC_OIDC_ISSUER')
})

test('an issuer without TLS is believed on loopback only', () => {
  for (const issuer of ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000']) {
    expect(readConfig({ ...three, SYNDIC_OIDC_ISSUER: issuer }).oidc?.issuer).toBe(issuer)
  }
  for (const issuer of [
    'http://login.example.com',
    'http://127.0.0.1.evil.test',
    'ftp://127.0.0.1',
    'login',
  ]) {
    expect(() => readConfig({ ...three, SYNDIC_OIDC_ISSUER: issuer })).toThrow('SYNDIC_OIDC_ISSUER')
  }
})

test('the header of an address is the name of one', () => {
  expect(readConfig({ SYNDIC_ADDRESS_HEADER: 'X-Forwarded-For' }).address_header).toBe('X-Forwarded-For')
  expect(() => readConfig({ SYNDIC_ADDRESS_HEADER: 'X Forwarded' })).toThrow('must be the name of a header')
})
