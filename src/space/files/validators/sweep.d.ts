/** Checks sweep specs: compiled of their schema by scripts/compile-validators.ts. */
import type { ValidateFunction } from 'ajv';

declare const validate: ValidateFunction;
export default validate;
