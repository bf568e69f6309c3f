/** Tests run as users get the program: compiled. `npm test` builds src/ and test/ into dist/ first. */
export default {
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  testEnvironment: 'node',
  transform: {},
  testTimeout: 120_000,
  maxWorkers: '100%',
};
