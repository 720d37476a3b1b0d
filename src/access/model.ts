/** The page that takes an invitation up, for the link in its letter: `<public url>` and this. */
export function invitationPath(token: string): string {
  return `/sign-in/invitation?token=${encodeURIComponent(token)}`
}
