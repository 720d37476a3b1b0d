import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** A named set of values by id. What `get` and `all` return is not to be changed in place. */
export type Collection<T> = {
  get(id: string): T | undefined
  put(id: string, value: T): T
  remove(id: string): void
  all(): T[]
  entries(): [string, T][]
}

export type Store = {
  collection<T>(name: string): Collection<T>
  /** Writes what changed since the last commit as one line, before anybody is answered. */
  commit(): void
  /** Takes back what changed since the last commit. */
  rollback(): void
  close(): void
}

type Change = { collection: string; id: string; before: unknown; after: unknown }

/** The directory belongs to another living process. */
export class DirectoryInUse extends Error {
  constructor(directory: string, pid: number) {
    super(
      `The sandbox directory ${directory} is in use by process ${pid}: ` +
        'stop that process or give this one another --data directory.',
    )
    this.name = 'DirectoryInUse'
  }
}

/** Without a directory everything lives in memory only. */
export function openStore(directory?: string): Store {
  const data = new Map<string, Map<string, unknown>>()
  const file = directory === undefined ? undefined : openDirectory(directory, data)
  let changes: Change[] = []

  function values(name: string): Map<string, unknown> {
    const found = data.get(name) ?? new Map<string, unknown>()
    data.set(name, found)
    return found
  }

  function set(name: string, id: string, value: unknown): void {
    const map = values(name)
    changes.push({ collection: name, id, before: map.get(id), after: value })
    assign(map, id, value)
  }

  return {
    collection<T>(name: string): Collection<T> {
      const map = values(name)
      return {
        get: (id) => map.get(id) as T | undefined,
        put: (id, value) => {
          set(name, id, value)
          return value
        },
        remove: (id) => {
          if (map.has(id)) set(name, id, undefined)
        },
        all: () => [...map.values()] as T[],
        entries: () => [...map.entries()] as [string, T][],
      }
    },
    commit() {
      if (changes.length === 0) return
      const puts = changes.map(({ collection, id, after }) => [collection, id, after ?? null])
      changes = []
      if (file) appendFileSync(file.path, `${JSON.stringify({ put: puts })}\n`)
    },
    rollback() {
      for (const change of changes.toReversed()) assign(values(change.collection), change.id, change.before)
      changes = []
    },
    close() {
      file?.release()
    },
  }
}

function assign(map: Map<string, unknown>, id: string, value: unknown): void {
  if (value === undefined || value === null) map.delete(id)
  else map.set(id, value)
}

function openDirectory(directory: string, data: Map<string, Map<string, unknown>>) {
  mkdirSync(directory, { recursive: true })
  const release = takeLock(directory)
  const path = join(directory, 'journal.jsonl')
  try {
    if (existsSync(path)) {
      replay(path, data)
      compact(path, data)
    }
  } catch (error) {
    release()
    throw error
  }
  return { path, release }
}

function replay(path: string, data: Map<string, Map<string, unknown>>): void {
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.forEach((line, index) => {
    if (line === '') return
    const puts = parseLine(line)
    if (!puts) {
      // A kill may cut the line that was being written: nobody was answered for it, so it is dropped.
      if (index >= lines.length - 1) return
      throw new Error(`The sandbox journal ${path} is damaged in line ${index + 1}; move the directory away.`)
    }
    for (const [name, id, value] of puts) {
      const map = data.get(name) ?? new Map<string, unknown>()
      data.set(name, map)
      assign(map, id, value)
    }
  })
}

function parseLine(line: string): [string, string, unknown][] | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed === 'object' && parsed !== null && 'put' in parsed && Array.isArray(parsed.put)) {
      return parsed.put as [string, string, unknown][]
    }
    return undefined
  } catch {
    return undefined
  }
}

/** Rewrites the journal as the state it leads to; the rename makes the change whole or not at all. */
function compact(path: string, data: Map<string, Map<string, unknown>>): void {
  const next = `${path}.next`
  const handle = openSync(next, 'w')
  for (const [name, map] of data) {
    for (const [id, value] of map) writeSync(handle, `${JSON.stringify({ put: [[name, id, value]] })}\n`)
  }
  closeSync(handle)
  renameSync(next, path)
}

/** Locks held by this process: a pid alone cannot tell two sandboxes in one process apart. */
const heldHere = new Set<string>()

function takeLock(directory: string): () => void {
  const path = join(directory, 'lock')
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
      heldHere.add(path)
      return () => {
        heldHere.delete(path)
        rmSync(path, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const holder = Number.parseInt(readFileSync(path, 'utf8'), 10)
      if (holder === process.pid ? heldHere.has(path) : isAlive(holder))
        throw new DirectoryInUse(directory, holder)
      rmSync(path, { force: true })
    }
  }
  throw new Error(`The lock file ${path} could not be taken; remove it when no sandbox uses the directory.`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
