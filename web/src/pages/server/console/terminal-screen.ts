import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Shown } from './console-lines.ts'
import { terminalText } from './console-text.ts'
import { gapLinks } from './gap-links.ts'
import { passKeys } from './terminal-keys.ts'

/** At most 20 frames a second, however fast lines come. */
const frameMs = 50
/** Rows; a line may take several. */
const rowsKept = 100_000

export interface ScreenHandlers {
  /** The reader scrolled away from the end, or back to it. */
  readonly onFollow: (following: boolean) => void
  /** How many lines wait below while the reader looks further up. */
  readonly onWaiting: (count: number) => void
  readonly onTop: () => void
  readonly onGap: (before: number) => void
  readonly onHits: (index: number, count: number) => void
  readonly onFind: () => void
}

/** The terminal that shows a console. It only shows: what is typed goes through the command line. */
export class TerminalScreen {
  private readonly terminal: Terminal
  private readonly fit = new FitAddon()
  private readonly search = new SearchAddon({ highlightLimit: 5000 })
  private readonly sizes: ResizeObserver
  private readonly handlers: ScreenHandlers
  private waiting: Shown[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private following = true
  private rewriting = false
  private withTime = false
  private closed = false

  constructor(element: HTMLElement, theme: ITheme, handlers: ScreenHandlers) {
    this.handlers = handlers
    this.terminal = new Terminal({
      // Search results are marked by decorations, which xterm counts as not final.
      allowProposedApi: true,
      disableStdin: true,
      cursorInactiveStyle: 'none',
      fontSize: 13,
      fontFamily: getComputedStyle(element).fontFamily,
      minimumContrastRatio: 4.5,
      scrollback: rowsKept,
      theme,
    })
    this.terminal.loadAddon(this.fit)
    this.terminal.loadAddon(this.search)
    this.terminal.loadAddon(new WebLinksAddon((_event, uri) => openOutside(uri)))
    this.terminal.open(element)
    this.terminal.attachCustomKeyEventHandler(passKeys(this.terminal, handlers.onFind))
    this.terminal.registerLinkProvider(gapLinks(this.terminal, handlers.onGap))
    this.terminal.onRender(() => this.look())
    this.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      handlers.onHits(resultIndex, resultCount),
    )
    this.sizes = new ResizeObserver(() => this.fit.fit())
    this.sizes.observe(element)
    this.fit.fit()
  }

  /** Adds what is new at the end, or keeps it waiting while the reader looks further up. */
  append(items: readonly Shown[]): void {
    this.waiting.push(...items)
    if (!this.following) this.handlers.onWaiting(linesIn(this.waiting))
    else this.timer ??= setTimeout(() => this.flush(), frameMs)
  }

  /** Writes everything anew and keeps what the reader looks at in its place. */
  rewrite(items: readonly Shown[]): void {
    const { buffer } = this.terminal
    const fromEnd = buffer.active.length - buffer.active.viewportY
    this.waiting = []
    this.rewriting = true
    // A reset within the text stays in order with what was written before and is not parsed yet.
    this.terminal.write(`\x1bc${this.textOf(items)}`, () => {
      this.rewriting = false
      if (this.closed) return
      if (this.following) this.terminal.scrollToBottom()
      else this.terminal.scrollToLine(Math.max(0, buffer.active.length - fromEnd))
      this.handlers.onWaiting(0)
    })
  }

  /** Back to the end, with all that waited. */
  follow(): void {
    this.flush()
    this.terminal.scrollToBottom()
    this.setFollowing(true)
  }

  showTimes(withTime: boolean, items: readonly Shown[]): void {
    this.withTime = withTime
    this.rewrite(items)
  }

  /** Marks every hit and goes to the next or the previous one; an empty text clears the marks. */
  find(text: string, where: 'next' | 'previous' | 'typing'): void {
    if (text === '') {
      this.search.clearDecorations()
      this.handlers.onHits(-1, 0)
      return
    }
    const options = { decorations: hitMarks, incremental: where === 'typing' }
    if (where === 'next') this.search.findNext(text, options)
    else this.search.findPrevious(text, options)
  }

  setTheme(theme: ITheme): void {
    this.terminal.options.theme = theme
  }

  /** What the reader has marked; an empty string when nothing is. */
  selection(): string {
    return this.terminal.getSelection()
  }

  /**
   * Nothing is told any more at once; the terminal itself goes a moment later. It has text to parse and a frame
   * to draw that cannot be called off, and fail where it is gone before them.
   */
  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.sizes.disconnect()
    this.terminal.write('', () => requestAnimationFrame(() => this.terminal.dispose()))
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const items = this.waiting
    this.waiting = []
    if (items.length > 0) this.terminal.write(this.textOf(items))
    this.handlers.onWaiting(0)
  }

  private textOf(items: readonly Shown[]): string {
    return items.map((item) => `${terminalText(item, this.withTime)}\r\n`).join('')
  }

  private look(): void {
    if (this.rewriting || this.closed) return
    const { viewportY, baseY } = this.terminal.buffer.active
    this.setFollowing(viewportY >= baseY)
    if (viewportY === 0 && baseY > 0) this.handlers.onTop()
  }

  private setFollowing(following: boolean): void {
    if (following === this.following) return
    this.following = following
    this.handlers.onFollow(following)
    if (following) this.flush()
  }
}

/** Colours of search hits, seen on light and on dark. */
const hitMarks = {
  matchBackground: '#ffe066',
  matchOverviewRuler: '#f59f00',
  activeMatchBackground: '#ff922b',
  activeMatchColorOverviewRuler: '#e8590c',
}

function linesIn(items: readonly Shown[]): number {
  return items.filter((item) => item.kind === 'line').length
}

function openOutside(uri: string): void {
  window.open(uri, '_blank', 'noopener,noreferrer')
}
