/** Files that are there whole or not at all, whatever happens to the process or the machine. */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes all bytes, where the file is at or from a position on; a system call may take fewer at a time. */
export function writeFully(fd: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.byteLength;)
    done += writeSync(fd, bytes, done, bytes.byteLength - done, position === undefined ? null : position + done);
}

/** Reads so many bytes from a position on; throws an Error where the file has fewer. */
export function readFully(fd: number, bytes: number, position: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes;) {
    const read = readSync(fd, buffer, done, bytes - done, position + done);
    if (read === 0) throw new Error('the file is truncated');
    done += read;
  }
  return buffer;
}

/** Writes a file beside its place, has it on the disk, then gives it its name. Leaves nothing where that fails. */
export function writeDurably(file: string, bytes: Uint8Array | string): void {
  renameDurably(writeBeside(file, bytes, fsyncSync), file);
}

/**
 * The same for what can be made again: if the process is killed, the file is there whole or not at all, but a machine that stops may
 * lose it, or what is in it, until `syncFile`.
 */
export function writeWhole(file: string, bytes: Uint8Array): void {
  renameSync(
    writeBeside(file, bytes, () => undefined),
    file,
  );
}

function writeBeside(file: string, bytes: Uint8Array | string, beforeClosing: (fd: number) => void): string {
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

/** Has what is in a file on the disk. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Renames a file, and has the new name on the disk. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Has the names in a folder on the disk, where the system can. */
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
