// The buyers' page: plain HTML without a script. Every value is escaped by the template.
import { html } from 'hono/html'
import { textOn } from './colour.ts'
import type { SignUpPage } from './model.ts'

type Html = ReturnType<typeof html>

/** What a page is made of: the seller's settings, and the name that stands on it. */
export type Look = { connection_id: string; name: string; page: SignUpPage }

/** What a buyer typed into the form. */
export type Typed = { name: string; email: string; company: string }

export const NAME_MAX = 120
export const EMAIL_MAX = 254

const COLOUR = '#1a4fa3'

/** The style sheet of one page; the colour is checked to be one, and nothing else of the seller's is in it. */
export function styleOf({ colour }: SignUpPage): string {
  const own = colour ?? COLOUR
  return `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; border-top: .375rem solid ${own}; padding: clamp(1.5rem, 8vh, 4rem) 1rem }
main, header, footer { max-width: 32rem; margin-inline: auto; overflow-wrap: anywhere }
header { display: flex; align-items: center; gap: .75rem; margin-bottom: 2rem; font-weight: 600 }
header img { max-height: 3rem; max-width: 10rem }
footer { margin-top: 3rem; font-size: .875rem }
a { color: inherit }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { width: 100%; box-sizing: border-box; padding: .625rem; font: inherit; border: 1px solid #767676; border-radius: .25rem }
button { margin-top: 1.25rem; padding: .625rem 1.25rem; font: inherit; font-weight: 600; border: 1px solid currentColor; border-radius: .25rem; background: ${own}; color: ${textOn(own)}; cursor: pointer }
:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px }
[role=alert] { border-left: .25rem solid #d32f2f; padding: .25rem .75rem; margin: 1rem 0 }
`
}

function layout(title: string, { connection_id, name, page }: Look, content: Html): Html {
  const { logo_url, support_email } = page
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – ${name}</title>
<link rel="stylesheet" href="/sign-up/${connection_id}/style.css">
</head>
<body>
<header>
${logo_url === null ? '' : html`<img src="${logo_url}" alt="" referrerpolicy="no-referrer">`}
<span>${name}</span>
</header>
<main>
<h1>${title}</h1>
${content}
</main>
${
  support_email === null
    ? ''
    : html`<footer>Questions? Write to <a href="mailto:${support_email}">${support_email}</a>.</footer>`
}
</body>
</html>`
}

/** What a buyer sees who came with a token that holds. `code`: for the form, where one is shown. */
export function welcomePage(
  look: Look,
  told: { known: boolean; code: string | null; typed?: Typed; problem?: string },
): Html {
  const { known, code, typed, problem } = told
  const words = known
    ? 'Thank you. Your subscription is registered; nothing else is needed from you.'
    : 'Thank you. Your purchase is on its way to us; nothing else is needed from you.'
  return layout(
    problem === undefined ? 'You are signed up' : 'Please look at the form again',
    look,
    html`<p>${words}</p>
${paragraphs(look.page.text)}
${code === null ? '' : form(look.connection_id, code, typed, problem)}`,
  )
}

function form(connection_id: string, code: string, typed: Typed | undefined, problem: string | undefined) {
  const { name = '', email = '', company = '' } = typed ?? {}
  const wrong = problem === undefined ? '' : html`aria-invalid="true" aria-describedby="problem" autofocus`
  return html`<h2>How can we reach you?</h2>
<p>You need not answer. What you tell us is used to set up your account, and for nothing else.</p>
${problem === undefined ? '' : html`<p role="alert" id="problem">${problem}</p>`}
<form method="post" action="/sign-up/${connection_id}/about">
<input type="hidden" name="code" value="${code}">
<label for="name">Your name (optional)</label>
<input id="name" name="name" autocomplete="name" maxlength="${NAME_MAX}" value="${name}">
<label for="email">E-mail address (optional)</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="${EMAIL_MAX}" value="${email}" ${wrong}>
<label for="company">Company (optional)</label>
<input id="company" name="company" autocomplete="organization" maxlength="${NAME_MAX}" value="${company}">
<button>Send</button>
</form>`
}

export function thanksPage(look: Look): Html {
  return layout('Thank you', look, html`<p>We have what you told us. You can close this page.</p>`)
}

/** Why it did not work, and what to do. */
export function problemPage(look: Look, problem: string, steps: readonly string[]): Html {
  return layout(
    'That did not work',
    look,
    html`<p role="alert">${problem}</p>
${steps.map((step) => html`<p>${step}</p>`)}`,
  )
}

function paragraphs(text: string | null) {
  if (text === null) return ''
  return text.split(/\n\s*\n/).map((one) => html`<p>${one}</p>`)
}
