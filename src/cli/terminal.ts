/** What the streams of the program can show: decided here alone. */

/** A terminal that can rewrite its line and place characters. */
export function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}

/** A locale that says it has other characters than Unicode's. */
function isPlainLocale(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find(Boolean);
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** How pictures of characters are drawn on stdout; undefined where none are: in pipes and files, on simple terminals. */
export function pictureOptions(widest: number): { width: number; colours: boolean } | undefined {
  const { stdout } = process;
  if (!isTerminal(stdout) || isPlainLocale()) return undefined;
  // Node itself heeds NO_COLOR, FORCE_COLOR and what terminals can.
  return { width: Math.min(widest, stdout.columns || widest), colours: stdout.hasColors() };
}
