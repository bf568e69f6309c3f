/** Tests run from the sources; those of the command, its threads and the package run what is built (test/setup.js). */
export default {
  roots: ['<rootDir>/bench', '<rootDir>/scripts', '<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'], // not the default, which takes src/**/spec.ts for a test
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/setup.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/transform.js' },
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': ['$1.ts', '$1.js'] },
  testTimeout: 120_000,
  maxWorkers: '100%',
};
