/** What is wrong with a statement: where in its text, and the name that was meant. */
import type Database from 'better-sqlite3';
import type { Problem } from '../../errors.js';
import { nearestName } from '../../space/nearest.js';

/** A comment or a text, or a name with what it is in: `points.id`. */
const NAME = String.raw`(?:[\w$\u0080-\uffff]+|"(?:[^"]|"")*"|\x60[^\x60]*\x60|\[[^\]]*\])`;
const TOKEN = new RegExp(String.raw`--[^\n]*|/\*[^]*?(?:\*/|$)|'(?:[^']|'')*'?|(${NAME}(?:\s*\.\s*${NAME})*)`, 'g');

const NAME_FAULT = /^(?:no such (column|table|function)|ambiguous column name): "?([^"]*?)"?(?: - .*)?$/;
const TOKEN_FAULT = /^(?:near "(.*)": syntax error|unrecognized token: "(.*)")$/s;

/** Prefixes of the statement that are tried at most, to find the token that SQLite refuses. */
const MAX_CUTS = 100;

/** Characters of the statement that a message shows before the wrong one. */
const SHOWN_BEFORE = 20;

/** SQL of the names that exist. Columns are those of the tables in the JSON list `?`, or of all tables if none of them exists. */
const KNOWN = {
  column: `WITH known AS (SELECT t.name AS "table", c.name, t.name COLLATE NOCASE IN (SELECT value FROM json_each(?)) AS named
    FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, t.schema) c WHERE t.name NOT LIKE 'sqlite%')
    SELECT DISTINCT name FROM known WHERE named = (SELECT max(named) FROM known)`,
  table: `SELECT DISTINCT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite%' AND ? IS NOT NULL`,
  function: 'SELECT DISTINCT name FROM pragma_function_list WHERE ? IS NOT NULL',
};

interface NameAt {
  name: string;
  /** Position in the text, from 0. */
  at: number;
}

const unquoted = (name: string) => name.replace(/["`[\]]/g, '').replace(/\s*\.\s*/g, '.');

function namesIn(sql: string): NameAt[] {
  return [...sql.matchAll(TOKEN)].flatMap(({ 1: name, index }) => (name ? [{ name: unquoted(name), at: index }] : []));
}

/** Where SQLite refuses a token: the shortest prefix of the statement that ends with it and has the same error. */
function stumblesAt(db: Database.Database, sql: string, token: string, message: string): number {
  for (let at = sql.indexOf(token), cuts = 0; at >= 0 && cuts < MAX_CUTS; at = sql.indexOf(token, at + 1), cuts++) {
    try {
      db.prepare(sql.slice(0, at + token.length));
    } catch (error) {
      if ((error as Error).message === message) return at;
    }
  }
  return -1;
}

/** The part of a statement around what is wrong with it. */
const around = (sql: string, at: number) => (at > SHOWN_BEFORE ? `…${sql.slice(at - SHOWN_BEFORE)}` : sql);

/** A text of the user's within a statement. */
interface Within {
  /** What a message calls it. */
  name: string;
  /** Where it begins in the statement. */
  start: number;
}

/**
 * A problem that says what SQLite does of a statement, at which character (from 1), and the nearest name.
 *
 * @param db that refused the statement, which begins as one that reads
 * @param within where the user wrote a part of it alone
 */
export function describeSqlError(
  db: Database.Database,
  sql: string,
  message: string,
  { name: label, start }: Within = { name: 'SQL', start: 0 },
): Problem {
  const text = sql.slice(start);
  const said = (at: number, nearest?: string): Problem => ({
    what: `${label}: ${message}${at < start ? '' : ` at character ${at - start + 1}`}`,
    got: around(text, at - start),
    ...(nearest === undefined ? {} : { nearest }),
  });
  if (message === 'incomplete input') return said(sql.length);
  const token = TOKEN_FAULT.exec(message);
  if (token) return said(stumblesAt(db, sql, token[1] ?? token[2]!, message));
  const [, kind, name] = NAME_FAULT.exec(message) ?? [];
  if (name === undefined) return said(-1);
  const names = namesIn(sql);
  const place = names.find((candidate) => candidate.name === name && candidate.at >= start)?.at ?? -1;
  if (kind === undefined) return said(place);
  const [, owner, last] = /^(.*\.)?(.*)$/s.exec(name)!;
  const tables = JSON.stringify(names.map((candidate) => candidate.name.split('.').at(-1)));
  const known = db
    .prepare(KNOWN[kind as keyof typeof KNOWN])
    .pluck()
    .all(tables) as string[];
  const nearest = nearestName(last!, known);
  return said(place, nearest === undefined ? undefined : `${owner ?? ''}${nearest}`);
}
