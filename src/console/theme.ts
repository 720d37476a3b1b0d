import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What a field is for stands below it, so that fields beside each other stand on one line.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    // A badge says one word or two; cut short it says nothing.
    Badge: { styles: { root: { minWidth: 'max-content' } } },
    // The head of a dialog is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
})

/** Colours that the library's own tokens leave below the contrast that WCAG AA asks for. */
export const tokens: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-dimmed': '#54595f',
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-anchor': '#2b459c',
    '--mantine-color-green-light-color': '#1b5e20',
    '--mantine-color-red-light-color': '#a51111',
    '--mantine-color-yellow-light-color': '#664d03',
    '--mantine-color-blue-light-color': '#0b4a86',
    '--mantine-color-indigo-light-color': '#2b459c',
    '--mantine-color-gray-light-color': '#343a40',
  },
  dark: {
    '--mantine-color-error': '#ffa8a8',
    '--mantine-color-anchor': '#91a7ff',
    '--mantine-color-dimmed': '#c1c2c5',
    '--mantine-color-placeholder': '#c1c2c5',
    '--mantine-color-indigo-light-color': '#bac8ff',
  },
})
