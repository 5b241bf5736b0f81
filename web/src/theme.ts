import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const lagoon: MantineColorsTuple = [
  '#e6f7f5', '#d0ecea', '#a3d9d5', '#72c4bf', '#4ab3ad', '#2fa8a1', '#17978f', '#0c7d78', '#076663', '#004f4d',
];

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: 7,
  autoContrast: true,
  colors: { lagoon },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.625rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } } },
  defaultRadius: 'md',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Anchor: { defaultProps: { underline: 'hover' } },
    Table: { defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } },
  },
});

/** Colours that pass 4.5:1 in both schemes where the library's own are lighter. */
export const variables: CSSVariablesResolver = () => ({
  variables: { '--icosa-content': '62rem' },
  light: {
    '--mantine-color-body': '#fbfcfc',
    '--mantine-color-dimmed': '#5c6770',
    '--mantine-color-placeholder': '#66717a',
    '--mantine-color-error': '#c02626',
    '--mantine-color-anchor': '#0a6b67',
    '--mantine-color-red-outline': '#b91c1c',
    '--mantine-color-red-filled': '#c02626',
    '--mantine-color-red-filled-hover': '#a61e1e',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-yellow-light-color': '#6b4a00',
    '--mantine-color-teal-light-color': '#07624f',
    '--mantine-color-gray-light-color': '#4a545b',
    '--mantine-color-lagoon-light-color': '#075e5b',
    '--icosa-surface': '#ffffff',
    '--icosa-line': '#e2e7e9',
    '--icosa-soft': '#f2f5f6',
    '--icosa-warn-soft': '#fff6dd',
    '--icosa-warn-text': '#5a4300',
  },
  dark: {
    '--mantine-color-body': '#14181a',
    '--mantine-color-text': '#dfe5e7',
    '--mantine-color-dimmed': '#9aa6ad',
    '--mantine-color-placeholder': '#8d99a0',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-anchor': '#5ac7c0',
    '--mantine-color-red-outline': '#ff8a8a',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-red-light-color': '#ffa8a8',
    '--mantine-color-yellow-light-color': '#ffe08a',
    '--mantine-color-teal-light-color': '#7fe3c8',
    '--mantine-color-gray-light-color': '#b8c2c8',
    '--mantine-color-lagoon-light-color': '#7fd6d0',
    '--icosa-surface': '#1b2023',
    '--icosa-line': '#2d3438',
    '--icosa-soft': '#22282b',
    '--icosa-warn-soft': '#332a12',
    '--icosa-warn-text': '#f4dfa6',
  },
});
