/** The code that checks user files, by kind: scripts/compile-validators.ts makes it of the schemas. */
import type { ValidateFunction } from 'ajv';

export const sweep: ValidateFunction;
export const gpu: ValidateFunction;
export const network: ValidateFunction;
export const costs: ValidateFunction;
export const dies: ValidateFunction;
