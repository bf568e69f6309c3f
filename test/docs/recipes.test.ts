import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/console-blocks.js';
import { RECIPES } from '../../src/storage/read/recipes.js';

const page = readFileSync(join(ROOT, 'docs/sql.md'), 'utf8');

/** The part of the page under a recipe's heading. */
const sectionOf = (name: string) => page.split(/^(?=#+ )/m).find((part) => part.startsWith(`### ${name}\n`)) ?? '';

describe('the documented recipes', () => {
  it.each(RECIPES)('have $name: what it answers, what may be set, an example, its SQL', (recipe) => {
    const section = sectionOf(recipe.name);
    expect(section.replace(/\s+/g, ' ')).toContain(`### ${recipe.name} ${recipe.answers}.`);
    for (const { name, meaning, default: value } of recipe.parameters)
      expect(section).toContain(`- \`${name}\`: ${meaning}; ${value} unless set\n`);
    expect(section).toContain(`--recipe ${recipe.name}`);
    expect(section).toContain(`\`\`\`sql\n${recipe.sql}\n\`\`\`\n`);
  });

  it('are all recipes, in their order', () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(RECIPES.map(({ name }) => name));
  });
});
