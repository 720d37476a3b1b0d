// The tests' side of the provider process: starting it, being a person at its pages, and forging what it signs.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { SITE } from './browser.ts'

type Claims = Record<string, unknown>

/** What takes the place of the ID token in the next answer of the token endpoint; undefined: nothing does. */
export type Forgery = (claims: Claims, provider: Provider) => Promise<string>

export type Provider = {
  issuer: string
  client_secret: string
  /** Reaches the provider as the service does, and forges on the way when it was told to. */
  fetch: typeof fetch
  forge: Forgery | undefined
  /** Requests of the service to the token endpoint, oldest first. */
  asked: URLSearchParams[]
  /** Signs as the provider does. */
  sign(claims: Claims): Promise<string>
  /** What a person does there: signs in, agrees, and is sent back. Answers where to. */
  visit(address: string, login: string): Promise<string>
  stop(): Promise<void>
}

const CLIENT_SECRET = 'a client secret of thirty-two or more characters'

export async function startProvider(): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'test', use: 'sig', alg: 'RS256' }
  const settings = {
    redirect_uri: `${SITE}/sign-in/oidc/callback`,
    client_secret: CLIENT_SECRET,
    keys: [key],
  }
  const file = fileURLToPath(new URL('provider-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stderr.on('data', (text) => said.push(String(text)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const [issuer] = await Promise.race([
    new Promise<string[]>((resolve) => createInterface(child.stdout).once('line', (line) => resolve([line]))),
    ended.then((): string[] => []),
  ])
  if (issuer === undefined) {
    // oidc-provider promises Node 22 and newer; what it cannot run on fails here, and nothing is skipped.
    throw new Error(`The provider did not start on Node ${process.version}:\n${said.join('')}`)
  }
  const provider: Provider = {
    issuer,
    client_secret: CLIENT_SECRET,
    forge: undefined,
    asked: [],
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const copy = request.clone()
      const answer = await fetch(request)
      if (new URL(request.url).pathname !== '/token') return answer
      provider.asked.push(new URLSearchParams(await copy.text()))
      const { forge } = provider
      provider.forge = undefined
      if (forge === undefined) return answer
      const body = (await answer.json()) as { id_token: string }
      const id_token = await forge(claimsOf(body.id_token), provider)
      return Response.json({ ...body, id_token })
    },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(privateKey),
    visit: walk,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
  return provider
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims
}

async function walk(address: string, login: string): Promise<string> {
  const cookies = new Map<string, string>()
  const ask = async (target: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(target, { ...init, headers: { cookie }, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', ...value] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value.join('='))
    }
    return answer
  }
  let answer = await ask(address)
  let here = address
  for (let step = 0; step < 12; step += 1) {
    const to = answer.headers.get('location')
    if (to !== null) {
      here = new URL(to, here).href
      if (new URL(here).origin === SITE) return here
      answer = await ask(here)
      continue
    }
    const page = await answer.text()
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (action === undefined || prompt === undefined) throw new Error(`A page without a form: ${page}`)
    here = new URL(action, here).href
    answer = await ask(here, {
      method: 'POST',
      body: new URLSearchParams({ prompt, login, password: 'any' }),
    })
  }
  throw new Error('The provider went round in circles.')
}
