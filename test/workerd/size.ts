// npm run worker:size: how large the Worker is that a deploy would upload, and whether Cloudflare takes it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWorker } from './build.ts'

/** The strictest limit Cloudflare has set: a compressed Worker on the free plan. What fits here fits every plan. */
const LIMIT_KIB = 3 * 1024

const folder = await mkdtemp(join(tmpdir(), 'syndic-worker-'))
try {
  const { gzip_kib, output } = await buildWorker(folder)
  console.log(output.trim())
  const percent = Math.round((100 * gzip_kib) / LIMIT_KIB)
  console.log(
    `The Worker has ${gzip_kib} KiB compressed: ${percent} per cent of the ${LIMIT_KIB} KiB that are taken.`,
  )
  if (gzip_kib > LIMIT_KIB) {
    console.error('It is too large for Cloudflare. Look in the bundle for what need not be there.')
    process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
