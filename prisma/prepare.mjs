// What `npm ci` does at its end: the database clients and the console are made from their sources. Plain JavaScript,
// because it runs while packages are still being installed. Both need packages that only building needs; an install
// without them makes nothing and says so, since what was made before it may be there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const here = createRequire(import.meta.url)
const lacks = ['prisma/build/index.js', 'vite/package.json'].some((name) => {
  try {
    here.resolve(name)
    return false
  } catch {
    return true
  }
})

if (lacks) {
  const made = ['src/store/generated', 'dist/console'].every((folder) => existsSync(folder))
  const advice = 'run "npm ci" with all packages first, then "npm prune --omit=dev"'
  console.log(
    made
      ? 'syndic: the packages for building are not installed, so the clients and the console stay as they were built.'
      : `syndic: the packages for building are not installed, and nothing is built yet: ${advice}.`,
  )
} else {
  const both = 'node prisma/generate.mjs && npm run console:build'
  process.exitCode = spawnSync(both, { stdio: 'inherit', shell: true }).status ?? 1
}
