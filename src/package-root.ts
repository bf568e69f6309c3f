/**
 * The package's folder, from which files that are no modules are found. This module is src/package-root.ts where a test loads it;
 * built, it is dist/src/package-root.js or part of a file in dist/cli (scripts/bundle-cli.ts), one folder deeper.
 */
export const PACKAGE_ROOT = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url);
