/**
 * A merge as a process of its own that kills itself on its way. Its arguments are the study's folder, and the step and the
 * chunk of that step at which it ends.
 */
import { mergeShards } from '../../src/storage/shards/merge-shards.js';
import { shardFolders } from '../../src/storage/shards/shard-folders.js';

const [folder, step, last] = process.argv.slice(2) as [string, string, string];
await mergeShards(folder, shardFolders(folder), {
  toolVersion: 'test',
  partial: false,
  showing: (unit, work) =>
    work((chunk) => {
      if (unit === step && chunk === Number(last)) process.kill(process.pid, 'SIGKILL');
    }),
});
