import {
  Button,
  FileInput,
  Group,
  Modal,
  NativeSelect,
  Progress,
  Radio,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { connectionText, useConnections } from '../../parts/connections.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { common } from '../../words/index.ts'
import { statements } from '../../words/settlement.ts'
import { FILE_BYTES_MAX, sendFile, type Whose } from './send-file.ts'

const words = statements.bring
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/

/** Brings a file of a cloud or of a bank, and goes to it when it is taken. */
export function Bring({ opened, close }: { opened: boolean; close(): void }) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={words.title}
      size="lg"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <BringForm close={close} />
    </Modal>
  )
}

function BringForm({ close }: { close(): void }) {
  const [kind, setKind] = useState<'bank' | 'cloud'>('bank')
  const [account, setAccount] = useState('main')
  const { connections } = useConnections()
  const [connection, setConnection] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const { send, part, error, busy } = useSending()
  const connection_id = connection === '' ? (connections[0]?.id ?? '') : connection
  const wrongAccount = kind === 'bank' && !ACCOUNT.test(account)
  const tooLarge = file !== null && file.size > FILE_BYTES_MAX
  const ready = file !== null && !tooLarge && (kind === 'bank' ? !wrongAccount : connection_id !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file === null || !ready) return
    void send(file, kind === 'bank' ? { bank_account: account } : { connection_id })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group
          label={words.kind}
          value={kind}
          onChange={(value) => setKind(value === 'cloud' ? 'cloud' : 'bank')}
        >
          <Group mt="xs">
            <Radio value="bank" label={words.bank} />
            <Radio value="cloud" label={words.cloud} />
          </Group>
        </Radio.Group>
        {kind === 'bank' ? (
          <TextInput
            label={words.account}
            description={words.accountHelp}
            value={account}
            error={wrongAccount && words.accountWrong}
            onChange={(event) => setAccount(event.currentTarget.value)}
            required
          />
        ) : (
          <NativeSelect
            label={words.connection}
            description={connections.length === 0 ? words.connectionNone : words.connectionHelp}
            value={connection_id}
            data={connections.map((one) => ({ value: one.id, label: connectionText(one) }))}
            onChange={(event) => setConnection(event.currentTarget.value)}
          />
        )}
        <FileInput
          label={words.file}
          description={kind === 'bank' ? words.bankHelp : words.cloudHelp}
          placeholder={words.choose}
          accept=".csv,text/csv"
          value={file}
          onChange={setFile}
          error={tooLarge && words.tooLarge}
          clearable
          clearButtonProps={{ 'aria-label': common.list.clear }}
          required
        />
        {part !== undefined && <Sending part={part} />}
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" disabled={!ready} loading={busy}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** How much of a file is out; all of it: the service reads it to its end. */
function Sending({ part }: { part: number }) {
  const percent = Math.floor(part * 100)
  return (
    <Stack gap={4} role="status">
      <Progress value={percent} animated={percent === 100} aria-label={words.file} />
      <Text size="sm" c="dimmed">
        {percent === 100 ? words.checking : words.sending(percent)}
      </Text>
    </Stack>
  )
}

function useSending() {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [part, setPart] = useState<number>()
  const [error, setError] = useState<unknown>()
  const send = async (file: File, whose: Whose) => {
    setError(undefined)
    setPart(0)
    try {
      const { id } = await sendFile(file, whose, setPart)
      await queries.invalidateQueries()
      go(`/statements/${id}`)
    } catch (caught) {
      setError(caught)
    } finally {
      setPart(undefined)
    }
  }
  return { send, part, error, busy: part !== undefined }
}
