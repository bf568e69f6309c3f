import { describe, expect, it } from '@jest/globals';
import { builtinNames } from '../../../src/space/files/library.js';
import { loadNetwork, parseNetwork } from '../../../src/space/files/network-file.js';
import { inputErrorOf, messageOf } from '../studies.js';

const SHAPE = 'in_channels: 8, in_height: 10, in_width: 12, out_channels: 16';
const parse = (...layers: string[]) =>
  parseNetwork(`name: n\nlayers:\n${layers.map((layer) => `  - { ${layer} }\n`).join('')}`, 'n.yaml');

describe('parseNetwork', () => {
  it('takes a number for both height and width, and fills in what is left out', () => {
    expect(parse(`name: a, ${SHAPE}, filter: 3`).layers).toEqual([
      {
        name: 'a',
        inChannels: 8,
        inHeight: 10,
        inWidth: 12,
        outChannels: 16,
        filterHeight: 3,
        filterWidth: 3,
        strideHeight: 1,
        strideWidth: 1,
        padHeight: 0,
        padWidth: 0,
        groups: 1,
        count: 1,
      },
    ]);
  });

  it('takes lists as height, then width', () => {
    expect(
      parse(`name: a, ${SHAPE}, filter: [1, 7], stride: [2, 3], padding: [0, 3], groups: 4, count: 5`).layers[0],
    ).toMatchObject({
      filterHeight: 1,
      filterWidth: 7,
      strideHeight: 2,
      strideWidth: 3,
      padHeight: 0,
      padWidth: 3,
      groups: 4,
      count: 5,
    });
  });

  it.each([
    [
      'a filter larger than the padded input',
      `name: a, ${SHAPE}, filter: [13, 3], padding: 1`,
      'n.yaml:3: layers[0].filter: larger than the padded input, got [13,3], expected at most [12, 14]',
    ],
    [
      'groups that do not divide the channels',
      `name: a, ${SHAPE}, filter: 1, groups: 3`,
      'n.yaml:3: layers[0].groups: does not divide in_channels, got 3, expected a divisor of 8; ' +
        'n.yaml:3: layers[0].groups: does not divide out_channels, got 3, expected a divisor of 16',
    ],
    [
      'groups that do not divide the outputs alone',
      'name: a, in_channels: 6, in_height: 1, in_width: 1, out_channels: 4, filter: 1, groups: 3',
      'n.yaml:3: layers[0].groups: does not divide out_channels, got 3, expected a divisor of 4',
    ],
    [
      'one size of two',
      `name: a, ${SHAPE}, filter: [3]`,
      'n.yaml:3: layers[0].filter: too short, got [3], expected at least 2 entries',
    ],
    [
      'three sizes',
      `name: a, ${SHAPE}, filter: [3, 3, 3]`,
      'n.yaml:3: layers[0].filter: too long, expected at most 2 entries',
    ],
    [
      'a size in words',
      `name: a, ${SHAPE}, filter: 3x3`,
      'n.yaml:3: layers[0].filter: wrong kind of value, got "3x3", expected a whole number or a list',
    ],
    [
      'no stride',
      `name: a, ${SHAPE}, filter: 3, stride: 0`,
      'n.yaml:3: layers[0].stride: out of bounds, got 0, expected at least 1',
    ],
    [
      'half a channel',
      'name: a, in_channels: 1.5, in_height: 1, in_width: 1, out_channels: 1, filter: 1',
      'n.yaml:3: layers[0].in_channels: wrong kind of value, got 1.5, expected a whole number',
    ],
    ['a missing filter', `name: a, ${SHAPE}`, "n.yaml:3: layers[0]: 'filter' is missing"],
    [
      'an unknown field',
      `name: a, ${SHAPE}, filter: 3, strides: 2`,
      "n.yaml:3: layers[0].strides: unknown field 'strides', expected one of name, in_channels, in_height, in_width, " +
        "out_channels, filter, stride, padding, groups, count (did you mean 'stride'?)",
    ],
  ])('refuses %s', (_, layer, message) => {
    expect(messageOf(() => parse(layer))).toBe(message);
  });

  it('takes a filter as large as the padded input', () => {
    expect(parse(`name: a, ${SHAPE}, filter: [12, 14], padding: 1`).layers).toHaveLength(1);
  });

  it('refuses names that are there twice, and says which layers', () => {
    const layer = (name: string) => `name: ${name}, ${SHAPE}, filter: 3`;
    expect(messageOf(() => parse(layer('a'), layer('b'), layer('a')))).toBe(
      'n.yaml:5: layers[2].name: layer 0 has this name too, got "a"',
    );
  });

  it('tells the problems of all layers at once', () => {
    const { problems } = inputErrorOf(() =>
      parse(`name: a, ${SHAPE}, filter: 99`, `name: a, ${SHAPE}, filter: 1, groups: 5`),
    );
    expect(problems.map(({ path, line }) => [path?.join('.'), line])).toEqual([
      ['layers.0.filter', 3],
      ['layers.1.name', 4],
      ['layers.1.groups', 4],
      ['layers.1.groups', 4],
    ]);
  });

  it.each([
    ['name: n\nlayers: []', 'n.yaml:2: layers: too short, got [], expected at least 1 entry'],
    ['name: n\nlayers:', 'n.yaml:2: layers: empty, got null, expected a list'],
    ['layers: 3', "n.yaml: 'name' is missing; n.yaml:1: layers: wrong kind of value, got 3, expected a list"],
  ])('refuses %j', (text, message) => {
    expect(messageOf(() => parseNetwork(text, 'n.yaml'))).toBe(message);
  });
});

it.each(builtinNames('networks'))('%s is built in under its own name', (name) => {
  const network = loadNetwork(name);
  expect(network.name).toBe(name);
  expect(network.layers.length).toBeGreaterThan(0);
});
