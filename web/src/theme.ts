import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** Shades are chosen so that text on them, and they on the page, reach WCAG AA. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "Liberation Mono", monospace',
  headings: { fontWeight: '600' },
  components: {
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    // What a tooltip says must reach those who use no mouse.
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: false } } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show the password' } },
    },
    // They are drawn as <header>, which would make each of them a banner of the page.
    DrawerHeader: { defaultProps: { role: 'none' } },
    ModalHeader: { defaultProps: { role: 'none' } },
  },
})

/** The library's own shades of these stay under 4.5:1. */
export const readableColours: CSSVariablesResolver = (resolved) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': resolved.colors.gray[7],
    '--mantine-color-placeholder': resolved.colors.gray[7],
    '--mantine-color-error': resolved.colors.red[9],
    '--mantine-color-anchor': resolved.colors.indigo[8],
    // The darkest shades are too light on a hovered button.
    '--mantine-color-indigo-light-color': '#2f44ad',
    '--mantine-color-red-light-color': '#a51d1d',
  },
  dark: {
    '--mantine-color-dimmed': resolved.colors.dark[1],
    '--mantine-color-placeholder': resolved.colors.dark[2],
    '--mantine-color-error': resolved.colors.red[4],
    '--mantine-color-anchor': resolved.colors.indigo[3],
  },
})
