/** Verifies a stored study, one check after the other. */
import type { Check } from '../storage/run/check.js';
import { checkStudy as checks } from '../storage/run/check-study.js';
import { countIn, pause, type StudyOptions } from './options.js';

/** The results of the checks, as they come: what was verified, and what is wrong. */
export async function* checkStudy(folder: string, options: StudyOptions = {}): AsyncGenerator<Check> {
  for (const check of checks(folder, countIn('chunks', options))) {
    yield check;
    await pause(options);
  }
}
