// What the Worker takes for zod is zod: the same things under the same names.

import { expect, test } from 'vitest'
import * as zod from 'zod'
import * as ours from '../../src/worker-zod.ts'

/** zod's core as a whole, on which the languages hang, and they by themselves. Nothing here uses either at run time. */
const LEFT_OUT = ['core', 'locales']
/** Groups of functions, and the whole by its other names: other objects with the same in them. */
const GROUPS = ['coerce', 'iso', 'regexes', 'util', 'z', 'default']

test('everything that zod has is there and is the same, but its core as a whole and its languages', () => {
  const names = Object.keys(zod).filter((name) => !LEFT_OUT.includes(name))
  expect(names.length).toBeGreaterThan(150)
  expect(Object.keys(ours).toSorted()).toEqual(names.toSorted())
  const [theirs, here] = [Object.entries(zod), new Map(Object.entries(ours))]
  for (const [name, value] of theirs.filter(([name]) => ![...LEFT_OUT, ...GROUPS].includes(name)))
    expect([name, here.get(name) === value]).toEqual([name, true])
  expect([...Object.keys(ours.z), 'z', 'default'].toSorted()).toEqual(names.toSorted())
  expect(ours.z.string().safeParse(1).error?.issues[0]?.message).toBe(
    zod.z.string().safeParse(1).error?.issues[0]?.message,
  )
})
