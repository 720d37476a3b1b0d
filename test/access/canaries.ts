// A service with secrets of which each is known by its name, and everything it says and keeps searched for them.
import { makeApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { makeServices } from '../../src/services.ts'
import { freshDatabase, sharedPostgres, withClient } from '../support/databases.ts'
import { postgresContext } from '../support/postgres.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { liveWorld, type World } from '../support/world.ts'

export type Answer = { status: number; headers: Headers; text: string; json: unknown }

export type Aviary = {
  service: Service
  world: World
  context: Context
  /** A secret that stands nowhere else; the same each time for one name. */
  canary(what: string): string
  /** A secret that somebody else made. */
  know(what: string, value: string): void
  known(): readonly string[]
  /** One request. `shows`: the secrets that its answer is there to show. */
  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
    shows?: (answer: Answer) => Record<string, string | undefined>,
  ): Promise<Answer>
  /** An answer that was had elsewhere. */
  heard(to: string, text: string): void
  /** Where a canary is: in an answer, the log, or any row of the database. */
  seen(): Promise<string[]>
  stop(): Promise<void>
}

export const CLIENT_SECRET = 'canary-of-the-client-at-the-provider'
const ISSUER = 'https://login.example'

/** A provider that repeats what it was sent when it refuses. */
const provider: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  if (request.url.endsWith('/token')) {
    const told = `${request.headers.get('authorization')} ${await request.text()} ${CLIENT_SECRET}`
    return Response.json({ error: 'invalid_grant', error_description: told }, { status: 400 })
  }
  return Response.json({
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/keys`,
    response_types_supported: ['code'],
  })
}

/** Opens it on a PostgreSQL server, with a provider to sign in with and a deal that was lived. */
export async function openAviary(): Promise<Aviary> {
  const server = await sharedPostgres()
  const database = await freshDatabase(server)
  const service = await startService(undefined, (start) => postgresContext(database, { start }))
  const world = await liveWorld(service)
  const oidc = { issuer: ISSUER, client_id: 'syndic', client_secret: CLIENT_SECRET, name: 'Provider' }
  const { context: whole } = service.services
  const context: Context = { ...whole, config: { ...whole.config, oidc } }
  const options = { development_key: KEY, version: 'test', refresh: async () => {}, fetch: provider }
  const app = makeApp(makeServices(context), options)

  const canaries = new Map<string, string>()
  const answers: { to: string; text: string; shows: readonly string[] }[] = []
  const aviary: Aviary = {
    service,
    world,
    context,
    canary(what) {
      const found = canaries.get(what) ?? `canary${canaries.size}${what.replace(/\W/g, '')}${'x'.repeat(16)}`
      canaries.set(what, found)
      return found
    },
    know(what, value) {
      if (value.length < 8) throw new Error(`${what} is too short to be searched for: "${value}"`)
      canaries.set(what, value)
    },
    known: () => [...canaries.keys()],
    async send(method, path, headers, body, shows = () => ({})) {
      const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
      const response = await app.fetch(
        new Request(`${service.url}${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...(text === undefined ? {} : { body: text }),
        }),
      )
      const said = await response.text()
      const is_json = /json/.test(response.headers.get('content-type') ?? '')
      const json: unknown = is_json ? JSON.parse(said) : undefined
      const answer = { status: response.status, headers: response.headers, text: said, json }
      const shown = Object.entries(shows(answer))
      for (const [what, value] of shown) aviary.know(what, value ?? '')
      answers.push({
        to: `${method} ${path}`,
        text: `${said}\n${JSON.stringify([...response.headers])}`,
        shows: shown.map(([what]) => what),
      })
      return answer
    },
    heard: (to, text) => void answers.push({ to, text, shows: [] }),
    async seen() {
      const kept = [...(await dump(database.url)), { place: 'the log', text: service.logged.join('\n') }]
      const places = [
        ...kept.map((one) => ({ ...one, shows: [] as readonly string[] })),
        ...answers.map(({ to, ...rest }) => ({ place: `the answer to ${to}`, ...rest })),
      ]
      return places.flatMap(({ place, text, shows }) =>
        [...canaries]
          .filter(([what, value]) => !shows.includes(what) && isIn(value, text))
          .map(([what]) => `${what} in ${place}`),
      )
    },
    async stop() {
      await service.stop()
      await server.stop()
    },
  }
  return aviary
}

/** Every row of every table, whoever's it is. */
async function dump(url: string): Promise<{ place: string; text: string }[]> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    )
    const found: { place: string; text: string }[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)
      found.push({ place: `table ${name}`, text: rows.map(({ row }) => row).join('\n') })
    }
    return found
  })
}

/** Whether a text holds a secret as it is or in base64, wherever it begins there. */
export function isIn(secret: string, text: string): boolean {
  return formsOf(secret).some((form) => text.includes(form))
}

const forms = new Map<string, string[]>()
function formsOf(secret: string): string[] {
  const known = forms.get(secret)
  if (known !== undefined) return known
  // In base64 three bytes become four characters: where they are cut depends on what stands before the secret.
  const cut = [0, 1, 2].flatMap((skipped) => {
    const bytes = Buffer.from(secret).subarray(skipped)
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
    return [whole.toString('base64'), whole.toString('base64url')]
  })
  const made = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...cut]
  forms.set(secret, made)
  return made
}
