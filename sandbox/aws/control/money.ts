import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../../problem.ts'
import { iso } from '../../time.ts'
import { chooseIncrease } from '../agreement/renewal.ts'
import { emitAdvisory } from '../agreement/request-events.ts'
import type { Agreement } from '../model.ts'
import { booksOf } from '../money/books.ts'
import { feedColumns } from '../money/feed-columns.ts'
import { makeRowSlip, makeSlip } from '../money/feed-slips.ts'
import { isOpen } from '../money/finance-model.ts'
import { type ReportName, reportFile, reports } from '../money/report-files.ts'
import { forgiveInvoice } from '../money/settlement.ts'
import type { World } from '../world.ts'
import { findAccount } from './accounts.ts'

const slipSchema = z.strictObject({
  billing_event_id: z.string(),
  slip: z.enum(['misprinted', 'doubled']),
  amount: z
    .string()
    .regex(/^-?\d{1,12}\.\d{2}$/, 'must be an amount with two places')
    .optional(),
})
const rowSlipSchema = z.strictObject({
  account_id: z.string(),
  feed: z.enum(Object.keys(feedColumns).filter((feed) => feed !== 'billingeventfeed')),
  id: z.string(),
  slip: z.enum(['misprinted', 'doubled']),
  column: z.string().optional(),
  value: z.string().max(200).optional(),
  days: z.int().min(1).max(90).optional(),
})
const advisorySchema = z.strictObject({ agreement_id: z.string(), news: z.enum(['Issued', 'Resolved']) })

const increaseSchema = z.strictObject({
  agreement_id: z.string(),
  percent: z.string().regex(/^\d{1,3}(\.\d{1,2})?$/, 'must be a percentage'),
})

function agreementNamed(world: World, id: string): Agreement {
  const found = world.agreements.get(id)
  if (found) return found
  const fix = 'List agreements with GET /control/aws/accepted?kind=agreements.'
  throw new Refusal(404, 'agreement_id', 'names an agreement', fix)
}

/** Routes that show the sandbox's own books, export reports, and let the feeds err. */
export function addMoney(app: Hono, world: World): void {
  app.get('/books', (c) => {
    const account = findAccount(world, c.req.query('account_id') ?? '')
    return c.json(booksOf(world, account.account_id))
  })
  app.get('/reports/:account/:file', (c) => {
    const account = findAccount(world, c.req.param('account'))
    const name = c.req.param('file').replace(/\.csv$/, '')
    const known = (text: string): text is ReportName => Object.hasOwn(reports, text)
    if (!known(name)) {
      throw new Refusal(404, 'file', 'is a report', `Use ${Object.keys(reports).join('.csv or ')}.csv.`)
    }
    const body = reportFile(world, account.account_id, name, c.req.query('month'))
    return c.body(body, 200, { 'content-type': 'text/csv' })
  })
  app.post('/invoices/:id/forgive', (c) => {
    const invoice = world.invoices.get(c.req.param('id'))
    if (!invoice) {
      const fix = 'List invoices with GET /control/aws/invoices.'
      throw new Refusal(404, 'invoice_id', 'names an invoice', fix)
    }
    if (!isOpen(invoice)) {
      const how = invoice.paid_at === undefined ? 'forgiven' : 'paid'
      throw new Refusal(409, 'invoice_id', 'is still owed', `The invoice is ${how} already.`)
    }
    const { invoice_id, agreement_id, forgiven_at = 0 } = forgiveInvoice(world, invoice)
    world.store.commit()
    return c.json({ invoice_id, agreement_id, forgiven_at: iso(forgiven_at) })
  })
  app.post('/feeds/slips', async (c) => {
    const asked = z.union([slipSchema, rowSlipSchema]).parse(await c.req.json())
    const made = 'feed' in asked ? makeRowSlip(world, asked) : makeSlip(world, asked)
    world.store.commit()
    return c.json({ ...made, corrected_at: iso(made.corrected_at) }, 201)
  })
  app.post('/renewal-increases', async (c) => {
    const { agreement_id, percent } = increaseSchema.parse(await c.req.json())
    chooseIncrease(world, agreementNamed(world, agreement_id), percent)
    world.store.commit()
    return c.json({ agreement_id, percent })
  })
  app.post('/advisories', async (c) => {
    const { agreement_id, news } = advisorySchema.parse(await c.req.json())
    emitAdvisory(world, agreementNamed(world, agreement_id), news)
    world.store.commit()
    return c.json({ agreement_id, news }, 201)
  })
}
