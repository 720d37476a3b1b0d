// npm run secret-key: prints a new key to seal under, for SYNDIC_SECRET_KEY. With SYNDIC_KMS_KEY it comes wrapped, and
// nobody has ever seen it plain.
import { makeKeptKey } from './access/index.ts'
import { BadEnvironment, readConfig } from './config.ts'
import { Fault } from './core/fault.ts'
import { systemRandom } from './core/random.ts'
import { keyService } from './services.ts'

try {
  console.log(await makeKeptKey(systemRandom, keyService(readConfig(process.env))))
} catch (error) {
  const known = error instanceof BadEnvironment || error instanceof Fault
  console.error(error instanceof Error ? (known ? error.message : error.stack) : String(error))
  process.exitCode = 1
}
