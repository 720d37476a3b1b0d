import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { members } from '../../words/members.ts'
import { type Role, RoleChoice } from './roles.tsx'

type Props = {
  of: Schemas['Member']
  name: string
  /** It is the signed-in person's own seat. */
  own: boolean
  /** What was changed, with the keys that now do more than the person may. */
  changed(seat: Schemas['ChangedSeat']): void
}

const words = members.change

/** Gives a member other roles. */
export function ChangeRoles(props: Props) {
  return (
    <FormDialog label={words.label} title={words.title(props.name)} variant="default" size="xs">
      {(close) => <RolesForm {...props} close={close} />}
    </FormDialog>
  )
}

function RolesForm({ of, own, changed, close }: Props & { close(): void }) {
  const form = useForm<{ roles: Role[] }>({
    initialValues: { roles: of.roles },
    validate: { roles: (chosen) => (chosen.length === 0 ? members.invite.rolesShort : null) },
  })
  const write = useWrite(
    (body: { roles: Role[] }, header) =>
      client.PATCH('/v1/members/{id}', { params: { path: { id: of.id }, header }, body }),
    { done: words.done },
  )
  const save = form.onSubmit((values) =>
    write.mutate(values, {
      onSuccess: (seat) => {
        changed(seat)
        close()
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  )
  return (
    <form noValidate onSubmit={save}>
      <Stack>
        <Text size="sm" c="dimmed">
          {own ? words.helpOwn : words.help}
        </Text>
        <RoleChoice {...form.getInputProps('roles')} />
        <ProblemAlert error={write.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
