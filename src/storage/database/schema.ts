/** The tables and views of `study.db`: which there are, which a user has dropped, and whether SQLite finds them sound. */
import type Database from 'better-sqlite3';
import { columnsOf } from '../../space/columns.js';
import type { Study } from '../../space/study.js';
import { paretoTable } from './pareto-table.js';
import { dimensionTables, pointsView } from './points-view.js';
import { baselineTable, evaluatedTable, STUDY_TABLES } from './tables.js';

interface SchemaItem {
  type: string;
  name: string;
  sql: string;
}

/** The program's own tables and views of a study; a view comes after the tables that it reads. */
function schemaOf(study: Study): SchemaItem[] {
  const statements = [
    ...STUDY_TABLES,
    baselineTable(),
    paretoTable(study.reasons === 'front'),
    evaluatedTable(columnsOf(study)),
    ...dimensionTables(study).map(({ sql }) => sql),
    pointsView(study),
  ];
  return statements.map((sql) => {
    const [, type, name] = /^CREATE (\w+) (\w+)/.exec(sql)!;
    return { type: type!.toLowerCase(), name: name!, sql };
  });
}

/** Those of them that a database does not have. */
export function missingItems(db: Database.Database, study: Study): SchemaItem[] {
  const exists = db.prepare('SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?');
  return schemaOf(study).filter(({ type, name }) => exists.get(type, name) === undefined);
}

/** Makes those that a database does not have. */
export function createMissing(db: Database.Database, study: Study): void {
  for (const { sql } of missingItems(db, study)) db.exec(sql);
}

/** What SQLite finds wrong in the program's own tables: a user's may break their own constraints. */
export function integrityProblems(
  db: Database.Database,
  study: Study,
  pragma: 'integrity_check' | 'quick_check',
): string[] {
  const missing = missingItems(db, study).map(({ name }) => name);
  const tables = schemaOf(study).filter(({ type, name }) => type === 'table' && !missing.includes(name));
  const answers = tables.flatMap(({ name }) => db.prepare(`PRAGMA ${pragma}('${name}')`).pluck().all() as string[]);
  return answers.filter((answer) => answer !== 'ok');
}

/** Whether a database has any of them: a new one does not. */
export function hasItems(db: Database.Database, study: Study): boolean {
  return missingItems(db, study).length < schemaOf(study).length;
}
