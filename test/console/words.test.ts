// Every word a person reads stands in src/console/words: one place to correct, one place to translate.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { expect, test } from 'vitest'

const CONSOLE = fileURLToPath(new URL('../../src/console', import.meta.url))
/** Attributes that are read by people or read out to them. */
const SPOKEN =
  /^(label|title|placeholder|alt|description|help|verb|lead|aria-(label|description|roledescription))$/
const WORD = /\p{L}{2}/u

type Node = { type: string; [key: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** Words that stand in a screen's own code. */
function strayWords(text: string): string[] {
  const found: string[] = []
  const visit = (node: Node) => {
    if (node.type === 'JSXText' && WORD.test(String(node.value))) found.push(String(node.value).trim())
    if (node.type === 'JSXAttribute') {
      const { name, value } = node as unknown as { name: { name: string }; value: unknown }
      const literal = isNode(value) && value.type === 'Literal' ? String(value.value) : ''
      if (SPOKEN.test(String(name.name)) && WORD.test(literal)) found.push(`${name.name}="${literal}"`)
    }
    for (const value of Object.values(node)) {
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) visit(one)
    }
  }
  // The parser's tree is plain data; its types say less than is needed here.
  visit(parseAst(text, { lang: 'tsx' }) as unknown as Node)
  return found
}

const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.tsx'),
)

test('no screen has words of its own', () => {
  expect(files.length).toBeGreaterThan(15)
  const stray = files.flatMap((name) =>
    strayWords(readFileSync(join(CONSOLE, name), 'utf8')).map((words) => `${name}: ${words}`),
  )
  expect(stray).toEqual([])
})

test('a planted word is found, in a text and in a label', () => {
  const planted =
    'const screen = <main><h1>Offers</h1><input aria-label="Find" data-kind="plain" />{words.title} ← </main>'
  expect(strayWords(planted)).toEqual(['Offers', 'aria-label="Find"'])
})
