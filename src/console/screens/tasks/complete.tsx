import { Button, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { paths } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { tasks } from '../../words/tasks.ts'

type One = paths['/v1/operations/{id}']['get']['responses'][200]['content']['application/json']
type Values = { outcome: 'succeeded' | 'failed'; target: Record<string, string>; evidence: string }

const words = tasks.complete

/** Says that a step was done by hand, or was not, and how that is known. */
export function Complete({ of: { id, makes } }: { of: One }) {
  const form = useForm<Values>({
    initialValues: {
      outcome: 'succeeded',
      target: Object.fromEntries(makes.map((name) => [name, ''])),
      evidence: '',
    },
    validateInputOnBlur: true,
    validate: {
      evidence: (text) => (text.trim() === '' ? words.evidenceShort : null),
      target: Object.fromEntries(
        makes.map((name) => [
          name,
          (text: string, { outcome }: Values) =>
            outcome === 'succeeded' && text.trim() === '' ? words.targetShort : null,
        ]),
      ),
    },
  })
  const write = useWrite(
    ({ outcome, target, evidence }: Values, header) =>
      client.POST('/v1/operations/{id}/complete', {
        params: { path: { id }, header },
        body: { outcome, target: outcome === 'succeeded' ? target : {}, evidence },
      }),
    { done: words.done },
  )
  const done = form.values.outcome === 'succeeded'
  return (
    <Card title={words.title}>
      <form
        onSubmit={form.onSubmit((values) =>
          write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
        )}
        noValidate
      >
        <Stack maw={560}>
          <Radio.Group label={words.outcome} {...form.getInputProps('outcome')}>
            <Stack gap="xs" mt="xs">
              <Radio value="succeeded" label={words.succeeded} />
              <Radio value="failed" label={words.failed} />
            </Stack>
          </Radio.Group>
          {done &&
            makes.map((name) => (
              <TextInput
                key={name}
                label={words.target(name)}
                description={words.targetHelp}
                required
                {...form.getInputProps(`target.${name}`)}
              />
            ))}
          <Textarea
            label={words.evidence}
            description={words.evidenceHelp}
            autosize
            minRows={2}
            required
            {...form.getInputProps('evidence')}
          />
          <ProblemAlert error={write.error} />
          <Group>
            <Button type="submit" loading={write.isPending}>
              {words.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
