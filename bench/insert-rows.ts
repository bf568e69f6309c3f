/**
 * Inserts the points of a study into a plain table: one prepared statement, one transaction. Prints how long that took.
 *
 *   insert-rows.js STUDY.db COPY.db all|stored
 */
import Database from 'better-sqlite3';
import { secondsOf } from './measure.js';

const [source, copy, which] = process.argv.slice(2) as [string, string, string];

const study = new Database(source, { readonly: true });
const table = which === 'all' ? 'points' : 'evaluated';
const names = study.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
const select = study.prepare(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM ${table}`).raw();
const columns = select.columns().map(({ name, type }) => `"${name}" ${type ?? ''}`);
const rows = select.all() as unknown[][];
study.close();

const database = new Database(copy);
const seconds = secondsOf(() => {
  database.exec(`CREATE TABLE points (${columns.join(', ')})`);
  const insert = database.prepare(`INSERT INTO points VALUES (${columns.map(() => '?').join(', ')})`);
  database.transaction(() => {
    for (const row of rows) insert.run(row);
  })();
});
database.close();
console.log(seconds);
