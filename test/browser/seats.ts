// How people get their seats, on the screens.
import { common } from '../../src/console/words/index.ts'
import { members } from '../../src/console/words/members.ts'
import { installation } from '../../src/console/words/organisation.ts'
import { settled } from './house.ts'
import type { Person } from './person.ts'

/** Invites somebody into the organisation, and answers the link to be brought to them. */
export async function invite({ open, press, page }: Person, email: string, role: string): Promise<string> {
  await open('/members')
  await press(members.invite.label)
  const form = page.getByRole('dialog')
  await form.getByLabel(members.invite.email).fill(email)
  await form.getByLabel(role, { exact: true }).check()
  await form.getByRole('button', { name: members.invite.send, exact: true }).click()
  return linkIn(page)
}

/** Begins another organisation, and answers the link for its first owner. */
export async function makeReseller(
  { open, press, page }: Person,
  name: string,
  email: string,
): Promise<string> {
  const { make, form: words } = installation.organisations
  await open('/organisations')
  await press(make)
  const form = page.getByRole('dialog')
  await form.getByLabel(words.name).first().fill(name)
  await form.getByLabel(words.kinds.reseller).check()
  await form.getByLabel(words.email).fill(email)
  await form.getByRole('button', { name: words.send, exact: true }).click()
  return linkIn(page)
}

async function linkIn(page: Person['page']): Promise<string> {
  const link = page.getByRole('dialog').locator('code, input[readonly]').first()
  await link.waitFor()
  const text = (await link.textContent()) || (await link.inputValue())
  await page.getByRole('dialog').getByRole('button', { name: common.close, exact: true }).last().click()
  return text.trim()
}

/** Opens an invitation's link and takes the seat, as somebody who has no account yet. */
export async function join({ page }: Person, link: string, name: string, email: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('four plain common words')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(/\/console\//)
  await settled(page)
}
