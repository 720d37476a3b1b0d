import { Kbd, Modal, Table } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { common, shell } from '../words/index.ts'

const PLACES: Readonly<Record<string, string>> = {
  h: '/',
  d: '/deals',
  o: '/offers',
  a: '/agreements',
  u: '/usage',
  s: '/statements',
  x: '/exceptions',
  l: '/ledger',
}
/** How long after "g" the next key still counts. */
const PAUSE_MS = 1500

/** Keys for those who do this all day: g and a letter goes somewhere, / searches, ? tells them all. */
export function Shortcuts() {
  const [opened, { open, close }] = useDisclosure(false)
  const [, go] = useLocation()
  const begun = useRef(0)
  useHotkeys([
    ['shift+?', open],
    ['?', open],
    ['/', () => document.querySelector<HTMLElement>('[data-search]')?.focus()],
  ])
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest('input,textarea,select') !== null
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'g') {
        begun.current = event.timeStamp
        return
      }
      const place = PLACES[event.key]
      if (place !== undefined && begun.current > 0 && event.timeStamp - begun.current < PAUSE_MS) go(place)
      begun.current = 0
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [go])
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={shell.keys.title}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Table aria-label={shell.keys.help}>
        <Table.Tbody>
          {shell.keys.list.map(([keys, place]) => (
            <Table.Tr key={keys}>
              <Table.Th scope="row" w={90}>
                <Kbd>{keys}</Kbd>
              </Table.Th>
              <Table.Td>{place}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
