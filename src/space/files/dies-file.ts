import type { Die } from '../../model/die-blocks.js';
import type { GpuSpec } from '../../model/gpu.js';
import { checkDocument } from './check.js';
import { readDocument } from './document.js';
import { loadGpu } from './gpu-file.js';
import { findFile } from './library.js';
import validate from './validators/dies.js';

interface DieSpec extends Partial<Pick<Die, 'blocks' | 'held_out'>>, Pick<Die, 'name' | 'area_mm2' | 'source'> {
  /** A GPU that it is in, and what differs. */
  like: string;
  with: Partial<GpuSpec>;
}

/** The built-in table of published dies. */
export function loadDies(): Die[] {
  const { text, file, directory } = findFile('dies', 'published', '.');
  const { dies } = checkDocument<{ dies: DieSpec[] }>(readDocument(text, file), validate);
  return dies.map(({ like, with: changes, blocks = {}, held_out = false, ...die }) => ({
    ...{ ...die, blocks, held_out },
    gpu: { ...loadGpu(like, directory), ...changes },
  }));
}
