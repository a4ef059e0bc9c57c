import type { Terminal } from '@xterm/xterm'

/**
 * Keys in the terminal: the browser keeps Tab, copying and its own shortcuts, arrows and the page keys
 * scroll, Ctrl+F finds.
 */
export function passKeys(
  terminal: Terminal,
  onFind: () => void,
): (event: KeyboardEvent) => boolean {
  const scrolls: Readonly<Record<string, () => void>> = {
    ArrowUp: () => terminal.scrollLines(-1),
    ArrowDown: () => terminal.scrollLines(1),
    PageUp: () => terminal.scrollPages(-1),
    PageDown: () => terminal.scrollPages(1),
    Home: () => terminal.scrollToTop(),
    End: () => terminal.scrollToBottom(),
  }
  return (event) => {
    if (event.type !== 'keydown') return false
    const control = event.ctrlKey || event.metaKey
    if (control && event.key.toLowerCase() === 'f') {
      event.preventDefault()
      onFind()
      return false
    }
    const scroll = control || event.altKey ? undefined : scrolls[event.key]
    if (scroll !== undefined) {
      event.preventDefault()
      scroll()
    }
    return false
  }
}
