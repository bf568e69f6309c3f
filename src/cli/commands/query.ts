import type { CommandModule } from 'yargs';
import { lastOf, ROW_FORMATS } from '../options.js';
import { printJson, printLine, write } from '../output.js';

type Format = (typeof ROW_FORMATS)[number];

interface Arguments {
  study: string | undefined;
  sql: string | undefined;
  recipe: string | undefined;
  recipes: boolean;
  set: string[];
  with: string[];
  format: string | undefined;
  json: boolean;
}

export const queryCommand: CommandModule<object, Arguments> = {
  command: 'query [study] [sql]',
  describe: 'Read-only SQL over a stored study',
  builder: (yargs) =>
    yargs
      .positional('study', { type: 'string', describe: "A study's folder, or its name under results/" })
      .positional('sql', { type: 'string', describe: 'One SELECT; see study.db for the tables' })
      .option('recipe', { type: 'string', requiresArg: true, describe: 'Instead of SQL, a question by its name' })
      .option('recipes', { type: 'boolean', default: false, describe: 'List the recipes; with --json their SQL' })
      .option('set', {
        ...{ type: 'string', array: true, nargs: 1, default: [] as string[] },
        describe: 'Set a number of the recipe: name=value; may be repeated',
      })
      .option('with', {
        ...{ type: 'string', array: true, nargs: 1, default: [] as string[] },
        describe: 'NAME=STUDY: a study beside this one, NAME.points beside main.points; may be repeated',
      })
      .option('format', {
        ...{ type: 'string', requiresArg: true },
        describe: `One of ${ROW_FORMATS.join(', ')} (default: table)`,
      })
      .option('json', { type: 'boolean', default: false, describe: 'The same as --format json' })
      .example('$0 query balanced-scaling --recipe best-under-area --set area_mm2=500', ''),
  handler: async (args) => {
    const { inputError } = await import('../../errors.js');
    const { checkChoice } = await import('../../space/files/settings.js');
    const { RECIPES } = await import('../../storage/read/recipes.js');

    if (args.recipes) {
      const { renderRecipes } = await import('../../report/recipe-table.js');
      return args.json ? printJson(RECIPES) : printLine(renderRecipes(RECIPES));
    }
    const { study, sql } = args;
    const format: Format = checkChoice('--format', args.format ?? (args.json ? 'json' : 'table'), ROW_FORMATS);
    if (study === undefined)
      throw inputError({ what: 'query', expected: "a study's folder, or its name under results/" });
    if ((sql === undefined) === (args.recipe === undefined))
      throw inputError({ what: 'query', expected: 'either SQL or --recipe NAME (see delta-sweep query --recipes)' });
    if (args.recipe === undefined && args.set.length > 0)
      throw inputError({ what: '--set', got: args.set[0], expected: 'a --recipe that it is for' });

    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { queryStudy, recipeOf } = await import('../../study/query-study.js');
    const { attachedStudies, recipeValues } = await import('../query-arguments.js');
    const attached = attachedStudies(args.with);
    const folder = findStudy(study);
    const recipe = args.recipe === undefined ? undefined : recipeOf(lastOf(args.recipe), '--recipe');
    const question = recipe ? { recipe: recipe.name, values: recipeValues(recipe, args.set) } : sql!;
    const query = queryStudy(folder, question, { attached });
    try {
      for (const piece of (await piecesIn(format))(query.columns, query.rows)) await write(piece);
    } finally {
      query.close();
    }
  },
};

/** How rows are written in a format: piece by piece, as they come. */
async function piecesIn(format: Format) {
  if (format === 'table') return (await import('../../report/row-table.js')).tablePieces;
  if (format === 'arrow') return (await import('../../report/arrow-rows.js')).arrowPieces;
  const { csvPieces, jsonPieces, ndjsonPieces } = await import('../../report/rows.js');
  return { csv: csvPieces, json: jsonPieces, ndjson: ndjsonPieces }[format];
}
