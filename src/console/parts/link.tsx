import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** A link to another screen. */
export function GoTo({
  to,
  children,
  ...rest
}: AnchorProps & { to: string; title?: string; children: ReactNode }) {
  return (
    <Anchor component={Link} href={to} inherit {...rest}>
      {children}
    </Anchor>
  )
}

/** A link to another screen that looks like a button. */
export function GoToButton({ to, children, ...rest }: ButtonProps & { to: string; children: ReactNode }) {
  return (
    <Button component={Link} href={to} {...rest}>
      {children}
    </Button>
  )
}
