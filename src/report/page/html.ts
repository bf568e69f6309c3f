/** HTML templates: a value that is not HTML is escaped. */

/** Text that is HTML. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | false | readonly Value[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for elements and quoted attributes. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

function show(value: Value): string {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(show).join('');
  return escapeText(String(value));
}

/** A template of HTML: html`<b>${name}</b>`. Its indentation is removed. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  const shown = (part: string, i: number) => part.replace(/\n\s+/g, '\n') + (i < values.length ? show(values[i]) : '');
  return new Html(parts.map(shown).join(''));
}

/** A value as JSON that is safe within a script element. */
export const scriptJson = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
