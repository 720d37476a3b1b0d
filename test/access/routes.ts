// Every route, from the router itself.
import { makeApp } from '../../src/app.ts'
import { serveConsole } from '../../src/console-door.ts'
import { serveDocumentation } from '../../src/documentation.ts'
import { KEY, type Service } from '../support/service.ts'

export type Route = { method: string; path: string; name: string }

/** Some doors are there only with a provider to sign in with. */
const oidc = { issuer: 'https://login.example', client_id: 'none', client_secret: 'none', name: 'None' }

/** The routes of the whole service with everything it can have: the documentation and the console too. */
export function routesOf({ services }: Pick<Service, 'services'>): Route[] {
  const { context } = services
  const whole = { ...services, context: { ...context, config: { ...context.config, oidc } } }
  const app = makeApp(whole, { development_key: KEY, version: 'test', refresh: async () => {} })
  serveDocumentation(app)
  serveConsole(app, async () => undefined)
  const names = new Set(
    app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
  )
  return [...names].map((name) => {
    const [method = '', path = ''] = name.split(' ')
    return { method, path, name }
  })
}

/** The routes whose tables disagree with the router: without a row, a row without a route, or in both tables. */
export function disagreements(
  routes: readonly Route[],
  closed: Readonly<Record<string, unknown>>,
  open: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set(routes.map(({ name }) => name))
  return [
    ...routes
      .filter(({ name }) => !(name in closed) && !(name in open))
      .map(({ name }) => `${name} has no row`),
    ...[...Object.keys(closed), ...Object.keys(open)]
      .filter((name) => !names.has(name))
      .map((name) => `${name} has a row and no route`),
    ...Object.keys(closed)
      .filter((name) => name in open)
      .map((name) => `${name} is open and closed`),
  ].sort()
}
