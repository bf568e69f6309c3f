/** A disk of a few megabytes, for what happens when it is full. Linux, as root; `whyNoSmallDisk` elsewhere. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Room for anything that a test stores. */
const AMPLE_BYTES = 512 * 2 ** 20;

export interface SmallDisk {
  /** Leaves no more than this many bytes free. */
  fill: (freeBytes?: number) => void;
  /** Lets no more than this many further files be made. */
  fillNames: (freeNames?: number) => void;
  enlarge: () => void;
}

function mount(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function remount(folder: string, option: () => string): void {
  // The run may take what was free before the disk is that small.
  for (let tries = 100; ; tries--) {
    const failure = mount('-o', `remount,${option()}`, folder);
    if (failure === undefined) return;
    if (tries === 0) throw new Error(failure);
  }
}

/** Mounts a disk on a folder, and takes it away in the end. */
export async function withSmallDisk<T>(folder: string, use: (disk: SmallDisk) => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const failure = mount('-t', 'tmpfs', '-o', `size=${AMPLE_BYTES}`, 'tmpfs', folder);
  if (failure !== undefined) throw new Error(failure);
  const fill = (freeBytes = 0) =>
    remount(folder, () => {
      const { blocks, bfree, bsize } = statfsSync(folder);
      return `size=${Math.max((blocks - bfree) * bsize + freeBytes, bsize)}`; // size=0 would be no limit
    });
  const fillNames = (freeNames = 0) =>
    remount(folder, () => {
      const { files, ffree } = statfsSync(folder);
      return `nr_inodes=${files - ffree + freeNames}`;
    });
  const enlarge = () => remount(folder, () => `size=${AMPLE_BYTES},nr_inodes=100000`);
  try {
    return await use({ fill, fillNames, enlarge });
  } finally {
    spawnSync('umount', ['-l', folder]);
  }
}

/** Why there can be no small disk here; undefined if there can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'a disk of any size is made by Linux alone';
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-disk-'));
  try {
    const failure = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
    if (failure === undefined) spawnSync('umount', [folder]);
    return failure;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
