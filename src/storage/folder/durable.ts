/** Files that are whole or missing, whatever happens to the process or the machine. */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes all bytes; a system call may write fewer. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(fd, bytes, done, bytes.byteLength - done);
}

/** Reads bytes from a position; throws an Error where the file has fewer. */
export function readFully(fd: number, bytes: number, position: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes;) {
    const read = readSync(fd, buffer, done, bytes - done, position + done);
    if (read === 0) throw new Error('the file is truncated');
    done += read;
  }
  return buffer;
}

/** Writes a file under another name, fsyncs it and renames it. Leaves nothing where that fails. */
export function writeDurably(file: string, bytes: Uint8Array | string): void {
  renameDurably(writePartial(file, bytes, fsyncSync), file);
}

/**
 * The same without fsync, for files that can be made again: a killed process leaves the file whole or missing, but a machine that
 * stops may lose it, or what is in it, until `syncFile`.
 */
export function writeWhole(file: string, bytes: Uint8Array): void {
  renameSync(
    writePartial(file, bytes, () => undefined),
    file,
  );
}

function writePartial(file: string, bytes: Uint8Array | string, beforeClosing: (fd: number) => void): string {
  const partial = `${file}.partial`;
  const fd = openSync(partial, 'w');
  try {
    writeFully(fd, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    beforeClosing(fd);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  return partial;
}

/** Fsyncs a file. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Renames a file and fsyncs its folder. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Fsyncs the names in a folder, where the system can. */
export function syncFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch (error) {
    // Windows and some network file systems cannot; renames are still atomic there.
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(String((error as NodeJS.ErrnoException).code)))
      throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
