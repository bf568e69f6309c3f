/**
 * Whether a text of SQL begins as a statement that reads. SQLite acts on some statements as soon as it prepares them
 * (`PRAGMA query_only = 0`), so the text is looked at before SQLite sees it.
 */

/** A blank, a comment, or a word. */
const TOKEN = /[ \t\n\f\r]+|--[^\n]*|\/\*[^]*?(?:\*\/|$)|(\w+)/y;

/** The first words of a text, up to the first token that is neither word nor comment. */
function firstWords(sql: string, most: number): string[] {
  const words: string[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(sql); token && words.length < most; token = TOKEN.exec(sql))
    if (token[1]) words.push(token[1].toUpperCase());
  return words;
}

/** `SELECT`, `WITH`, `VALUES`, or `EXPLAIN QUERY PLAN` of one. What `WITH` leads to is left to SQLite. */
export function beginsAsRead(sql: string): boolean {
  const words = firstWords(sql, 4);
  const isPlan = words.slice(0, 3).join(' ') === 'EXPLAIN QUERY PLAN';
  return ['SELECT', 'WITH', 'VALUES'].includes(words[isPlan ? 3 : 0] ?? '');
}
