/** An earlier study of a folder, set aside until the one that replaces it has stored something. */
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './durable.js';
import { OWN_FILES, studyFiles } from './study-files.js';

/** The manifest goes first: from then on, what was moved can be moved back, and what was removed is no study. */
const MANIFEST_FIRST = [...OWN_FILES].reverse();

/** The study that a run with --fresh replaces: out of the way until the new one has stored something. */
export class PreviousStudy {
  private exists: boolean;
  /** Whether this run has set it aside. */
  private isSetAside = false;

  constructor(private readonly folder: string) {
    this.exists = hasPrevious(folder);
  }

  setAside(): void {
    setAside(this.folder);
    this.exists = this.isSetAside = true;
  }

  /** Removes it, once something of the new study is stored. */
  discard(): void {
    if (this.exists) discard(this.folder);
    this.exists = this.isSetAside = false;
  }

  /** Moves it back in place of one that has stored nothing, if this run has set it aside. */
  giveBack(): void {
    if (!this.isSetAside) return;
    giveBack(this.folder);
    rmSync(studyFiles(this.folder).progress, { force: true });
    this.isSetAside = false;
  }
}

/** Whether an earlier study is set aside. */
function hasPrevious(folder: string): boolean {
  return existsSync(studyFiles(folder).previous);
}

/**
 * Moves a study's own files out of the way; anything else in its folder stays. Where an earlier study is set aside
 * already, that one stays: the other was to replace it, and stored nothing.
 */
function setAside(folder: string): void {
  const { previous } = studyFiles(folder);
  if (existsSync(studyFiles(previous).manifest)) return removeStudy(folder);
  removeStudy(previous);
  mkdirSync(previous, { recursive: true });
  for (const name of MANIFEST_FIRST) moveIfThere(join(folder, name), join(previous, name));
  syncFolder(folder);
}

/** Moves an earlier study back where a run was killed before the new one had begun. */
export function bringBack(folder: string): void {
  const { previous, manifest } = studyFiles(folder);
  if (existsSync(manifest) || !existsSync(studyFiles(previous).manifest)) return;
  for (const name of OWN_FILES) moveIfThere(join(previous, name), join(folder, name));
  discard(folder);
}

/** Moves an earlier study back in place of one that has stored nothing. */
function giveBack(folder: string): void {
  if (!hasPrevious(folder)) return;
  // The manifest goes last: a run that is killed here must not leave a log of this study's beside the other one's database.
  for (const name of OWN_FILES) rmSync(join(folder, name), { recursive: true, force: true });
  bringBack(folder);
}

/** Removes the earlier study, and nothing else. */
function discard(folder: string): void {
  const { previous } = studyFiles(folder);
  removeStudy(previous);
  try {
    rmdirSync(previous);
  } catch {
    // It was never made, or it holds something that is no study's.
  }
}

function removeStudy(folder: string): void {
  for (const name of MANIFEST_FIRST) rmSync(join(folder, name), { recursive: true, force: true });
}

function moveIfThere(from: string, to: string): void {
  if (!existsSync(from)) return;
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}
