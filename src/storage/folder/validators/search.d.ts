/** Checks state files of this kind: compiled from state-schemas.ts by scripts/compile-validators.ts. */
import type { ValidateFunction } from 'ajv';

declare const validate: ValidateFunction;
export default validate;
