import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { type ClipboardEvent, type FormEvent, type KeyboardEvent, Suspense, useState } from 'react'
import { type Server, servers } from '../../../../../contract/api/servers.ts'
import { possible } from '../../../api/rights.ts'
import { later } from '../../../ui/later.ts'
import { noHistory, remember, step } from './command-history.ts'
import { SentCommands } from './sent-commands.tsx'
import { useCommands } from './use-commands.ts'

const PasteGuard = later(async () => (await import('./paste-guard.tsx')).PasteGuard)

/** Where console lines are typed: up and down go through what was sent, several lines at once are asked about. */
export function CommandLine({ server }: { server: Server }) {
  const [line, setLine] = useState('')
  const [history, setHistory] = useState(noHistory)
  const [pasted, setPasted] = useState<readonly string[] | null>(null)
  const commands = useCommands(server.id)
  const allowed = possible(server, 'command')
  const problem = problemOf(line)

  const send = (text: string) => {
    commands.send(text)
    setHistory((before) => remember(before, text))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (allowed !== true || line === '' || problem !== null) return
    send(line)
    setLine('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    const there = step(history, event.key === 'ArrowUp' ? 'back' : 'forward', line)
    if (there === null) return
    setHistory(there.history)
    setLine(there.line)
  }
  const onPaste = (event: ClipboardEvent) => {
    const lines = linesOf(event.clipboardData.getData('text'))
    if (lines.length < 2) return
    event.preventDefault()
    setPasted(lines)
  }
  return (
    <>
      <form onSubmit={submit}>
        <TextInput
          aria-label="Console command"
          placeholder="Type a command"
          description={allowed === true ? null : allowed}
          inputWrapperOrder={['input', 'description', 'error']}
          ff="monospace"
          leftSection="›"
          value={line}
          error={problem}
          readOnly={allowed !== true}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setLine(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          rightSection={
            <Tooltip label={allowed === true ? 'Send' : allowed}>
              <ActionIcon
                type="submit"
                variant="subtle"
                aria-label="Send the command"
                aria-disabled={allowed !== true}
                data-disabled={allowed !== true}
              >
                <IconSend size={16} />
              </ActionIcon>
            </Tooltip>
          }
        />
      </form>
      <SentCommands sent={commands.sent} onClear={commands.clear} />
      <Suspense>
        {pasted === null ? null : (
          <PasteGuard
            lines={pasted}
            onClose={() => setPasted(null)}
            onEach={(lines) => {
              for (const one of lines) send(one)
              setPasted(null)
            }}
            onJoined={(text) => {
              setLine((before) => before + text)
              setPasted(null)
            }}
          />
        )}
      </Suspense>
    </>
  )
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '')
}

function problemOf(line: string): string | null {
  if (line === '') return null
  const checked = servers.command.body.shape.command.safeParse(line)
  return checked.success ? null : (checked.error.issues[0]?.message ?? 'This cannot be sent.')
}
