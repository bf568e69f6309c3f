import { renderTable, wrap } from './table.js';

/** The parts of a recipe that the table shows. */
interface ShownRecipe {
  name: string;
  answers: string;
  parameters: readonly { name: string; default: number }[];
}

const ANSWER_WIDTH = 46;

/** The recipes of `query`, with the defaults of their parameters. */
export function renderRecipes(recipes: readonly ShownRecipe[]): string {
  return renderTable(
    ['recipe', 'answers', '--set'].map((heading) => ({ heading, align: 'left' })),
    recipes.map(({ name, answers, parameters }) => [
      name,
      wrap(answers, ANSWER_WIDTH),
      parameters.map((parameter) => `${parameter.name}=${parameter.default}`).join('\n'),
    ]),
  );
}
