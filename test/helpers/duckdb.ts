import { DuckDBInstance } from '@duckdb/node-api';

/** The columns of a query that DuckDB runs in memory. */
export async function duckdb(sql: string): Promise<Record<string, unknown[]>> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getColumnsObjectJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
