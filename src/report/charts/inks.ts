/** The colours of charts and page, by theme. The page's CSS variables and the exported charts derive from them. */
import { BOTTLENECKS, type Bottleneck } from '../../model/bottleneck.js';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

type Ink =
  | 'page' // behind everything
  | 'surface' // behind charts and tables
  | 'ink' // text
  | 'muted' // text of less weight
  | 'rule' // lines between things
  | 'grid' // lines behind marks
  | 'accent' // links and the pinned design
  | 'needed' // silicon at work
  | Bottleneck;

type Inks = Record<Ink, string>;

/**
 * Bottlenecks differ in hue and in lightness, so that people with protan, deutan or tritan colour vision can distinguish
 * them; a test checks it. Charts also distinguish them by shape or text.
 */
export const INKS: Record<Theme, Inks> = {
  light: {
    page: '#ffffff',
    surface: '#f6f7f9',
    ink: '#14181f',
    muted: '#525b68',
    rule: '#c9ced6',
    grid: '#e2e5ea',
    accent: '#0b5a6f',
    needed: '#5d7f8c',
    compute: '#4673d7',
    issue: '#ac3693',
    smem: '#416c30',
    l1: '#23494e',
    l2: '#520093',
    dram: '#c07d24',
    latency: '#3b2602',
    launch: '#858d90',
  },
  dark: {
    page: '#0f1318',
    surface: '#161b22',
    ink: '#eceff4',
    muted: '#a3adba',
    rule: '#3a434f',
    grid: '#272e38',
    accent: '#7fd0e6',
    needed: '#7b9aa6',
    compute: '#7dadfb',
    issue: '#f83468',
    smem: '#b6fdce',
    l1: '#4594a9',
    l2: '#ae58fc',
    dram: '#fd8c09',
    latency: '#f2f01e',
    launch: '#bfc2ba',
  },
};

/** The CSS variable of a colour. */
export const ink = (name: Ink | `on-${Bottleneck}`): string => `var(--${name})`;

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The colour of text on a background: black or white, whichever has more contrast. */
export const inkOn = (hex: string): string =>
  contrast(hex, '#ffffff') >= contrast(hex, '#000000') ? '#ffffff' : '#000000';

/** The CSS variables of a theme, with their colours. */
export function variables(theme: Theme): [string, string][] {
  const inks = INKS[theme];
  return [...Object.entries(inks), ...BOTTLENECKS.map((name): [string, string] => [`on-${name}`, inkOn(inks[name])])];
}
