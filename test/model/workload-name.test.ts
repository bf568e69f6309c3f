import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workloadName } from '../../src/model/workload-name.js';

it('names a workload by its network, batch and pass', () => {
  expect(workloadName({ network: 'vgg16', batch: 4, pass: 'training' })).toBe('vgg16, batch 4, training');
});

it('is the one place that spells the name of a workload', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const spelled = files.filter((file) =>
    /, batch \$\{batch\}, \$\{pass\}/.test(readFileSync(join('src', file), 'utf8')),
  );
  expect(spelled).toEqual([join('model', 'workload-name.ts')]);
});
