/** One letter to one person. Its text may hold a token and its address is personal: nothing of it is ever logged. */
export type Letter = { to: string; subject: string; text: string }

/**
 * The one way out for letters. `id` stays the same when a letter is sent again, so that a mail server can tell a
 * repetition. Throws a Fault that names neither the address nor the text.
 */
export type Mail = { send(letter: Letter & { id: string }): Promise<void> }

/** Somebody else's words inside a letter: one line of at most so many characters, so that they cannot pose as ours. */
export function oneLine(words: string, most = 120): string {
  const line = words.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
