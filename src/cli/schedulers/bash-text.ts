/** A text as one word of bash, whatever characters it has. */
export function bashQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Texts as words of bash. */
export function bashWords(texts: readonly string[]): string {
  return texts.map(bashQuoted).join(' ');
}
