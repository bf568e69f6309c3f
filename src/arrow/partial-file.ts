import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { renameDurably, writeFully } from './durable.js';

/** A file that is written piece by piece beside its place, and has its name when it is whole. */
export class PartialFile {
  private readonly fd: number;
  private readonly partial: string;
  private isOpen = true;

  constructor(private readonly file: string) {
    this.partial = `${file}.partial`;
    this.fd = openSync(this.partial, 'w');
  }

  write(bytes: Uint8Array): void {
    if (!this.isOpen) throw new Error(`${this.file} is written to after its end`);
    writeFully(this.fd, bytes);
  }

  /** Has what was written on the disk. */
  sync(): void {
    fsyncSync(this.fd);
  }

  /** Has all of it on the disk, and gives the file its name. */
  finish(): void {
    this.sync();
    this.close();
    renameDurably(this.partial, this.file);
  }

  /** Gives the file up: nothing is left of it. */
  abandon(): void {
    this.close();
    rmSync(this.partial, { force: true });
  }

  private close(): void {
    if (this.isOpen) closeSync(this.fd);
    this.isOpen = false;
  }
}
