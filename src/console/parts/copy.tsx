import { Button, CopyButton } from '@mantine/core'
import { common } from '../words/index.ts'

/** Puts a text onto the clipboard and says so. `what`: what is copied, for those who do not see it beside. */
export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={copy}
          aria-label={`${common.copy}: ${what}`}
          style={{ flexShrink: 0 }}
        >
          <span aria-live="polite">{copied ? common.copied : common.copy}</span>
        </Button>
      )}
    </CopyButton>
  )
}
