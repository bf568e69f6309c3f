/** What went wrong in SQLite, by its code (`SQLITE_BUSY`, …); empty for other errors. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

export const isSqliteError = (error: unknown): boolean => codeOf(error) !== '';

/** Someone else has the database open in a way that bars what was asked for. */
export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/** The file is no database, or one whose contents do not hold together. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error));

/** There is no room for what was to be written. */
export const isFull = (error: unknown): boolean => /^SQLITE_(FULL|IOERR_WRITE)/.test(codeOf(error));

/** The system refused to read, write or open a file. */
export const isIoFailure = (error: unknown): boolean => /^SQLITE_(IOERR|CANTOPEN)/.test(codeOf(error));

/** A killed writer left a journal, and the file is opened for reading alone. */
export const isCutOff = (error: unknown): boolean => codeOf(error) === 'SQLITE_READONLY_ROLLBACK';

/** A constraint, or a trigger that raises an error, refuses a row. */
export const isConstraint = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_CONSTRAINT');

/** A statement, or a trigger that it runs, names what does not exist. */
export const isStatementError = (error: unknown): boolean => codeOf(error) === 'SQLITE_ERROR';
