// npm run sign-in [-- address]: prints a one-time link. It makes the first person where there is none, and otherwise
// signs in the person with that e-mail address, or without one whoever has run the installation longest.
import {
  checkKey,
  findPersonByEmail,
  isFresh,
  makeSealer,
  makeSignInLink,
  openKeys,
  SealBroken,
} from './access/index.ts'
import { BadEnvironment, type Config, readConfig } from './config.ts'
import { systemRandom as random } from './core/random.ts'
import { wallClock } from './core/time.ts'
import { openDatabase } from './database.ts'
import { findSecretKey } from './local-keys.ts'
import { keyProvider } from './services.ts'
import { PrismaClient } from './store/generated/node/client.ts'
import { makeStore, type Store } from './store/index.ts'
import { DirectoryHeld, lockDirectory } from './store/lock.ts'
import { schemaProblem } from './store/schema-version.ts'

/** Something a person can mend, told in one sentence. */
class Unable extends Error {}

async function main(email: string | undefined): Promise<void> {
  const config = readConfig(process.env)
  // Only the embedded database belongs to one process; beside a server this may run at any time.
  const unlock = config.database_url === undefined ? await lockDirectory(config.data) : async () => {}
  try {
    const { pool, close } = await openDatabase(config, () => {})
    const store = makeStore({
      pool,
      client: (adapter) => new PrismaClient({ adapter }),
      clocks: { business: wallClock, wall: wallClock },
      random,
      close,
    })
    try {
      const problem = await schemaProblem(pool)
      if (problem !== undefined) throw new Unable(problem)
      console.log(await makeLink(config, store, email))
      console.error('It works once, for 24 hours. Whoever has it can use it.')
    } finally {
      await store.close()
    }
  } finally {
    await unlock()
  }
}

async function makeLink(config: Config, store: Store, email: string | undefined): Promise<string> {
  const seal = await openSeal(config, store, email)
  return store.inInstallation(async (scope) => {
    const path = async (person_id: string | null) => {
      const base = config.public_url ?? `http://127.0.0.1:${config.port}`
      return `${base}${await makeSignInLink({ random }, scope, person_id)}`
    }
    if (seal !== undefined && email !== undefined) {
      const found = await findPersonByEmail({ seal, random }, scope, email)
      if (found === undefined) throw new Unable(`Nobody here has the e-mail address ${email}.`)
      return path(found.id)
    }
    if (await isFresh(scope)) return path(null)
    const where = { operator: true, erased_at: null }
    const operator = await scope.tx.person.findFirstOrThrow({ where, orderBy: { created_at: 'asc' } })
    return path(operator.id)
  })
}

/** An address is found by a keyed digest, whose key lies sealed. */
async function openSeal(config: Config, store: Store, email: string | undefined) {
  if (email === undefined) return undefined
  const secret_key = await findSecretKey(config)
  if (secret_key === undefined)
    throw new Unable('To find an e-mail address, set SYNDIC_SECRET_KEY as the service has it.')
  const seal = await makeSealer(await openKeys(keyProvider(config, secret_key)), random)
  await checkKey({ store, seal })
  return seal
}

try {
  await main(process.argv[2])
} catch (error) {
  const known = [BadEnvironment, SealBroken, Unable].some((kind) => error instanceof kind)
  if (error instanceof DirectoryHeld) {
    console.error(
      `${error.message} The embedded database has room for one process: stop the service, run this again, and start it.`,
    )
  } else console.error(error instanceof Error ? (known ? error.message : error.stack) : String(error))
  process.exitCode = 1
}
