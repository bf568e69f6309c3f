/** A merge as a process of its own, which saves how far it is after each chunk: for tests that kill it. Its argument is the study's folder. */
import { mergeShards } from '../../src/store/merge-shards.js';
import { shardFolders } from '../../src/store/shard-folders.js';

const folder = process.argv[2]!;
await mergeShards(folder, shardFolders(folder), {
  toolVersion: process.argv[3]!,
  partial: false,
  bytesPerSave: 1,
  showing: (_, step) => step(() => undefined),
});
