// npm run repeats -- 10000 7, npm run tampering -- 10000 7: a test by chance with more runs than CI has time for. The second
// number is the seed, to have the same runs again.
import { startVitest } from 'vitest/node'

const [file = '', runs = '10000', seed = '1'] = process.argv.slice(2)
process.env.RUNS = runs
process.env.SEED = seed
// It says by the exit code itself whether all went well.
await (await startVitest('test', [`test/${file}.test.ts`], { watch: false })).close()
