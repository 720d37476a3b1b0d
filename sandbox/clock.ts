import type { Collection } from './journal.ts'

export type ClockMode = 'running' | 'stopped'

/** A running clock is kept as its distance from wall time, a stopped one as its instant. */
type ClockState = { mode: 'running'; offset: number } | { mode: 'stopped'; now: number }

export type Clock = {
  now(): number
  mode(): ClockMode
  /** The instant the clock would show if nothing were waiting to happen. */
  target(): number
  /** While something scheduled happens, the clock shows that thing's own time. */
  during<T>(at: number, work: () => T): T
  moveTo(at: number): void
  setMode(mode: ClockMode): void
}

/** `start` counts only for a fresh state; a clock that was there before goes on. */
export function createClock(
  states: Collection<ClockState>,
  start: number | undefined,
  wall: () => number,
): Clock {
  if (!states.get('clock')) {
    states.put(
      'clock',
      start === undefined ? { mode: 'running', offset: 0 } : { mode: 'stopped', now: start },
    )
  }
  let pinned: number | undefined

  function state(): ClockState {
    return states.get('clock') ?? { mode: 'running', offset: 0 }
  }

  function target(): number {
    const current = state()
    return current.mode === 'running' ? wall() + current.offset : current.now
  }

  function setAt(at: number, mode: ClockMode): void {
    states.put('clock', mode === 'running' ? { mode, offset: at - wall() } : { mode, now: at })
  }

  return {
    now: () => pinned ?? target(),
    mode: () => state().mode,
    target,
    during(at, work) {
      const before = pinned
      pinned = at
      try {
        return work()
      } finally {
        pinned = before
      }
    },
    moveTo: (at) => setAt(Math.max(at, target()), state().mode),
    setMode: (mode) => {
      if (mode !== state().mode) setAt(target(), mode)
    },
  }
}
