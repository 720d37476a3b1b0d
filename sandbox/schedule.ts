import type { Clock } from './clock.ts'
import type { Collection, Store } from './journal.ts'

/** One thing that will happen. `id` is unique: planning the same id again moves it. */
export type Task = { id: string; due: number; order: number; kind: string; subject: string }

/** A handler that returns a promise does its work outside and calls `done` when its outcome is written. */
export type TaskHandler = (task: Task, done: () => void) => undefined | Promise<void>

export type Schedule = {
  plan(id: string, due: number, kind: string, subject: string): void
  cancel(id: string): void
  has(id: string): boolean
  nextDue(): number | undefined
  /** Looks at the stored tasks anew, after a rollback. */
  refresh(): void
  /** Does everything due until `until`, in time order. `wait` also waits for what goes over the network. */
  runUntil(until: () => number, wait: boolean): Promise<number>
}

/** The tasks that wait, next one first to find. Stored tasks are the truth; this only knows their order. */
function createQueue(tasks: Collection<Task>, isUnderway: (id: string) => boolean) {
  // Latest first, so that the next one is popped from the end. Stale items are skipped on the way.
  let queue: Task[] | undefined
  return {
    peek(): Task | undefined {
      queue ??= tasks.all().sort((left, right) => right.due - left.due || right.order - left.order)
      for (let task = queue.at(-1); task; task = queue.at(-1)) {
        if (tasks.get(task.id) === task && !isUnderway(task.id)) return task
        queue.pop()
      }
      return undefined
    },
    add(task: Task): void {
      if (queue) insert(queue, task)
    },
    refresh(): void {
      queue = undefined
    },
  }
}

export function createSchedule(
  store: Store,
  clock: Clock,
  handlers: () => Record<string, TaskHandler>,
): Schedule {
  const tasks: Collection<Task> = store.collection('schedule')
  const counters: Collection<number> = store.collection('counters')
  const underway = new Set<string>()
  const queue = createQueue(tasks, (id) => underway.has(id))

  function plan(id: string, due: number, kind: string, subject: string): void {
    const order = (counters.get('task') ?? 0) + 1
    counters.put('task', order)
    underway.delete(id)
    queue.add(tasks.put(id, { id, due, order, kind, subject }))
  }

  async function perform(task: Task, wait: boolean): Promise<void> {
    const handler = handlers()[task.kind]
    underway.add(task.id)
    const done = () => {
      if (tasks.get(task.id) === task) tasks.remove(task.id)
      underway.delete(task.id)
    }
    try {
      const work = clock.during(task.due, () => handler?.(task, done))
      if (work === undefined) {
        done()
        store.commit()
      } else if (wait) await work
    } catch (error) {
      store.rollback()
      queue.refresh()
      underway.delete(task.id)
      throw error
    }
  }

  async function runUntil(until: () => number, wait: boolean): Promise<number> {
    let happened = 0
    for (let task = queue.peek(); task && task.due <= until(); task = queue.peek()) {
      if (wait && task.due > clock.target()) {
        clock.moveTo(task.due)
        store.commit()
      }
      await perform(task, wait)
      happened += 1
    }
    return happened
  }

  return {
    plan,
    cancel: (id) => tasks.remove(id),
    has: (id) => tasks.get(id) !== undefined,
    nextDue: () => queue.peek()?.due,
    refresh: queue.refresh,
    runUntil,
  }
}

function insert(queue: Task[], task: Task): void {
  let low = 0
  let high = queue.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = queue[middle]
    if (other && (other.due > task.due || (other.due === task.due && other.order > task.order)))
      low = middle + 1
    else high = middle
  }
  queue.splice(low, 0, task)
}
