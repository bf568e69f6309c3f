/** Programs that stand in for those that a script starts. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Makes a program that notes what it is given, then does something. */
export function standIn(file: string, does = ''): string {
  writeFileSync(file, `#!/bin/bash\nprintf '%s\\0' "$@" >"$0.args"\n${does}\n`, { mode: 0o755 });
  return file;
}

/** What a stand-in was last given. */
export const argumentsOf = (file: string) => readFileSync(`${file}.args`, 'utf8').split('\0').slice(0, -1);
