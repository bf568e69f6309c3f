/** A merge as a process of its own, for tests that kill it. Its arguments are the study's folder and the version of the program. */
import { mergeShards } from '../../src/storage/shards/merge-shards.js';
import { shardFolders } from '../../src/storage/shards/shard-folders.js';

const folder = process.argv[2]!;
await mergeShards(folder, shardFolders(folder), {
  toolVersion: process.argv[3]!,
  partial: false,
  showing: (_, step) => step(() => undefined),
});
