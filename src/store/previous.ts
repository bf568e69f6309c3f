/** An earlier study of a folder, set aside until the one that replaces it has begun. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../arrow/durable.js';
import { STUDY_PARTS, studyFiles } from './study-files.js';

/** Moves a study's own files out of the way; anything else in its folder stays. */
export function setAside(folder: string): void {
  const { previous } = studyFiles(folder);
  rmSync(previous, { recursive: true, force: true });
  mkdirSync(previous);
  // The manifest goes first: from then on, what was moved can be moved back.
  for (const name of [...STUDY_PARTS].reverse()) moveIfThere(join(folder, name), join(previous, name));
  syncFolder(folder);
}

/** Moves an earlier study back where a run was killed before the new one had begun. */
export function bringBack(folder: string): void {
  const { previous, manifest } = studyFiles(folder);
  if (existsSync(manifest) || !existsSync(studyFiles(previous).manifest)) return;
  for (const name of STUDY_PARTS) moveIfThere(join(previous, name), join(folder, name));
  rmSync(previous, { recursive: true, force: true });
}

/** Removes the earlier study. */
export function discard(folder: string): void {
  rmSync(studyFiles(folder).previous, { recursive: true, force: true });
}

function moveIfThere(from: string, to: string): void {
  if (!existsSync(from)) return;
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}
