import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { renameDurably, writeFully } from './durable.js';

/** A file that is written under another name and gets its own when it is whole. */
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

  /** Makes what was written durable. */
  sync(): void {
    fsyncSync(this.fd);
  }

  /** Makes the file durable and gives it its name. */
  finish(): void {
    this.sync();
    this.close();
    renameDurably(this.partial, this.file);
  }

  /** Removes what was written. */
  abandon(): void {
    this.close();
    rmSync(this.partial, { force: true });
  }

  private close(): void {
    if (this.isOpen) closeSync(this.fd);
    this.isOpen = false;
  }
}
