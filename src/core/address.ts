const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Whether an address leads to this machine, past nobody. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.has(hostname)
}

/** Whether nobody on the way to an address reads or changes what is said: https, or this machine. */
export function isGuarded(text: string): boolean {
  // What is no address at all has been told already.
  if (!URL.canParse(text)) return true
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isLoopback(hostname)
}
