import type { Column } from '../../space/columns.js';
import { PointsFile } from '../arrow/points-file.js';
import type { Metadata, RowsFile } from './rows-file.js';
import type { Target } from './target.js';
import { TextFile } from './text-file.js';
import { csvFormat, ndjsonFormat } from './text-formats.js';

/** Opens a target for rows of these columns. */
export async function openRowsFile(
  { path, format }: Target,
  columns: readonly Column[],
  metadata: Metadata,
): Promise<RowsFile> {
  switch (format) {
    case 'arrow':
      return new PointsFile(path, columns, metadata);
    case 'csv':
      return new TextFile(path, csvFormat(columns));
    case 'ndjson':
      return new TextFile(path, ndjsonFormat(columns));
    case 'parquet':
    case 'folder': {
      const { ParquetFile } = await import('./parquet-file.js'); // 5 MB of WebAssembly
      if (format === 'parquet') return new ParquetFile(path, columns, metadata);
      const { PartitionedFolder } = await import('./partitioned-folder.js');
      return new PartitionedFolder(path, columns, (file, some) => new ParquetFile(file, some, metadata));
    }
  }
}
