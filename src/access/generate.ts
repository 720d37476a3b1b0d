// Writes docs/permissions.md from the tables the service itself decides by. With --check it only says whether the
// committed file is what would be written.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { allowedBy, permissionNames, permissions, roleNames, roles } from './permissions.ts'
import { openRoutes, routePermissions } from './route-permissions.ts'

const FILE = fileURLToPath(new URL('../../docs/permissions.md', import.meta.url))

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const SPOKEN: Readonly<Record<string, string>> = {
  operator: 'who runs the installation',
  signed_in: 'anybody with a session or a key',
  person: 'a person who is signed in, not a key',
}

/** The page, made from the tables alone. */
export function permissionsPage(): string {
  const byPermission = permissionNames.map((name) => [
    `\`${name}\``,
    permissions[name],
    ...roleNames.map((role) => (allowedBy([role]).has(name) ? 'yes' : '')),
  ])
  const routes = Object.entries(routePermissions).map(([route, need]) => [
    `\`${route}\``,
    SPOKEN[need] ?? `\`${need}\``,
  ])
  const doors = Object.entries(openRoutes).map(([route, { why, limit }]) => [
    `\`${route}\``,
    why,
    limit === 'none' ? 'no limit' : `\`${limit}\``,
  ])
  return `# Permissions

Made from \`src/access/permissions.ts\` and \`src/access/route-permissions.ts\` by \`npm run permissions:make\`: the tables the
service decides by. Tests hold every route, every role and every key with one scope against them.

## Roles
A member may have several roles; they add up.

${table(
  ['role', 'for'],
  roleNames.map((name) => [`\`${name}\``, roles[name].title]),
)}

Whoever runs the installation makes organisations and seats in them. In live mode that shows no organisation's data.

## What each role allows
An API key has some of these as its scopes, and never one that its maker lacks.

${table(['permission', 'allows to', ...roleNames], byPermission)}

## What each route asks for
Who is not signed in is answered \`401\`, who lacks the permission \`403\`, and what belongs to another organisation \`404\`,
exactly like what is not there. A route that is missing here answers nobody.

${table(['route', 'asks for'], routes)}

## Doors without a key
${table(['route', 'why', 'limited as'], doors)}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = permissionsPage()
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, page)
    console.log('Wrote docs/permissions.md')
  } else if ((await readFile(FILE, 'utf8').catch(() => '')) !== page) {
    console.error('docs/permissions.md is not what the tables say. Run npm run permissions:make.')
    process.exit(1)
  }
}
