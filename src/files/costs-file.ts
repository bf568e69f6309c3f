import { inputError } from '../errors.js';
import type { AreaConstants } from '../model/cost.js';
import { checkDocument } from './check.js';
import { readDocument, withLocation } from './document.js';
import { findFile } from './library.js';
import { COSTS_SCHEMA } from './schemas.js';

interface Constant {
  value: number;
}

type CostsSpec = { reference_nm: number; density: Record<string, Constant> } & Record<
  Exclude<keyof AreaConstants, 'reference_nm' | 'density'>,
  Constant
>;

/** Reads a cost table's text: the constants alone, sources left behind. */
export function parseCosts(text: string, file: string): AreaConstants {
  const document = readDocument(text, file);
  const { reference_nm, density, ...constants } = checkDocument<CostsSpec>(document, COSTS_SCHEMA);
  const values = (map: Record<string, Constant>) =>
    Object.fromEntries(Object.entries(map).map(([name, constant]) => [name, constant.value]));
  return withLocation(document, () => {
    if (!density[reference_nm])
      throw inputError({ path: ['density'], what: `no density for the reference node, ${reference_nm} nm` });
    return { reference_nm, density: values(density), ...values(constants) } as AreaConstants;
  });
}

/** The built-in constants. */
export function loadCosts(): AreaConstants {
  const { text, file } = findFile('costs', 'default', '.');
  return parseCosts(text, file);
}
