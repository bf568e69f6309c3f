/** A small database where a stored study would be, made with SQLite alone. */
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a study's folder with `points` (id, time_ms, name) of three rows, and a database beside it; the folder. */
export function writeStudyFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'study.json'), '{}');
  for (const file of ['study.db', 'other.db']) {
    const db = new Database(join(folder, file));
    db.exec("CREATE TABLE points (id INTEGER PRIMARY KEY, time_ms REAL, name TEXT DEFAULT 'x')");
    db.exec('INSERT INTO points (id, time_ms) VALUES (0, 1.5), (1, 2.5), (2, NULL)');
    db.close();
  }
  return folder;
}

/** Names and hashes of all files below a folder. */
export function fingerprint(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isFile()
        ? `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
        : name;
    });
}

/** Statements that would write, create, attach, load or change something; `folder` holds the database and other.db. */
export function forbiddenStatements(folder: string): string[] {
  const path = (file: string) => `'${join(folder, file)}'`;
  return [
    'INSERT INTO points (id) VALUES (9)',
    'INSERT INTO points (id) VALUES (9) RETURNING id',
    'REPLACE INTO points (id) VALUES (0)',
    'WITH more(id) AS (SELECT 9) INSERT INTO points (id) SELECT id FROM more',
    'WITH more(id) AS (SELECT 9) INSERT INTO points (id) SELECT id FROM more RETURNING id',
    'WITH gone(id) AS (SELECT 0) DELETE FROM points WHERE id IN (SELECT id FROM gone) RETURNING id',
    '/* SELECT */ UPDATE points SET time_ms = 0',
    '-- SELECT\nDELETE FROM points',
    'DELETE FROM points RETURNING *',
    'CREATE TABLE t (x)',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CREATE TEMP VIEW v AS SELECT 1',
    'CREATE VIRTUAL TABLE t USING fts5(x)',
    'CREATE TRIGGER t AFTER INSERT ON points BEGIN SELECT 1; END',
    'CREATE INDEX i ON points (time_ms)',
    'DROP TABLE points',
    'ALTER TABLE points RENAME TO gone',
    `ATTACH ${path('new.db')} AS more`,
    `ATTACH ${path('other.db')} AS more`,
    `ATTACH DATABASE 'file:${join(folder, 'new.db')}?mode=rwc' AS more`,
    "ATTACH ':memory:' AS more",
    'DETACH main',
    'PRAGMA writable_schema = 1',
    'PRAGMA journal_mode = WAL',
    'PRAGMA journal_mode',
    'PRAGMA query_only = 0',
    'PRAGMA user_version = 7',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    'PRAGMA optimize',
    `PRAGMA temp_store_directory = '${folder}'`,
    'PRAGMA table_info(points)',
    'VACUUM',
    `VACUUM INTO ${path('copy.db')}`,
    'REINDEX',
    'ANALYZE',
    'BEGIN IMMEDIATE',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT s',
    'RELEASE s',
    'EXPLAIN DELETE FROM points',
    'EXPLAIN SELECT 1',
    'EXPLAIN QUERY PLAN DELETE FROM points',
    "SELECT load_extension('x')",
    "SELECT fts3_tokenizer('simple', x'00')",
    `SELECT writefile(${path('new.txt')}, 'x')`,
    `SELECT readfile(${path('study.json')})`,
    "SELECT edit('x')",
    'SELECT * FROM pragma_journal_mode(1)',
    'SELECT * FROM pragma_user_version(7)',
    'SELECT * FROM pragma_wal_checkpoint',
    'SELECT 1; DELETE FROM points',
    'SELECT 1; SELECT 2',
    '; DELETE FROM points',
    '',
    ' ',
    '-- nothing',
    '/* SELECT 1',
    'SELECT',
    'nonsense',
    '\u0000SELECT 1',
    'ＳＥＬＥＣＴ 1',
  ];
}

/** Statements that would write to a database attached as `other`. */
export const FORBIDDEN_OF_ATTACHED = [
  'INSERT INTO other.points (id) VALUES (9)',
  'INSERT INTO other.points (id) VALUES (9) RETURNING id',
  'WITH gone(id) AS (SELECT 0) DELETE FROM other.points WHERE id IN (SELECT id FROM gone) RETURNING id',
  'UPDATE other.points SET time_ms = 0',
  "UPDATE other.sqlite_schema SET sql = ''",
  'CREATE TABLE other.t (x)',
  'CREATE INDEX other.i ON points (time_ms)',
  'DROP TABLE other.points',
  'ALTER TABLE other.points RENAME TO gone',
  'DETACH other',
  "ATTACH 'new.db' AS more",
  'PRAGMA other.user_version = 7',
  'PRAGMA other.writable_schema = 1',
  'PRAGMA other.journal_mode = DELETE',
  'PRAGMA other.wal_checkpoint(TRUNCATE)',
  'VACUUM other',
  "VACUUM other INTO 'copy.db'",
  'REINDEX other.points',
  'ANALYZE other',
  "SELECT load_extension('x') FROM other.points",
];
