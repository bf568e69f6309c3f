/** Quotes the name of a column or table for SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Quotes a text for SQL. */
export const quotedText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Names of columns as a list in SQL. */
export const namesOf = (columns: readonly { name: string }[]) => columns.map(({ name }) => quoted(name)).join(', ');
