// One mailbox for both processes, in memory. It notes every letter that leaves: once more with the same id it is the same
// letter, with another text or under another id it is another one.
import { canonicalJson } from '../../src/core/canonical.ts'
import type { Letter, Mail } from '../../src/mail/index.ts'
import type { Course } from './course.ts'

export type Sent = Letter & { id: string; process: string }

export type Mailbox = ReturnType<typeof makeMailbox>

export function makeMailbox() {
  const sent: Sent[] = []
  /** What no honest sender does: the same id with another letter, a letter from inside a transaction. */
  const wrong: string[] = []
  const texts = new Map<string, string>()

  /** A letter is two steps: on its way there, and the answer on its way back. */
  function mailFor(process: string, course: Course): Mail {
    return {
      async send(letter) {
        if (course.open() > 0) wrong.push(`${letter.id} left inside a transaction`)
        await course.step('mail: a letter leaves')
        const text = canonicalJson({ ...letter })
        if ((texts.get(letter.id) ?? text) !== text) wrong.push(`${letter.id} came as another letter`)
        texts.set(letter.id, text)
        sent.push({ ...letter, process })
        await course.step('mail: it was taken')
      },
    }
  }

  return {
    sent,
    wrong,
    mailFor,
    /** Everything that left to whom a tenant writes, repetitions included. */
    to: (tag: string) => sent.filter((letter) => letter.to.includes(tag)),
    /** The letters a reader finds, who is shown one with a known id once. */
    lettersTo: (tag: string) => [
      ...new Map(
        sent
          .filter((letter) => letter.to.includes(tag))
          .map(({ process: _, ...letter }) => [letter.id, letter]),
      ).values(),
    ],
  }
}
