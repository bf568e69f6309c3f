/** The table `pareto`: fronts by the name of their query, with the marks of their designs and the reasons for their times. */
import type Database from 'better-sqlite3';
import { FRONT_MARKS, type FrontRow } from '../../analysis/front-marks.js';
import { REASONS } from '../../model/reasons.js';
import { openDatabase, withReader } from './open-database.js';
import { quoted } from './names.js';

const SQL_TYPES = { boolean: 'INTEGER', real: 'REAL', text: 'TEXT' } as const;

/** The table. Where `points` has no columns of reasons, the designs of fronts have them here. */
export function paretoTable(withReasons: boolean): string {
  const marks = FRONT_MARKS.map((mark) => {
    const values = mark.type === 'boolean' ? '1 or 0: ' : '';
    return `  ${mark.name} ${SQL_TYPES[mark.type]}${'isOptional' in mark ? '' : ' NOT NULL'}, -- ${values}${mark.meaning}\n`;
  });
  const reasons = withReasons ? REASONS.map(({ name, type }) => `  ${quoted(name)} ${SQL_TYPES[type]},\n`) : [];
  return `CREATE TABLE pareto (
  objectives TEXT NOT NULL, -- such as 'minimize time_ms, minimize area_mm2'
  id INTEGER NOT NULL, -- of the point; over all workloads, of the first one's
${[...marks, ...reasons].join('')}  PRIMARY KEY (objectives, id)
) WITHOUT ROWID`;
}

/** The columns of the table but those that a user has added. */
function columnsIn(db: Database.Database): string[] {
  const existing = db.prepare("SELECT name FROM pragma_table_info('pareto')").pluck().all() as string[];
  const known = ['objectives', 'id', ...FRONT_MARKS.map(({ name }) => name), ...REASONS.map(({ name }) => name)];
  return existing.filter((name) => known.includes(name));
}

/** Stores a front under its name, in place of an earlier one. */
export function storeFront(file: string, name: string, front: readonly FrontRow[]): void {
  const db = openDatabase(file);
  try {
    const columns = columnsIn(db);
    const insert = db.prepare(
      `INSERT INTO pareto (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const cellOf = (value: FrontRow[string] | undefined) =>
      typeof value === 'boolean' ? Number(value) : (value ?? null);
    db.transaction(() => {
      db.prepare('DELETE FROM pareto WHERE objectives = ?').run(name);
      for (const design of front)
        insert.run(columns.map((column) => (column === 'objectives' ? name : cellOf(design[column]))));
    })();
  } finally {
    db.close();
  }
}

/** The front stored under a name, by id; empty if none is stored. */
export function readFront(file: string, name: string): FrontRow[] {
  return withReader(file, (db) => {
    const sql = `SELECT ${columnsIn(db).map(quoted).join(', ')} FROM pareto WHERE objectives = ? ORDER BY id`;
    const rows = db.prepare<[string], Record<string, number | string | null>>(sql).all(name);
    return rows.map(({ objectives: _, ...cells }) => {
      const marks = FRONT_MARKS.map((mark) => {
        const cell = cells[mark.name] ?? null;
        return [mark.name, mark.type === 'boolean' && cell !== null ? cell === 1 : cell];
      });
      return { ...cells, ...Object.fromEntries(marks) } as FrontRow;
    });
  });
}
