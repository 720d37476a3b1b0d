// A provider of OpenID Connect on loopback, in a process of its own: other people's code, with its own clock and keys.
// It prints its address, and ends when its input does.
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

type Settings = { redirect_uri: string; client_secret: string; keys: object[] }

// The test that starts it writes this.
const { redirect_uri, client_secret, keys } = JSON.parse(process.argv[2] ?? '{}') as Settings

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It listens nowhere')
  const issuer = `http://127.0.0.1:${address.port}`
  const client = {
    client_id: 'syndic',
    client_secret,
    redirect_uris: [redirect_uri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  }
  const provider = new Provider(issuer, {
    clients: [client, { ...client, client_id: 'somebody-else' }],
    jwks: { keys },
    cookies: { keys: ['for tests only'] },
    pkce: { required: () => true },
    claims: { openid: ['sub', 'email', 'email_verified'] },
    conformIdTokenClaims: false,
    // Whoever signs in as "ann" has Ann's address, verified: it must not let anybody in here.
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@example.com`, email_verified: true }),
    }),
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
process.stdin.resume().once('end', () => process.exit(0))
