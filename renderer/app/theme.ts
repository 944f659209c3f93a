import {
  ActionIcon,
  Autocomplete,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  NumberInput,
  PasswordInput,
  Popover,
  Select,
  Switch,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { words } from '../components/words'

/** Banker's green: the one colour that means "this acts". */
const pine: MantineColorsTuple = [
  '#eef6f2',
  '#d8eae2',
  '#b0d5c5',
  '#84bda5',
  '#58a385',
  '#37886a',
  '#256f55',
  '#195a44',
  '#124735',
  '#0b3325',
]

/** Brass: what waits for the owner. */
const brass: MantineColorsTuple = [
  '#fdf6e7',
  '#f8e9c8',
  '#f0d393',
  '#e6ba59',
  '#d9a02c',
  '#bd8417',
  '#98680d',
  '#7c5409',
  '#604107',
  '#432d04',
]

/** Ledger red: what is late, failed or cannot be undone. */
const wax: MantineColorsTuple = [
  '#fdf0ee',
  '#fadcd7',
  '#f3b6ac',
  '#e98b7c',
  '#dd6350',
  '#c9462f',
  '#ac3521',
  '#8d2a1a',
  '#6e2115',
  '#4e170e',
]

/** Green-tinted neutrals. */
const slate: MantineColorsTuple = [
  '#f5f7f5',
  '#edf0ed',
  '#dfe5e0',
  '#c6cfc9',
  '#9caaa2',
  '#728179',
  '#55645c',
  '#3c4942',
  '#26302b',
  '#141c18',
]

/** Dark scheme surfaces, text first as Mantine expects. */
const dark: MantineColorsTuple = [
  '#dfe6e2',
  '#c2ccc6',
  '#9aa8a0',
  '#76857d',
  '#37433d',
  '#28322d',
  '#1d2521',
  '#151c18',
  '#0f1512',
  '#0a0e0c',
]

const fontFamily =
  'Inter, -apple-system, "Segoe UI Variable Text", "Segoe UI", Cantarell, "Noto Sans", "Liberation Sans", system-ui, sans-serif'
const monospace = 'ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Liberation Mono", Menlo, monospace'

const field = { size: 'sm' as const }
const overlayTitle = { title: { fontSize: 16, fontWeight: 640, letterSpacing: '-0.01em' }, header: { paddingBottom: 8 } }
const closeButtonProps = { 'aria-label': words.close }
/** The list of options scrolls by itself, so that it is the popup that assistive tools know. */
const listbox = { withScrollArea: false, styles: { options: { maxHeight: 264, overflowY: 'auto' } } } as const
const overlay = { backgroundOpacity: 0.35, blur: 1 }

/** The look of every Mantine part; colours of our own parts stand in `cssVariables`. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, brass, wax, slate, gray: slate, dark, green: pine, red: wax, yellow: brass },
  white: '#ffffff',
  black: '#141c18',
  fontFamily,
  fontFamilyMonospace: monospace,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.35' },
  headings: {
    fontFamily,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '1.25' },
      h2: { fontSize: '17px', lineHeight: '1.3' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
      h4: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  shadows: {
    xs: '0 1px 2px rgb(15 30 22 / 6%)',
    sm: '0 1px 3px rgb(15 30 22 / 8%), 0 1px 2px rgb(15 30 22 / 6%)',
    md: '0 6px 18px -6px rgb(15 30 22 / 16%), 0 2px 6px rgb(15 30 22 / 6%)',
    lg: '0 16px 40px -12px rgb(15 30 22 / 24%), 0 4px 10px rgb(15 30 22 / 6%)',
    xl: '0 24px 64px -16px rgb(15 30 22 / 32%)',
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    InputWrapper: Input.Wrapper.extend({
      styles: {
        label: { marginBottom: 4, fontWeight: 550 },
        description: { fontSize: 12, lineHeight: 1.4, color: 'var(--ch-ink-faint)' },
        error: { fontSize: 12, lineHeight: 1.4 },
      },
    }),
    // A button whose words are cut off says something else: what stands beside it gives way.
    Button: Button.extend({ defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 550, flexShrink: 0 } } }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'slate', size: 'md' },
      styles: { root: { color: 'var(--ch-ink-soft)' } },
    }),
    TextInput: TextInput.extend({ defaultProps: field }),
    PasswordInput: PasswordInput.extend({ defaultProps: field }),
    NumberInput: NumberInput.extend({ defaultProps: field }),
    Textarea: Textarea.extend({ defaultProps: field }),
    Select: Select.extend({
      styles: listbox.styles,
      defaultProps: { ...field, checkIconPosition: 'right', withScrollArea: listbox.withScrollArea },
    }),
    Autocomplete: Autocomplete.extend({
      styles: listbox.styles,
      defaultProps: { ...field, withScrollArea: listbox.withScrollArea },
    }),
    DateInput: DateInput.extend({ defaultProps: field }),
    Modal: Modal.extend({
      styles: overlayTitle,
      defaultProps: { closeButtonProps, centered: true, overlayProps: overlay, radius: 'lg', transitionProps: { duration: 120 } },
    }),
    Drawer: Drawer.extend({
      styles: overlayTitle,
      defaultProps: { closeButtonProps, position: 'right', size: 480, overlayProps: overlay, transitionProps: { duration: 140 } },
    }),
    Switch: Switch.extend({ defaultProps: { withThumbIndicator: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, fz: 12 } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 80 } } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 80 } } }),
  },
})

/** Colours of surfaces, lines, text and states in both schemes; each text pair holds at least 4.5:1 on its surface. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--ch-desk': '#e9eee9',
    '--ch-sheet': '#ffffff',
    '--ch-raised': '#ffffff',
    '--ch-sunken': '#f5f7f5',
    '--ch-hover': '#f1f5f2',
    '--ch-selected': '#e6f1eb',
    '--ch-line': '#e0e6e1',
    '--ch-line-strong': '#c3cdc6',
    '--ch-ink': '#141c18',
    '--ch-ink-soft': '#46544c',
    '--ch-ink-faint': '#5d6c64',
    '--ch-accent': '#195a44',
    '--ch-accent-soft': '#e0efe8',
    '--ch-blue': '#1d4f91',
    '--ch-blue-soft': '#e3ecf8',
    '--ch-violet': '#5a3d9a',
    '--ch-violet-soft': '#ece6f7',
    '--ch-wax': '#a02f1c',
    '--ch-wax-soft': '#fbe7e3',
    '--ch-brass': '#7a5208',
    '--ch-brass-soft': '#faefd6',
    '--ch-quiet-soft': '#ebefec',
    '--ch-expense-bar': '#b9c4bd',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#141c18',
    '--mantine-color-dimmed': '#55645c',
    '--mantine-color-placeholder': '#6b7a72',
    '--mantine-color-anchor': '#195a44',
    '--mantine-color-default-border': '#cdd6d0',
    '--mantine-color-error': '#a02f1c',
  },
  dark: {
    '--ch-desk': '#0a0e0c',
    '--ch-sheet': '#131916',
    '--ch-raised': '#1a211d',
    '--ch-sunken': '#0f1412',
    '--ch-hover': '#1a221e',
    '--ch-selected': '#1b2f27',
    '--ch-line': '#252e29',
    '--ch-line-strong': '#3b4841',
    '--ch-ink': '#e4ebe7',
    '--ch-ink-soft': '#b3bfb8',
    '--ch-ink-faint': '#8f9d95',
    '--ch-accent': '#7cc4a6',
    '--ch-accent-soft': '#1a3329',
    '--ch-blue': '#8db8f0',
    '--ch-blue-soft': '#1a2a40',
    '--ch-violet': '#bda6f0',
    '--ch-violet-soft': '#2b2342',
    '--ch-wax': '#f0917f',
    '--ch-wax-soft': '#3b1d18',
    '--ch-brass': '#e5bb63',
    '--ch-brass-soft': '#362a10',
    '--ch-quiet-soft': '#232b27',
    '--ch-expense-bar': '#4d5a53',
    '--mantine-color-body': '#131916',
    '--mantine-color-text': '#e4ebe7',
    '--mantine-color-dimmed': '#9aa8a0',
    '--mantine-color-placeholder': '#84938b',
    '--mantine-color-anchor': '#7cc4a6',
    '--mantine-color-default': '#1a211d',
    '--mantine-color-default-hover': '#222b26',
    '--mantine-color-default-border': '#36423b',
    '--mantine-color-error': '#f0917f',
  },
})
