// Generates the database clients of both runtimes. Plain JavaScript, because it runs while packages are still being
// installed. The command asks for a native engine that generating does not use and that would be downloaded; naming any
// existing file in its place keeps the step offline.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const command = createRequire(import.meta.url).resolve('prisma/build/index.js')
const done = spawnSync(
  process.execPath,
  [command, 'generate', '--schema', 'prisma/schema.prisma', '--no-hints'],
  {
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
    encoding: 'utf8',
  },
)
if (done.status !== 0) {
  process.stderr.write(`${done.stdout}\n${done.stderr}\n`)
  process.exit(1)
}
