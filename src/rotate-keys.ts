// npm run rotate-keys: seals everything anew under SYNDIC_SECRET_KEY, a few rows at a time, while the service runs.
// Afterwards nothing needs SYNDIC_SECRET_KEY_PREVIOUS any more. Harmless to repeat.
import { checkKey, makeSealer, openKeys, reseal, SealBroken } from './access/index.ts'
import { BadEnvironment, readConfig } from './config.ts'
import { Fault } from './core/fault.ts'
import { systemRandom as random } from './core/random.ts'
import { wallClock } from './core/time.ts'
import { openDatabase } from './database.ts'
import { findSecretKey } from './local-keys.ts'
import { keyProvider } from './services.ts'
import { PrismaClient } from './store/generated/node/client.ts'
import { makeStore } from './store/index.ts'
import { DirectoryHeld, lockDirectory } from './store/lock.ts'
import { schemaProblem } from './store/schema-version.ts'

/** Something a person can mend, told in one sentence. */
class Unable extends Error {}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const secret_key = await findSecretKey(config)
  if (secret_key === undefined) throw new Unable('Set SYNDIC_SECRET_KEY as the service has it.')
  const seal = await makeSealer(await openKeys(keyProvider(config, secret_key)), random)
  // Only the embedded database belongs to one process; beside a server this may run at any time.
  const unlock = config.database_url === undefined ? await lockDirectory(config.data) : async () => {}
  try {
    const { pool, close } = await openDatabase(config, () => {})
    const clocks = { business: wallClock, wall: wallClock }
    const store = makeStore({
      pool,
      client: (adapter) => new PrismaClient({ adapter }),
      clocks,
      random,
      close,
    })
    try {
      const problem = await schemaProblem(pool)
      if (problem !== undefined) throw new Unable(problem)
      await checkKey({ store, seal })
      const { resealed, failed } = await reseal({ store, seal })
      console.log(`Sealed anew: ${resealed}.`)
      if (failed.length > 0) {
        const list = failed.map(({ place, id }) => `  - ${place} of ${id}`).join('\n')
        throw new Unable(`These open under none of the keys and were left as they are:\n${list}`)
      }
      console.log('Nothing is sealed under another key: SYNDIC_SECRET_KEY_PREVIOUS can go.')
    } finally {
      await store.close()
    }
  } finally {
    await unlock()
  }
}

try {
  await main()
} catch (error) {
  const known = [BadEnvironment, SealBroken, Unable, Fault].some((kind) => error instanceof kind)
  if (error instanceof DirectoryHeld) {
    console.error(
      `${error.message} The embedded database has room for one process: stop the service, run this again, and start it.`,
    )
  } else console.error(error instanceof Error ? (known ? error.message : error.stack) : String(error))
  process.exitCode = 1
}
