// A page for each kind of problem, at the address that the problem's type names. It needs no database and no key.
import { Hono } from 'hono'
import { html } from 'hono/html'
import { type ProblemCode, problemCodes, Refusal } from './core/problem.ts'
import { problemPages } from './core/problem-pages.ts'
import type { DoorEnv } from './door/index.ts'

const STYLE = 'body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}'

function isCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemCodes, text)
}

function page(title: string, content: unknown) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><main>${content}</main></body></html>`
}

export function problemRoutes() {
  return new Hono<DoorEnv>()
    .get('/problems', (door) => {
      const items = Object.entries(problemCodes).map(
        ([code, [status, title]]) =>
          html`<li><a href="/problems/${code}">${code}</a> (${status}): ${title}</li>`,
      )
      return door.html(page('Problems', html`<h1>Problems</h1><ul>${items}</ul>`))
    })
    .get('/problems/:code', (door) => {
      const code = door.req.param('code')
      if (!isCode(code)) throw new Refusal('not-found', 'There is no such kind of problem. See /problems.')
      const [status, title] = problemCodes[code]
      const { when, what_to_do } = problemPages[code]
      return door.html(
        page(
          title,
          html`<h1>${title}</h1><p><code>/problems/${code}</code>, status ${status}</p>
<h2>When it comes up</h2><p>${when}</p><h2>What to do</h2><p>${what_to_do}</p>
<p><a href="/problems">All problems</a></p>`,
        ),
      )
    })
}
