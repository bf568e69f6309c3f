import { AsyncByteQueue } from 'apache-arrow';

/** Gathers what an Arrow writer writes, to be taken after each batch. */
export class Gathered extends AsyncByteQueue<Uint8Array> {
  private chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [];
    return bytes;
  }
}
