// The documentation page on Node: Swagger UI from the installed package, so that it works without a network.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Env, Hono } from 'hono'

const FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Syndic API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, persistAuthorization: true, validatorUrl: null })`

export function serveDocumentation<E extends Env>(app: Hono<E>): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  app.get('/docs', (door) => door.html(PAGE))
  app.get('/docs/start.js', (door) =>
    door.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  app.get('/docs/:file', async (door) => {
    const type = FILES[door.req.param('file')]
    if (type === undefined) return door.notFound()
    const bytes = await readFile(join(folder, door.req.param('file')))
    return door.body(Uint8Array.from(bytes), 200, { 'content-type': type, 'cache-control': 'max-age=86400' })
  })
}
