// The Worker as a deploy would upload it: bundled and minified by wrangler, without a network and without writing
// anywhere but into a folder of its own.
import { spawn } from 'node:child_process'
import { copyFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)

export const CONFIG = 'wrangler.toml'

export type Built = {
  /** Where the bundle lies, inside the folder. */
  directory: string
  /** What is uploaded, compressed as Cloudflare counts it. */
  gzip_kib: number
  /** What wrangler said. */
  output: string
}

/** Settings that keep wrangler inside a folder and off the network. The banner is what looks for a newer version. */
export function quiet(folder: string): Record<string, string> {
  return {
    CI: 'true',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_CACHE_DIR: join(folder, 'cache'),
    WRANGLER_LOG_PATH: join(folder, 'logs'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    MINIFLARE_CACHE_DIR: join(folder, 'cache'),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
}

/** Bundles the Worker with `wrangler deploy --dry-run --minify`. The folder is an empty one. */
export async function buildWorker(folder: string): Promise<Built> {
  // Wrangler keeps its scratch files beside the configuration, so it is shown a copy, with the project's own files.
  for (const name of ['src', 'connectors', 'dist', 'node_modules', 'package.json'])
    await symlink(join(ROOT, name), join(folder, name))
  await copyFile(join(ROOT, CONFIG), join(folder, CONFIG))
  const directory = join(folder, 'bundle')
  const output = await run(folder, ['deploy', '--dry-run', '--minify', '--outdir', directory])
  const size = /gzip: ([\d.]+) KiB/.exec(output)?.[1]
  if (size === undefined) throw new Error(`wrangler did not say how large the bundle is:\n${output}`)
  return { directory, gzip_kib: Number(size), output }
}

function run(folder: string, options: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...quiet(folder), NO_COLOR: '1' }
    const child = spawn(process.execPath, [WRANGLER, ...options], { cwd: folder, env })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += String(chunk)
      })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`wrangler ended with ${code}:\n${said}`)),
    )
  })
}
