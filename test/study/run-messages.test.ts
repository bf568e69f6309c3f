import { describe, expect, it } from '@jest/globals';
import { describeFailures, describeInterrupted } from '../../src/study/run-messages.js';
import { fullDiskError } from '../../src/storage/folder/storage-error.js';

describe('a run that did not get to its end', () => {
  const counts = { points: 1234, rejected: 0, failed: 2 };
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });

  it('says that the same command resumes it', () => {
    expect(describeInterrupted(false)).toBe('interrupted; the same command resumes where it stopped');
    expect(describeFailures('out', counts, undefined, false)).toMatch(/stored, the same command tries the rest again$/);
    expect(fullDiskError('out', full)!.message).toMatch(
      /what is stored stays; the same command resumes it when there is space \(ENOSPC\)$/,
    );
  });

  it('says to leave --fresh away where it was given: the same command would start anew', () => {
    expect(describeInterrupted(true)).toBe('interrupted; run it again without --fresh to resume where it stopped');
    expect(describeFailures('out', counts, undefined, true)).toMatch(
      /1,234 points are stored, run it again without --fresh to try the rest$/,
    );
    expect(fullDiskError('out', full, true)!.message).toMatch(
      /what is stored stays; run it again without --fresh when there is space \(ENOSPC\)$/,
    );
  });
});
