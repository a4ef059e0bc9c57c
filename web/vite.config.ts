import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `/api` is answered while Vite serves the panel in watch mode. */
const panel = process.env.CATALYST_PANEL_URL ?? 'http://127.0.0.1:8787'

const inPanel =
  'web.src.(panel|frame.shell|frame.session|ui.(page|shown|badge|copy-button|search-field)).tsx'
const inMantine = '@mantine.core.esm.(core|components.(Card|NativeSelect|Paper|VisuallyHidden)).'

/**
 * Many small files pack badly and each costs a request, so what most pages share travels in one file, with all that
 * it needs. What only forms and dialogs need comes in two more: the first page can be seen without them.
 */
const groups = [
  { name: 'base', test: new RegExp(`${inPanel}|${inMantine}`), priority: 3 },
  {
    name: 'forms',
    test: /@mantine.(form|.*components.(Checkbox|PasswordInput))|ui.form-failure/,
    priority: 2,
  },
  { name: 'fields', test: /ui.(limit-fields|variable-fields|type-name-dialog)/, priority: 1 },
]

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Colours are written with `light-dark()`, which older browsers than these do not know.
    // One file of 20 kB: a page whose own styles were lost on the way would show without them.
    cssCodeSplit: false,
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The content policy allows no inlined scripts, and inlined assets gain nothing over HTTP/2.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A test watches what is loaded first; the terminal is large and comes later.
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { proxy: { '/api': { target: panel, ws: true } } },
})
