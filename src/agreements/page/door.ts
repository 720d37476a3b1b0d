// The buyer's door: the marketplace sends the buyer's browser here with a token. It needs no key and no script.
import type { Context as HonoContext } from 'hono'
import { z } from 'zod'
import { tenantOf } from '../../connections/index.ts'
import type { Context } from '../../context.ts'
import { problemCodes, Refusal } from '../../core/problem.ts'
import { type DoorEnv, makeRouter } from '../../door/index.ts'
import { registrationOf, signUp } from '../sign-up.ts'
import {
  EMAIL_MAX,
  type Look,
  NAME_MAX,
  problemPage,
  styleOf,
  type Typed,
  thanksPage,
  welcomePage,
} from './html.ts'
import { CODE_FIELD, type SignUpPage } from './model.ts'
import { findPage, sellerName } from './store.ts'
import { keepAnswers, takeVisit, type VisitKind } from './visits.ts'

type Door = HonoContext<DoorEnv>
type Place = Look & { organisation_id: string }

const TOO_LATE = 'This form was sent already, or it was open for too long.'
const AGAIN =
  'Open the product from the marketplace again: the page of your subscription there has a button that leads here.'

export function signUpRoutes(context: Context) {
  const routes = makeRouter()
  routes.get('/sign-up/:connection_id/style.css', async (door) => {
    const { page } = await placeOf(context, door)
    return door.body(styleOf(page), 200, {
      'content-type': 'text/css',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    })
  })
  routes.on(['GET', 'POST'], '/sign-up/:connection_id', async (door) => {
    const place = await placeOf(context, door)
    setHeaders(door, place.page)
    return orTold(door, place, () => arrive(context, door, place))
  })
  routes.post('/sign-up/:connection_id/about', async (door) => {
    const place = await placeOf(context, door)
    setHeaders(door, place.page)
    return orTold(door, place, () => takeForm(context, door, place))
  })
  return routes
}

/** Throws not-found for a page that is nobody's. */
async function placeOf(context: Context, door: Door): Promise<Place> {
  const connection_id = door.req.param('connection_id') ?? ''
  const organisation_id = await tenantOf(context.store, connection_id)
  if (organisation_id === undefined) throw new Refusal('not-found', 'There is no such sign-up page.')
  return context.store.inTenant(organisation_id, async (scope) => {
    const page = await findPage(scope, connection_id)
    return { organisation_id, connection_id, page, name: await sellerName(scope, page) }
  })
}

function setHeaders(door: Door, { logo_url }: SignUpPage): void {
  const images = logo_url === null ? '' : ` img-src ${new URL(logo_url).origin};`
  door.header('cache-control', 'no-store')
  door.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self';${images} form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  // The address may hold the marketplace's token.
  door.header('referrer-policy', 'no-referrer')
  door.header('x-content-type-options', 'nosniff')
  door.header('x-frame-options', 'DENY')
}

async function arrive(context: Context, door: Door, look: Place): Promise<Response> {
  const { organisation_id, connection_id, page } = look
  const { place, field } = await registrationOf(context, organisation_id, connection_id)
  const form = place === 'form' && door.req.method === 'POST' ? await readForm(door) : {}
  const token = place === 'query' ? door.req.query(field) : form[field]
  if (typeof token !== 'string' || token === '') {
    const fix = 'Open the product from the marketplace: it sends the token along'
    throw new Refusal('invalid-input', 'The registration token is missing.', [
      { field, rule: 'is missing', fix },
    ])
  }
  const kind: VisitKind | null = page.redirect_url !== null ? 'redirect' : page.form ? 'form' : null
  const { agreement, code } = await signUp(context, organisation_id, connection_id, token, kind)
  context.wake()
  if (page.redirect_url !== null && code !== null) {
    const url = new URL(page.redirect_url)
    url.searchParams.set(CODE_FIELD, code)
    return door.redirect(url.href, 303)
  }
  return door.html(welcomePage(look, { known: agreement !== undefined, code }))
}

const email = z.email().max(EMAIL_MAX)

async function takeForm(context: Context, door: Door, look: Place): Promise<Response> {
  const form = await readForm(door)
  const code = textOf(form.code)
  const typed: Typed = {
    name: textOf(form.name).slice(0, NAME_MAX),
    email: textOf(form.email),
    company: textOf(form.company).slice(0, NAME_MAX),
  }
  if (typed.email !== '' && !email.safeParse(typed.email).success) {
    const problem = 'This is no e-mail address: it should look like ada@example.com.'
    return door.html(welcomePage(look, { known: true, code, typed, problem }), 422)
  }
  const found = await context.store.inTenant(look.organisation_id, async (scope) => {
    const visit = await takeVisit(scope, 'form', look.connection_id, code)
    if (visit !== undefined && Object.values(typed).some((text) => text !== '')) {
      await keepAnswers(context, scope, visit, typed)
    }
    return visit
  })
  if (found === undefined) throw new Refusal('conflict', `${TOO_LATE} ${AGAIN}`)
  return door.html(thanksPage(look))
}

/** A file or a list is no text. */
const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '')

async function readForm(door: Door): Promise<Record<string, unknown>> {
  try {
    return await door.req.parseBody()
  } catch {
    throw new Refusal('malformed-request', 'The body is not a form.')
  }
}

/** A browser is told of a refusal on a page, and what to do; a program as everywhere. */
async function orTold(door: Door, look: Look, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || !door.req.header('accept')?.includes('text/html')) throw error
    const { problem, steps } = toldOf(error)
    return door.html(problemPage(look, problem, steps), problemCodes[error.code][0])
  }
}

/** In a buyer's words. What the cloud said is not for them: it may repeat what it was sent. */
function toldOf({ code, errors }: Refusal): { problem: string; steps: string[] } {
  if (code === 'cloud-unavailable') {
    return {
      problem: 'The marketplace did not answer us.',
      steps: ['Your purchase is safe. Load this page again in a minute.'],
    }
  }
  if (code === 'conflict')
    return {
      problem: TOO_LATE,
      steps: [
        'If you have sent it, there is nothing left to do.',
        `To send it once more: ${AGAIN.charAt(0).toLowerCase()}${AGAIN.slice(1)}`,
      ],
    }
  if (errors?.some(({ rule }) => rule === 'is missing')) {
    return {
      problem: 'This page needs to be opened from the marketplace.',
      steps: [AGAIN, 'It sends along who you are, so that we know your subscription.'],
    }
  }
  return {
    problem: 'The marketplace does not know this visit: it has expired, or was used already.',
    steps: [AGAIN, 'If you were signed up before, there is nothing left to do.'],
  }
}
