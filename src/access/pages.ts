// The pages of signing in: plain HTML without a script. Every value is escaped by the template.
import { html } from 'hono/html'
import { PASSWORD_MAX, PASSWORD_MIN } from './passwords.ts'

type Html = ReturnType<typeof html>

/** What went wrong with the last try, told above the form; undefined at the first. */
type Problem = string | undefined

export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; display: grid; place-items: start center; padding: clamp(1.5rem, 10vh, 4rem) 1rem }
main { width: 100%; max-width: 24rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin: 0 0 1rem }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
label { display: block; margin: .75rem 0 .25rem }
input { width: 100%; box-sizing: border-box; padding: .625rem; font: inherit; border: 1px solid #767676; border-radius: .25rem }
button { margin-top: 1rem; padding: .625rem 1rem; font: inherit; border: 0; border-radius: .25rem; background: #1a4fa3; color: #fff; cursor: pointer }
:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px }
small { display: block; margin-top: .25rem }
[role=alert], [role=status] { border-left: .25rem solid #d32f2f; padding: .25rem .75rem; margin: 1rem 0 }
[role=status] { border-color: #2e8540 }
`

function layout(title: string, problem: Problem, content: Html, head: Html | '' = ''): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${problem === undefined ? '' : 'Error: '}${title} – Syndic</title>
<link rel="stylesheet" href="/sign-in/style.css">
${head}
</head>
<body>
<main>
<h1>${title}</h1>
${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
${content}
</main>
</body>
</html>`
}

const hidden = (name: string, value: string | null) =>
  value === null ? '' : html`<input type="hidden" name="${name}" value="${value}">`

const emailField = (value: string) => html`
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${value}">`

const newPassword = (required: boolean, label = 'Password') => html`
<label for="password">${label}${required ? '' : ' (optional)'}</label>
<input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="password-hint"
 minlength="${PASSWORD_MIN}" maxlength="${PASSWORD_MAX}" ${required ? 'required' : ''}>
<small id="password-hint">At least ${PASSWORD_MIN} characters, such as four or five words.</small>`

/** Where people sign in who are not. `provider`: the name on its button. */
export function signInPage(told: {
  problem?: Problem
  email?: string
  provider: string | undefined
  invitation: string | null
}): Html {
  const { problem, email = '', provider, invitation } = told
  const query = invitation === null ? '' : `?invitation=${encodeURIComponent(invitation)}`
  return layout(
    'Sign in',
    problem,
    html`<form method="post" action="/sign-in">
${hidden('invitation', invitation)}${emailField(email)}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${PASSWORD_MAX}">
<button>Sign in</button>
</form>
${provider === undefined ? '' : html`<p><a href="/sign-in/oidc${query}">Sign in with ${provider}</a></p>`}`,
  )
}

/** Where a new person says who they are: the first one by a link, later ones by an invitation. */
export function joinPage(told: {
  problem?: Problem
  kind: 'first' | 'invitation'
  token: string
  name?: string
  email?: string
  provider: string | undefined
}): Html {
  const { problem, kind, token, name = '', email = '', provider } = told
  const first = kind === 'first'
  return layout(
    first ? 'Set up this installation' : 'Join',
    problem,
    html`<p>${
      first
        ? 'You will run this installation and own its first organisation.'
        : 'You have been invited. Say who you are to join.'
    }</p>
<form method="post" action="${first ? '/sign-in/link' : '/sign-in/invitation'}">
${hidden('token', token)}
<label for="name">Name</label>
<input id="name" name="name" autocomplete="name" required maxlength="120" value="${name}">
${emailField(email)}${newPassword(provider === undefined)}
<button name="with" value="password">Join with this password</button>
${provider === undefined ? '' : html`<button name="with" value="provider">Join with ${provider}</button>`}
</form>
${
  first
    ? ''
    : html`<p><a href="/sign-in?invitation=${encodeURIComponent(token)}">I have an account here already</a></p>`
}`,
  )
}

/** For a link of somebody who is known: opening it is not enough, because mail programs open links too. */
export function linkPage(told: { problem?: Problem; token: string }): Html {
  return layout(
    'Sign in by link',
    told.problem,
    html`<p>This link signs you in, once.</p>
<form method="post" action="/sign-in/link">
${hidden('token', told.token)}${newPassword(false, 'New password')}
<button>Sign in</button>
</form>`,
  )
}

/** For an invitation that somebody opens who is signed in. */
export function acceptPage(told: { problem?: Problem; token: string; name: string }): Html {
  return layout(
    'Join',
    told.problem,
    html`<p>You are signed in as ${told.name}.</p>
<form method="post" action="/sign-in/invitation">${hidden('token', told.token)}<button>Join</button></form>`,
  )
}

/** What somebody sees who is signed in. */
export function accountPage(told: {
  problem?: Problem
  notice?: string | undefined
  name: string
  email: string
  has_password: boolean
  provider: string | undefined
  linked: boolean
}): Html {
  const { problem, notice, name, email, has_password, provider, linked } = told
  return layout(
    'You are signed in',
    problem,
    html`${notice === undefined ? '' : html`<p role="status">${notice}</p>`}
<p>${name}, ${email}</p>
<p><a href="/console/account">To the console</a></p>
<form method="post" action="/sign-in/out"><button>Sign out</button></form>
<h2>${has_password ? 'Change the password' : 'Choose a password'}</h2>
<form method="post" action="/sign-in/password">
<input type="hidden" name="username" autocomplete="username" value="${email}">
${
  has_password
    ? html`<label for="current">Present password</label>
<input id="current" name="current" type="password" autocomplete="current-password" required maxlength="${PASSWORD_MAX}">`
    : ''
}
${newPassword(true, 'New password')}
<button>Save</button>
<small>It ends your other sessions.</small>
</form>
${
  provider === undefined
    ? ''
    : linked
      ? html`<h2>${provider}</h2><p>You can sign in with ${provider}.</p>`
      : html`<h2>${provider}</h2>
<form method="post" action="/sign-in/oidc/link"><button>Let ${provider} sign me in</button></form>`
}`,
  )
}

/** On the way to the provider: a page of its own, because a form may not be sent on to another site. */
export function awayPage(provider: string, address: string): Html {
  return layout(
    `To ${provider}`,
    undefined,
    html`<p><a href="${address}">Go on to ${provider}</a></p>`,
    html`<meta http-equiv="refresh" content="0;url=${address}">`,
  )
}

export function problemPage(problem: string): Html {
  return layout('That did not work', problem, html`<p><a href="/sign-in">To the sign-in page</a></p>`)
}
