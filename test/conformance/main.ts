// The conformance suite by itself: npm run conformance -- [aws|azure|gcp] [--json] [--record FILE] [--only PREFIX]
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { type Cloud, clouds } from '../../connectors/connector.ts'
import { exitCode, toJson, toText } from './report.ts'
import type { Result } from './run.ts'
import type { Job } from './worker.ts'

const usage = `npm run conformance -- [${clouds.join('|')}] [--json] [--record FILE] [--only PREFIX]`

function asked() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, record: { type: 'string' }, only: { type: 'string' } },
  })
  const unknown = positionals.find((name) => !clouds.some((cloud) => cloud === name))
  if (unknown !== undefined) throw new Error(`"${unknown}" is no cloud`)
  const wanted = clouds.filter((cloud) => positionals.length === 0 || positionals.includes(cloud))
  return { ...values, wanted }
}

function runCloud(job: Job): Promise<Result[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: job })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error(`${job.cloud} ended without a result`)))
  })
}

async function main(): Promise<number> {
  const { wanted, json = false, record, only = '' } = asked()
  if (record !== undefined) rmSync(record, { force: true })
  const found = await Promise.all(wanted.map((cloud: Cloud) => runCloud({ cloud, only, record })))
  const results = found.flat()
  if (results.length === 0) throw new Error(`No scenario begins with "${only}"`)
  process.stdout.write(`${json ? toJson(results) : toText(results)}\n`)
  return exitCode(results)
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exitCode = 2
}
