import { Alert, Button, CopyButton, Group, List, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { canonicalJson } from '../../../core/canonical.ts'
import { moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'
import { type Recomputed, SCRIPT } from './recompute.ts'

const words = reselling.statements.check

type RecomputationProps = { of: Schemas['PartnerStatement']; found: Recomputed | undefined }

/** Whether a statement is what its lines come to, and how to find that out without us. */
export function Recomputation({ of: { content }, found }: RecomputationProps) {
  const { currency, total, lines } = content
  const said = (amount: string) => moneyText({ currency, amount })
  const wrong =
    found !== undefined && (found.wrong_lines > 0 || !found.total_agrees || found.digest_agrees === false)
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.help}
      </Text>
      <Text size="sm">{words.rule}</Text>
      <Alert color={wrong ? 'red' : 'green'} role="status">
        {found === undefined ? (
          words.computing
        ) : (
          <List size="sm">
            <List.Item>
              {found.wrong_lines === 0 ? words.lines(lines.length) : words.wrongLines(found.wrong_lines)}
            </List.Item>
            <List.Item>
              {found.total_agrees ? words.total : words.wrongTotal(said(total), said(found.sum))}
            </List.Item>
            <List.Item>
              {found.digest_agrees === undefined
                ? words.noDigest
                : found.digest_agrees
                  ? words.digest
                  : words.wrongDigest}
            </List.Item>
          </List>
        )}
      </Alert>
      <details>
        <summary>{words.yourself}</summary>
        <Stack gap="xs" mt="xs">
          <Text size="sm">{words.yourselfHelp}</Text>
          <Group gap="xs">
            <Copy label={words.content} text={canonicalJson(content)} />
            <Copy label={words.script} text={SCRIPT} />
          </Group>
        </Stack>
      </details>
    </Card>
  )
}

function Copy({ label, text }: { label: string; text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" onClick={copy}>
          {copied ? common.copied : label}
        </Button>
      )}
    </CopyButton>
  )
}
