// Connecting an account: what is asked for, and what the test of it says.
import { claim, equal, given } from '../claims.ts'
import type { Scenario } from '../scenario.ts'

export const connectionScenarios: Scenario[] = [
  {
    id: 'connection.fields',
    title: 'The fields of a connection are those that the cloud gives, secrets kept apart',
    async run({ connector, vendor }) {
      const known = new Map(connector.connectionFields.map((field) => [field.name, field]))
      claim(known.size === connector.connectionFields.length, 'No field is named twice')
      for (const [name, value] of Object.entries(vendor.credentials)) {
        const field = given(known.get(name), `field for the credential ${name}`)
        claim(
          !('pattern' in field) || new RegExp(field.pattern ?? '').test(value),
          `${name} fits its pattern`,
        )
      }
      for (const [name, value] of Object.entries(vendor.settings)) {
        const field = given(known.get(name), `field for the setting ${name}`)
        claim(!field.secret, `${name} is a setting and no secret`)
        claim(
          field.pattern === undefined || new RegExp(field.pattern).test(value),
          `${name} fits its pattern`,
        )
      }
      const values = { ...vendor.credentials, ...vendor.settings }
      for (const field of connector.connectionFields) {
        claim(field.help.trim().length > 10, `${field.name} says what it is`)
        if (field.required) claim(values[field.name] !== undefined, `${field.name} is needed and was given`)
        if (field.secret) claim(vendor.settings[field.name] === undefined, `${field.name} is no setting`)
      }
      claim(
        connector.connectionFields.some(({ secret, required }) => secret && required),
        'There is a secret to give',
      )
    },
  },
  {
    id: 'connection.permissions',
    title: 'The test asks once for each permission and says that it works',
    async run({ connector, vendor, expected, deeds }) {
      await deeds.beginSelling()
      const tests = await connector.test(vendor)
      equal(
        tests.map(({ permission, ok }) => [permission, ok]),
        expected.permissions.map((permission) => [permission, true]),
        'The permissions',
      )
      claim(
        tests.every(({ detail }) => detail.trim() !== ''),
        'Each permission says what was seen',
      )
    },
  },
  {
    id: 'connection.wrong_secret',
    title: "A wrong secret is told in the cloud's own words, without the secret",
    async run({ connector, vendor, expected }) {
      const wrong = expected.wrong_secret.connection(vendor)
      const failed = (await connector.test(wrong)).filter(({ ok }) => !ok)
      claim(failed.length > 0, 'Something does not work with a wrong secret')
      const words = failed.map(({ detail }) => detail).join('\n')
      claim(words.includes(expected.wrong_secret.words), `The cloud's words are told: ${words}`)
      for (const secret of Object.values(wrong.credentials))
        claim(!words.includes(secret), 'The secret is not in the words')
    },
  },
  {
    id: 'connection.foreign_account',
    title: 'A key that belongs to another account is found out',
    needs: ['account_check'],
    async run({ connector, vendor, stranger, expected }) {
      const other = await stranger()
      const tests = await connector.test({ ...vendor, id: 'conn_mixed', account_id: other.account_id })
      const words = tests.filter(({ ok }) => !ok).map(({ detail }) => detail)
      claim(
        words.some((detail) => expected.account_words.test(detail)),
        `It is said whose key it is: ${words.join('\n')}`,
      )
    },
  },
  {
    id: 'connection.one_failure',
    title: 'When one permission fails, that one is told and the others are still tested',
    async run({ connector, vendor, control, expected, deeds }) {
      await deeds.beginSelling()
      // Tokens are fetched now: the fault is meant for a permission and not for the way to all of them.
      await connector.test(vendor)
      await control('/faults', { fault: 'error_503' })
      const tests = await connector.test(vendor)
      equal(tests.length, expected.permissions.length, 'The number of permissions tested')
      equal(tests.filter(({ ok }) => !ok).length, 1, 'The number that failed')
    },
  },
  {
    id: 'connection.observed',
    title: 'Each request is told of with its name, its outcome and no secret',
    async run({ cloud, connector, vendor, calls, control, deeds }) {
      await deeds.beginSelling()
      await connector.test(vendor)
      claim(calls.length > 0, 'Requests were told of')
      for (const call of calls) {
        equal([call.cloud, call.connection_id, call.outcome], [cloud, vendor.id, 'ok'], 'The call')
        claim(/^[A-Z]\w+$/.test(call.call), `The call has the cloud's name: ${call.call}`)
      }
      const before = calls.length
      await control('/faults', { fault: 'error_503' })
      await connector.test(vendor)
      const failed = calls.slice(before).filter(({ outcome }) => outcome !== 'ok')
      equal(
        failed.map(({ outcome }) => outcome),
        ['unavailable'],
        'The outcome of the call that failed',
      )
      const secrets = Object.values(vendor.credentials)
      claim(!secrets.some((secret) => JSON.stringify(calls).includes(secret)), 'No secret is told')
    },
  },
]
