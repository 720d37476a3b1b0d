// The console's files at /console, the same on Node and on Workers: only where the bytes lie differs.
import type { Env, Hono } from 'hono'

/** A built file by its path under dist/console; undefined when there is none. */
export type ConsoleFiles = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

const HEADERS = {
  // The components set styles of their own at run time; scripts come from our files only.
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

/** Named by their content, so a browser never needs to ask for one again. */
const FOREVER = 'public, max-age=31536000, immutable'

export function serveConsole<E extends Env>(app: Hono<E>, files: ConsoleFiles): void {
  app.get('/', (door) => door.redirect('/console/'))
  app.get('/console', (door) => door.redirect('/console/'))
  app.get('/console/*', async (door) => {
    const path = door.req.path.slice('/console/'.length)
    const ending = /^[\w/-]+\.(\w+)$/.exec(path)?.[1]
    const type = ending === undefined ? undefined : TYPES[ending]
    // What is no file is a screen's address, and the one page shows it.
    const asset = type === undefined || ending === 'html' ? undefined : path
    const bytes = await files(asset ?? 'index.html')
    if (bytes === undefined) {
      if (asset !== undefined) return door.notFound()
      return door.text('The console has not been built. Run "npm run console:build".\n', 503)
    }
    const cache = asset?.startsWith('assets/') ? FOREVER : 'no-cache'
    const headers = { ...HEADERS, 'content-type': type ?? TYPES.html ?? '', 'cache-control': cache }
    return door.body(bytes, 200, headers)
  })
}
