/** `points.arrow`: an Arrow IPC file put together from parts, and its parts read back. */
import { AsyncByteQueue, RecordBatchFileWriter } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { makeBatch, type Column } from '../space/columns.js';
import { readFully } from './durable.js';
import { sizeOfPart, type PartSize } from './message.js';
import { PartialFile } from './partial-file.js';
import { arrowColumns } from './schema.js';

/** Bytes from the Arrow writer go straight to a file. */
class FileSink extends AsyncByteQueue<Uint8Array> {
  constructor(private readonly file: PartialFile) {
    super();
  }

  override write(chunk: Uint8Array): void {
    this.file.write(chunk);
  }
}

/** Writes a file part by part; it is there, whole, only after `finish`. */
export class PointsFile extends RecordBatchFileWriter {
  private readonly file: PartialFile;

  /** @param file its place, or a file on its way there */
  constructor(file: string | PartialFile, columns: readonly Column[], metadata: Record<string, string>) {
    super({ autoDestroy: false });
    this.file = typeof file === 'string' ? new PartialFile(file) : file;
    const { schema, toRecordBatch } = arrowColumns(columns, metadata);
    this.reset(new FileSink(this.file), schema);
    this._writeDictionaries(toRecordBatch(makeBatch(columns, 0)));
  }

  /** Adds the rows of a part, as `PartEncoder` made it of the same columns. */
  addPart(part: Buffer): void {
    this.addBlock(sizeOfPart(part, part.byteLength));
    this._write(part);
  }

  /** Leaves room for a part, which someone else writes; where it is to begin. */
  reserve(size: PartSize): number {
    const position = this._position;
    this.addBlock(size);
    this.file.skip(size.bytes);
    this._position += size.bytes;
    return position;
  }

  private addBlock({ bytes, metadataBytes }: PartSize): void {
    this._recordBatchBlocks.push(new FileBlock(metadataBytes, bytes - metadataBytes, this._position));
  }

  /** Has what was added on the disk. */
  sync(): void {
    this.file.sync();
  }

  /** Writes the footer, and gives the file its name. */
  override finish(): this {
    super.finish();
    this.file.finish();
    return this;
  }

  /** Gives the file up: nothing is left of it. */
  abandon(): void {
    this.file.abandon();
  }
}

const MAGIC = 'ARROW1';
/** What a file ends with: the footer's length and the magic. */
const TAIL_BYTES = 4 + MAGIC.length;

/** Where a part is in its file; bytes are read from anywhere in it. */
interface PartPlace {
  offset: number;
  metaDataLength: number;
  bodyLength: number;
  read: (offset: number, length: number) => Buffer;
}

/** The parts of a file, in order. Throws an Error that says what is wrong with a file that is broken. */
export function* readParts(file: string): Generator<Buffer> {
  for (const { offset, metaDataLength, bodyLength, read } of partPlaces(file))
    yield read(offset, metaDataLength + bodyLength);
}

/** Where the parts of a file are, in order; it is open as long as they are asked for. Throws as `readParts` does. */
export function* partPlaces(file: string): Generator<PartPlace> {
  const fd = openSync(file, 'r');
  try {
    const read = (offset: number, length: number) => readFully(fd, length, offset);
    const { size } = fstatSync(fd);
    if (size < TAIL_BYTES) throw new Error('the file is truncated');
    const tail = read(size - TAIL_BYTES, TAIL_BYTES);
    const footerBytes = tail.readInt32LE(0);
    const footerAt = size - TAIL_BYTES - footerBytes;
    if (tail.toString('latin1', 4) !== MAGIC || footerBytes <= 0 || footerAt < 0)
      throw new Error('the file does not end as an Arrow file does');
    for (const { offset, metaDataLength, bodyLength } of Footer.decode(read(footerAt, footerBytes)).recordBatches()) {
      if (!(offset >= 0 && metaDataLength >= 0 && bodyLength >= 0 && offset + metaDataLength + bodyLength <= footerAt))
        throw new Error('the footer names a record batch outside of the file');
      yield { offset, metaDataLength, bodyLength, read };
    }
  } finally {
    closeSync(fd);
  }
}
