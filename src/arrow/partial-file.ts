import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { renameDurably, writeFully } from './durable.js';

/** A file that is written piece by piece in another place, and has its name when it is whole. */
export class PartialFile {
  /** Its descriptor, for who has it on the disk meanwhile too. */
  readonly fd: number;
  private position = 0;
  private isOpen = true;

  /**
   * @param partial where it is written: on the same disk
   * @param goesOn whether what was written there before stays, for pieces that are passed over
   */
  constructor(
    private readonly file: string,
    private readonly partial = `${file}.partial`,
    goesOn = false,
  ) {
    this.fd = openSync(partial, goesOn ? 'r+' : 'w');
  }

  write(bytes: Uint8Array): void {
    if (!this.isOpen) throw new Error(`${this.file} is written to after its end`);
    writeFully(this.fd, bytes, this.position);
    this.position += bytes.byteLength;
  }

  /** Passes over a piece that someone else writes. */
  skip(bytes: number): void {
    this.position += bytes;
  }

  /** Has what was written on the disk. */
  sync(): void {
    fsyncSync(this.fd);
  }

  /** Has all of it on the disk, and gives the file its name. */
  finish(): void {
    ftruncateSync(this.fd, this.position);
    this.sync();
    this.close();
    renameDurably(this.partial, this.file);
  }

  /** Gives the file up: nothing is left of it. */
  abandon(): void {
    this.close();
    rmSync(this.partial, { force: true });
  }

  /** Leaves it as it is, for one that goes on. */
  close(): void {
    if (this.isOpen) closeSync(this.fd);
    this.isOpen = false;
  }
}
