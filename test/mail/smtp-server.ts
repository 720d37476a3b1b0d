// A mail server as small as can be, on loopback: it holds the conversation, keeps what it was given, and refuses what
// the test says.
import { createServer, type Socket } from 'node:net'

export type Received = { from: string; to: string; data: string; login: string | undefined }

export type SmtpServer = {
  url: string
  received: Received[]
  /** The reply to a command, such as "RCPT": in place of its yes. */
  refuse: Map<string, string>
  close(): Promise<void>
}

type Conversation = { from: string; to: string; lines: string[] | undefined; login: string | undefined }

export async function startSmtp(): Promise<SmtpServer> {
  const received: Received[] = []
  const refuse = new Map<string, string>()
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    const say = (line: string) => socket.write(`${line}\r\n`)
    const talk: Conversation = { from: '', to: '', lines: undefined, login: undefined }
    let rest = ''
    say('220 loopback')
    socket.on('data', (bytes) => {
      const pieces = `${rest}${bytes.toString('utf8')}`.split('\r\n')
      rest = pieces.pop() ?? ''
      for (const line of pieces) hear(line, talk)
    })

    function hear(line: string, state: Conversation): void {
      if (state.lines !== undefined) {
        if (line !== '.') return void state.lines.push(line.replace(/^\./, ''))
        const { from, to, lines, login } = state
        state.lines = undefined
        if (!refused('.')) {
          received.push({ from, to, data: lines.join('\n'), login })
          say('250 taken')
        }
        return
      }
      const command = line.slice(0, 4).toUpperCase()
      if (refused(command)) return
      if (command === 'EHLO') return void say('250-loopback\r\n250 AUTH PLAIN')
      if (command === 'AUTH') {
        state.login = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString('utf8')
        return void say('235 in')
      }
      if (command === 'STAR') return void say('502 no TLS here')
      if (command === 'MAIL') state.from = /<(.*)>/.exec(line)?.[1] ?? ''
      if (command === 'RCPT') state.to = /<(.*)>/.exec(line)?.[1] ?? ''
      if (command === 'DATA') {
        state.lines = []
        return void say('354 go on')
      }
      say(command === 'QUIT' ? '221 bye' : '250 yes')
    }

    function refused(command: string): boolean {
      const reply = refuse.get(command)
      if (reply !== undefined) say(reply)
      return reply !== undefined
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuse,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
