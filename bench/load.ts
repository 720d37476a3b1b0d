// A client with a thread of its own, so that asking takes nothing from the thread that answers.
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

/** What is asked, for how long, over how many connections at once. */
export type Load = { url: string; headers: Record<string, string>; seconds: number; connections: number }

/** How many requests a second are answered 200. */
export function rate(load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: load })
    worker.once('message', (found: number) => resolve(found))
    worker.once('error', reject)
  })
}

async function ask({ url, headers, seconds, connections }: Load): Promise<number> {
  const began = performance.now()
  const until = began + seconds * 1000
  let answered = 0
  const one = async () => {
    while (performance.now() < until) {
      const answer = await fetch(url, { headers })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  return answered / ((performance.now() - began) / 1000)
}

// The thread was given what `rate` was called with.
if (!isMainThread) parentPort?.postMessage(await ask(workerData as Load))
