import { inputError, runError } from '../../errors.js';

/** The system says that there is no room. */
const FULL = ['ENOSPC', 'EDQUOT'];
/** The system says that there can be no such file, or not for this user. */
const REFUSED = [
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENAMETOOLONG',
  'ELOOP',
  'ENOTEMPTY',
  'EBUSY',
];

/** What went wrong with writing a file, in one line; any other error as it is. */
export function writeError(file: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  if (FULL.includes(code)) return runError(`${file}: the disk is full: nothing of it is left (${code})`, error);
  if (!REFUSED.includes(code)) return error;
  return inputError({
    what: `cannot be written: ${message.split(',')[0]}`, // the rest names the file as it is while it is not whole
    file,
    expected: 'a name in a folder that exists and can be written to',
  });
}
