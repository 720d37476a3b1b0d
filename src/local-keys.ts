// The keys of an installation on Node: the environment's, or ones made at the first start and kept beside the data.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'

export type Keys = { secret_key: string; development_key: string }

const fileOf = (config: Config) => join(config.data, 'keys.json')

/** What was made at the first start; empty before it, and where the environment has always given both. */
async function readKept(config: Config): Promise<Partial<Keys>> {
  try {
    return JSON.parse(await readFile(fileOf(config), 'utf8')) as Partial<Keys>
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return {}
  }
}

/** The keys, made if there are none; the file can be read by its owner only. */
export async function readKeys(config: Config): Promise<Keys> {
  const kept = await readKept(config)
  const made: Keys = {
    secret_key: kept.secret_key ?? randomBytes(32).toString('hex'),
    development_key: kept.development_key ?? `sk_dev_${randomBytes(32).toString('base64url')}`,
  }
  await writeFile(fileOf(config), `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return {
    secret_key: config.secret_key ?? made.secret_key,
    development_key: config.development_key ?? made.development_key,
  }
}

/** The key that secrets are sealed under, for a program that only looks on; undefined when this machine has none. */
export async function findSecretKey(config: Config): Promise<string | undefined> {
  return config.secret_key ?? (await readKept(config)).secret_key
}
