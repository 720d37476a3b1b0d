import { Textarea } from '@mantine/core'
import { common } from '../words/index.ts'

/** Options as typed: undefined for none, null for text that is no object. */
export function readOptions(text: string): Record<string, unknown> | undefined | null {
  if (text.trim() === '') return undefined
  try {
    const read: unknown = JSON.parse(text)
    const fits = typeof read === 'object' && read !== null && !Array.isArray(read)
    return fits ? (read as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** What only one cloud knows of a request, folded away until somebody needs it. */
export function OptionsField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const words = common.options
  return (
    <details open={value !== ''}>
      <summary>{words.title}</summary>
      <Textarea
        mt="xs"
        label={words.label}
        description={words.help}
        autosize
        minRows={2}
        value={value}
        error={readOptions(value) === null && words.wrong}
        onChange={(event) => onChange(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </details>
  )
}
