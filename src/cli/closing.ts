/** What `run` and `merge` end with: the front, and the balanced designs. */
import { describeBalanced } from '../report/balanced.js';
import { frontJson } from '../report/front-json.js';
import { plotFronts, summarizeFront, summarizeOptions } from '../report/front-summary.js';
import { comparesOptions } from '../space/study.js';
import { optionRows, type StudyFront } from '../study/front-rows.js';
import { note, printJson, printLine, WIDTH } from './output.js';
import { pictureOptions } from './terminal.js';

/** Designs of a front shown after a run; `pareto` shows all. */
const SHOWN_DESIGNS = 24;

/** @param name what the study can be called by in a command */
export async function printClosing(folder: string, name: string, front: StudyFront, json: boolean): Promise<void> {
  const { study, objectives, designs } = front;
  const options = comparesOptions(study) ? optionRows(folder, front) : undefined;
  if (json) return printJson({ ...frontJson(front), ...(options ? { options } : {}) });
  const summary = options ? summarizeOptions(study, objectives, options) : summarizeFront(front, SHOWN_DESIGNS);
  const pictures = pictureOptions(WIDTH);
  const plots = pictures ? plotFronts(front, pictures) : [];
  await printLine([summary, ...plots, describeBalanced(study, designs)].join('\n\n'));
  if (!options && designs.length > SHOWN_DESIGNS) note(`all designs of the front: delta-sweep pareto ${name}`);
}
