import { AsyncByteQueue } from 'apache-arrow';

/** Collects the bytes that an Arrow writer writes. */
export class ByteSink extends AsyncByteQueue<Uint8Array> {
  private chunks: Uint8Array[] = [];

  override write(bytes: Uint8Array): void {
    this.chunks.push(bytes);
  }

  /** The bytes since the last call. */
  take(): Buffer {
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [];
    return bytes;
  }
}
