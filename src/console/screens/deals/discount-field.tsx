import { Button, Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { deals } from '../../words/deals.ts'
import { discounted, readPercent } from './discount.ts'
import type { Terms } from './draft.ts'

const words = deals.open

/** Takes a percentage off a deal's terms, as a beginning for wholesale ones. */
export function Discount({ terms, onApply }: { terms: Terms; onApply(terms: Terms): void }) {
  const [typed, setTyped] = useState('')
  const percent = readPercent(typed)
  return (
    <div>
      <Group gap="xs" align="flex-end">
        <TextInput
          label={words.discount}
          inputMode="decimal"
          value={typed}
          error={typed.trim() !== '' && percent === undefined && words.discountWrong}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={percent === undefined}
          onClick={() => percent !== undefined && onApply(discounted(terms, percent))}
        >
          {words.apply}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        {words.discountHelp}
      </Text>
    </div>
  )
}
