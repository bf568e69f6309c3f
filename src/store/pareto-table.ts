/** The table `pareto`: fronts by the name of what was asked for, with the marks of their designs. */
import { FRONT_MARKS, type FrontMarks } from '../analysis/front-marks.js';
import { openDatabase } from './database.js';

const SQL_TYPES = { boolean: 'INTEGER', real: 'REAL' } as const;

const columns = FRONT_MARKS.map((mark) => {
  const values = mark.type === 'boolean' ? '1 or 0: ' : '';
  return `  ${mark.name} ${SQL_TYPES[mark.type]}${'isOptional' in mark ? '' : ' NOT NULL'}, -- ${values}${mark.meaning}`;
});

export const PARETO_TABLE = `
CREATE TABLE pareto (
  objectives TEXT NOT NULL, -- such as 'minimize time_ms, minimize area_mm2'
  id INTEGER NOT NULL, -- of the point; over all workloads, of the first one's
${columns.join('\n')}
  PRIMARY KEY (objectives, id)
) WITHOUT ROWID;
`;

/** Stores a front under its name, in place of an earlier one. */
export function storeFront(file: string, name: string, front: readonly FrontMarks[]): void {
  const db = openDatabase(file);
  try {
    const names = FRONT_MARKS.map((mark) => mark.name);
    const insert = db.prepare(
      `INSERT INTO pareto (objectives, id, ${names.join(', ')}) VALUES (?, ?${', ?'.repeat(names.length)})`,
    );
    const cellOf = (mark: FrontMarks[keyof FrontMarks]) => (typeof mark === 'boolean' ? Number(mark) : mark);
    db.transaction(() => {
      db.prepare('DELETE FROM pareto WHERE objectives = ?').run(name);
      for (const design of front) insert.run(name, design.id, ...names.map((mark) => cellOf(design[mark])));
    })();
  } finally {
    db.close();
  }
}

/** The front stored under a name, by id; empty if none is stored. */
export function readFront(file: string, name: string): FrontMarks[] {
  const db = openDatabase(file, { readonly: true });
  try {
    const rows = db
      .prepare<[string], Record<string, number | null>>('SELECT * FROM pareto WHERE objectives = ? ORDER BY id')
      .all(name);
    return rows.map((row) => {
      const marks = FRONT_MARKS.map((mark) => {
        const cell = row[mark.name];
        return [mark.name, mark.type === 'boolean' && cell !== null ? cell === 1 : cell];
      });
      return { id: row['id'], ...Object.fromEntries(marks) } as unknown as FrontMarks;
    });
  } finally {
    db.close();
  }
}
