import type { TemplateBody } from '../../../../contract/api/template-fields.ts'
import type { Findings } from './findings.ts'

export type Stop = Pick<TemplateBody, 'stopCommand' | 'sendSignalTo' | 'stopGraceSeconds'>

const usualGrace = 30
/** `^^C` asks to be quick: an interrupt, and soon after it the end. */
const shortGrace = 10

/**
 * What an egg's `config.stop` means: `^C` and `^SIGINT` an interrupt, `^^C` an interrupt that is followed
 * up soon, another signal's name that signal, any other text a console line, nothing the engine's own
 * way. In each case the process is killed when it is still there after the grace.
 */
export function readStop(stop: string, findings: Findings): Stop {
  const text = stop.trim()
  const signal = (sendSignalTo: Stop['sendSignalTo'], stopGraceSeconds = usualGrace): Stop => ({
    stopCommand: '',
    sendSignalTo,
    stopGraceSeconds,
  })
  if (text === '') return signal('STOPSIGNAL')
  if (!text.startsWith('^')) {
    const stopCommand = findings.clipped('config.stop', stop.trim(), 512)
    return { ...signal('SIGTERM'), stopCommand }
  }
  const name = text.replace(/^\^+/, '').toUpperCase().replace(/^SIG/, '')
  if (name === 'C') return signal('SIGINT', text.startsWith('^^') ? shortGrace : usualGrace)
  switch (name) {
    case 'INT':
      return signal('SIGINT')
    case 'TERM':
      return signal('SIGTERM')
    case 'QUIT':
    case '\\':
      return signal('SIGQUIT')
    case 'HUP':
      return signal('SIGHUP')
    case 'KILL':
      return signal('SIGKILL')
    case 'ABRT':
      return signal('SIGABRT')
    case 'USR1':
      return signal('SIGUSR1')
    case 'USR2':
      return signal('SIGUSR2')
    default:
      findings.warning(
        'config.stop',
        `${text} is no signal: the server is killed at once, as Wings does. A console line or ^C lets it save first.`,
      )
      return signal('SIGKILL')
  }
}

/** The same as an egg says it. */
export function writeStop({ stopCommand, sendSignalTo, stopGraceSeconds }: Stop): string {
  if (stopCommand !== '') return stopCommand
  if (sendSignalTo === 'STOPSIGNAL') return ''
  if (sendSignalTo !== 'SIGINT') return `^${sendSignalTo}`
  return stopGraceSeconds === shortGrace ? '^^C' : '^C'
}
