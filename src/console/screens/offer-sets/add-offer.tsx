import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { client } from '../../api.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { offerSets } from '../../words/offer-sets.ts'
import { DealChoice, useDeals } from './deal-choice.tsx'

const words = offerSets.add

/** One more offer for a set that is not whole. */
export function AddOffer({ id, cloud }: { id: string; cloud: string | undefined }) {
  return (
    <FormDialog label={words.label} title={words.title}>
      {(close) => <Form {...{ id, cloud, close }} />}
    </FormDialog>
  )
}

function Form({ id, cloud, close }: { id: string; cloud: string | undefined; close(): void }) {
  const [deal_id, setDeal] = useState('')
  const { deals, error } = useDeals(cloud, '')
  const add = useWrite(
    (body: { deal_id: string }, header) =>
      client.POST('/v1/offer-sets/{id}/offers', { params: { path: { id }, header }, body }),
    { done: words.done, onDone: close },
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ deal_id })
      }}
    >
      <Stack>
        <Text size="sm">{words.help}</Text>
        <DealChoice
          label={offerSets.form.chooseDeal}
          value={deal_id}
          deals={deals}
          error={fieldErrors(add.error).deal_id}
          onChange={setDeal}
        />
        <ProblemAlert error={error ?? add.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={add.isPending} disabled={deal_id === ''}>
            {words.verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
