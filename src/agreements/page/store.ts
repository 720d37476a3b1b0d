import { type Scope, toJson } from '../../store/index.ts'
import { pageSchema, plainPage, type SignUpPage } from './model.ts'

/** How the page of a connection is set; a plain one where nobody set it. */
export async function findPage(scope: Scope, connection_id: string): Promise<SignUpPage> {
  const { organisation_id, tx } = scope
  const where = { organisation_id_connection_id: { organisation_id, connection_id } }
  const row = await tx.sign_up_page.findUnique({ where })
  return row === null ? plainPage : pageSchema.parse(row.page)
}

export async function keepPage(scope: Scope, connection_id: string, page: SignUpPage): Promise<void> {
  const { organisation_id, tx } = scope
  const now = { page: toJson(page), updated_at: scope.now() }
  await tx.sign_up_page.upsert({
    where: { organisation_id_connection_id: { organisation_id, connection_id } },
    create: { organisation_id, connection_id, ...now },
    update: now,
  })
}

/** The name on the page. */
export async function sellerName({ tx, organisation_id }: Scope, page: SignUpPage): Promise<string> {
  if (page.name !== null) return page.name
  const found = await tx.organisation.findUniqueOrThrow({
    where: { id: organisation_id },
    select: { name: true },
  })
  return found.name
}
