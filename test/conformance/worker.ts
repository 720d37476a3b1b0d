// One cloud on a thread of its own, so that several clouds use several processors.
import { parentPort, workerData } from 'node:worker_threads'
import type { Cloud } from '../../connectors/connector.ts'
import { type Result, runScenario } from './run.ts'
import { scenariosOf, worlds } from './worlds/index.ts'

export type Job = { cloud: Cloud; only: string; record: string | undefined }

// Written by main.ts just now.
const { cloud, only, record } = workerData as Job
const results: Result[] = []
for (const scenario of scenariosOf(worlds[cloud])) {
  if (scenario.id.startsWith(only)) results.push(await runScenario(worlds[cloud], scenario, { record }))
}
parentPort?.postMessage(results)
