// A process's course: everything it does at a border (a statement to the database, a call to the cloud) is a step, and
// a test holds it before any of them, lets it go on, or lets it die there.

export type Course = {
  /** Waits here while the process is held. Throws when it is dead. */
  step(label: string): Promise<void>
  /** Told when a statement is through. */
  did(label: string): void
  /** From now on steps are counted and held: so many may pass. Counting begins when the first transaction is through. */
  hold(steps: number): void
  /** So many more steps may pass. */
  allow(steps: number): void
  /** Resolves as soon as the process stands at a step that may not pass. */
  held(): Promise<void>
  /** Whether it stands there now. */
  stands(): boolean
  /** From here on every step fails, as if the process were gone; open transactions are rolled back. */
  die(): void
  /** Nothing is counted and nothing held. */
  free(): void
  /** The steps that passed since `hold`, in order. */
  trail: readonly string[]
  /** Transactions that are open. */
  open(): number
}

export class Dead extends Error {
  constructor() {
    super('The process is gone')
    this.name = 'Dead'
  }
}

type Turn = { pass(): void; fail(error: Error): void }

export function makeCourse(): Course {
  let state: 'free' | 'claiming' | 'counted' | 'dead' = 'free'
  let allowed = Number.POSITIVE_INFINITY
  let open = 0
  const trail: string[] = []
  let standing: (Turn & { label: string })[] = []
  let told: (() => void)[] = []

  function allow(steps: number): void {
    allowed += steps
    while (allowed > 0 && standing.length > 0) {
      const first = standing.shift()
      if (first === undefined) return
      allowed -= 1
      trail.push(first.label)
      first.pass()
    }
  }

  function count(label: string): void {
    if (label === 'BEGIN') open += 1
    if (label === 'COMMIT' || label === 'ROLLBACK') open -= 1
  }

  return {
    trail,
    open: () => open,
    async step(label) {
      if (state === 'dead' && label !== 'ROLLBACK') throw new Dead()
      if (state === 'counted' && allowed <= 0 && label !== 'ROLLBACK') {
        await new Promise<void>((pass, fail) => {
          standing.push({ label, pass, fail })
          for (const tell of told.splice(0)) tell()
        })
      } else if (state === 'counted') {
        allowed -= 1
        trail.push(label)
      }
      count(label)
    },
    did(label) {
      // The first transaction of a tick is the lease: what comes after it is the work.
      if (state === 'claiming' && label === 'COMMIT') state = 'counted'
    },
    hold(steps) {
      state = 'claiming'
      allowed = steps
      trail.length = 0
    },
    allow,
    held: () => (standing.length > 0 ? Promise.resolve() : new Promise((resolve) => told.push(resolve))),
    stands: () => standing.length > 0,
    die() {
      state = 'dead'
      for (const { fail } of standing.splice(0)) fail(new Dead())
    },
    free() {
      state = 'free'
      // A connection that broke while its transaction began was closed without another word.
      open = 0
      allowed = Number.POSITIVE_INFINITY
      allow(0)
      standing = []
      told = []
    },
  }
}
