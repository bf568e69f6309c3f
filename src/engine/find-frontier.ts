/** Finds the exact front of a grid without evaluating all of it: keeps the pool busy with parts of it, round by round. */
import { availableParallelism } from 'node:os';
import { LimitFilter } from '../analysis/limits.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { Cells } from '../frontier/cells.js';
import { pickDesigns, type FrontSoFar, type Question } from '../frontier/place-search.js';
import { proves, roundsOf } from '../frontier/rounds.js';
import type { Batch } from '../space/columns.js';
import { objectiveReader } from '../space/objectives.js';
import { gridOf, type Study } from '../space/study.js';
import { DesignEvaluator } from './evaluate-designs.js';
import type { Searched } from './messages.js';
import { openPool, type Pool } from './pool.js';
import { progressOf, type Progress } from './progress.js';
