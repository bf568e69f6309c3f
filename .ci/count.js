/**
 * Counts the tests of Jest's reports, each test once, however many reports have it: `node .ci/count.js FAILED_STEPS REPORT...`.
 * Names those that failed or were skipped. Fails where a step or a test failed, or a report is missing.
 */
import { readFileSync } from 'node:fs';

const [failedSteps, ...files] = process.argv.slice(2);
const statuses = new Map();
let broken = 0;

function addReport(file) {
  for (const { name, status, assertionResults } of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) broken++;
    const titles = [];
    for (const { fullName, status } of assertionResults) {
      titles.push(fullName);
      const key = `${name}: ${fullName} (${titles.filter((title) => title === fullName).length})`;
      if (statuses.get(key) !== 'failed') statuses.set(key, status);
    }
  }
}

for (const file of files) {
  try {
    addReport(file);
  } catch (error) {
    console.log(error.message);
    broken++;
  }
}
const namesOf = (status) => [...statuses].filter(([, its]) => its === status).map(([key]) => key);
const [failed, skipped] = [namesOf('failed'), namesOf('pending')];
for (const key of failed) console.log(`failed: ${key}`);
for (const key of skipped) console.log(`skipped: ${key}`);
const failures = Math.max(failed.length + broken, Number(failedSteps));
console.log(`${namesOf('passed').length} passed, ${failures} failed, ${skipped.length} skipped`);
process.exitCode = failures > 0 ? 1 : 0;
