import { makeSealer } from '../../src/access/index.ts'
import type { Mail } from '../../src/mail/index.ts'
import { queueLetter, sendLetter } from '../../src/mail/index.ts'
import { tick } from '../../src/work/index.ts'
import { testContext } from '../support/context.ts'
import { everyKind } from '../work/support.ts'

export const LETTER = {
  to: 'ada@example.com',
  subject: 'An invitation',
  text: 'https://syndic.example/invitation?token=canary-token\n',
}

/** A tenant with a way out for letters, and the work that sends them. */
export async function postOffice(mail: Mail | undefined) {
  const made = await testContext()
  const context = { ...made, mail, seal: await makeSealer('2e'.repeat(32), made.random) }
  const handlers = everyKind((item) => sendLetter(context, item))
  return {
    ...context,
    queue: (letter = LETTER) =>
      made.store.inTenant(made.organisation_id, (scope) => queueLetter(context, scope, 'inv_1', letter)),
    settle: () => tick(context, handlers, 'test'),
    waiting: () => made.store.inTenant(made.organisation_id, ({ tx }) => tx.work.findMany()),
    exceptions: () => made.store.inTenant(made.organisation_id, ({ tx }) => tx.exception_item.findMany()),
  }
}
