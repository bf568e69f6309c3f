/**
 * The package's folder, from which files that are no modules are found. This module is dist/src/package-root.js, or a part of
 * a file in dist/cli (scripts/bundle-cli.ts): both lie as deep.
 */
export const PACKAGE_ROOT = new URL('../../', import.meta.url);
