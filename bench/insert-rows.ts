/**
 * Inserts the points of a study into a plain table: one prepared statement, one transaction. Prints how long that took.
 *
 *   insert-rows.js STUDY.db COPY.db
 */
import Database from 'better-sqlite3';
import { secondsOf } from './measure.js';

const [source, copy] = process.argv.slice(2) as [string, string];

const study = new Database(source, { readonly: true });
const select = study.prepare('SELECT * FROM points').raw();
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
