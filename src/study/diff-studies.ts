/** Compares two stored studies, read side by side. */
import { designMatcher, hasRepeats, matchWorkloads, type DesignMatcher } from '../analysis/diff/design-matcher.js';
import { UNMARKED } from '../analysis/front-marks.js';
import { frontChanges, type DiffedDesign, type FrontSide, type WhyNot } from '../analysis/diff/front-changes.js';
import { PointChangesOf, type PointPair } from '../analysis/diff/point-changes.js';
import { specDifferences } from '../analysis/diff/spec-differences.js';
import { objectiveMetrics, type DiffSide, type StudyDiff, type WorkloadDiff } from '../analysis/diff/study-diff.js';
import { METRICS } from '../model/metrics.js';
import { gridOf, pointFilter, workloadNames, workloadOf, type Study } from '../space/study.js';
import { readManifest, type Manifest } from '../storage/folder/manifest.js';
import { MatchedPoints } from '../storage/read/matched-points.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { ownFront } from './compute-front.js';
import { pause, type StudyOptions } from './options.js';

type Side = 'before' | 'after';

/** A study that is compared: where it lies, and what matches its designs with those of the other one. */
interface Compared extends DiffSide {
  folder: string;
  manifest: Manifest;
  canonical: DesignMatcher;
  match: DesignMatcher;
  /** Whether several ids may be the same design. */
  repeats: boolean;
  front: readonly DiffedDesign[];
}

/** A stored study that is compared, and what the result calls it. */
export interface DiffedStudy {
  folder: string;
  name: string;
}

async function compared(
  { folder, name }: DiffedStudy,
  manifest: Manifest,
  other: Study,
  options: StudyOptions,
): Promise<Compared> {
  const { study, finished } = manifest;
  return {
    ...{ name, folder, manifest, study, finished: finished !== null },
    canonical: designMatcher(study, study),
    match: designMatcher(study, other),
    repeats: hasRepeats(study),
    front: (await ownFront(folder, manifest, options)).designs,
  };
}

/** What moved from one stored study to another; they are read and not changed. */
export async function diffStudies(
  before: DiffedStudy,
  after: DiffedStudy,
  options: StudyOptions = {},
): Promise<StudyDiff> {
  const [manifestBefore, manifestAfter] = [readManifest(before.folder), readManifest(after.folder)];
  const a = await compared(before, manifestBefore, manifestAfter.study, options);
  const b = await compared(after, manifestAfter, manifestBefore.study, options);
  const points = new MatchedPoints(studyFiles(before.folder).database, studyFiles(after.folder).database);
  try {
    const workloads = await diffWorkloads(a, b, points, options);
    const side = ({ study, name, finished }: Compared): DiffSide => ({ study, name, finished });
    return { before: side(a), after: side(b), spec: specDifferences(manifestBefore, manifestAfter), workloads };
  } finally {
    points.close();
  }
}

/** Metrics that both studies have columns of, the time first. */
function sharedMetrics(a: Manifest, b: Manifest): string[] {
  const isShared = (name: string) => a.columns.includes(name) && b.columns.includes(name);
  return METRICS.filter(({ type, name }) => type === 'real' && isShared(name)).map(({ name }) => name);
}

async function diffWorkloads(
  a: Compared,
  b: Compared,
  points: MatchedPoints,
  options: StudyOptions,
): Promise<WorkloadDiff[]> {
  const there = matchWorkloads(a.study, b.study);
  const metrics = sharedMetrics(a.manifest, b.manifest);
  const frontIds = { before: new Set(a.front.map(({ id }) => id)), after: new Set(b.front.map(({ id }) => id)) };
  const isOnFront = ([before, after]: PointPair['ids']) => frontIds.before.has(before) || frontIds.after.has(after);
  const changes = a.study.workloads.map(() => new PointChangesOf(metrics, isOnFront));
  await addPairs(a, points, metrics, changes, options);
  const stored = { before: countPoints(a, points, 'before'), after: countPoints(b, points, 'after') };
  const sides = { before: frontSides(a, points, 'before'), after: frontSides(b, points, 'after') };
  const moving = objectiveMetrics({ before: a, after: b });
  return workloadNames(a.study).flatMap((name, w): WorkloadDiff[] => {
    const other = there[w]!;
    if (other < 0) return [];
    const result = changes[w]!.result;
    return [
      {
        ...name,
        points: { before: stored.before[w]!, after: stored.after[other]!, both: result.designs },
        front: frontChanges(sides.before[w]!, sides.after[other]!, moving),
        changes: result,
      },
    ];
  });
}

/** Pairs between which other events happen. */
const PAIRS_AT_ONCE = 65_536;

/** Streams the designs that both studies have through the changes of their workloads. */
async function addPairs(
  { study, match, canonical, repeats }: Compared,
  points: MatchedPoints,
  metrics: readonly string[],
  changes: readonly PointChangesOf[],
  options: StudyOptions,
): Promise<void> {
  const perWorkload = gridOf(study).size / study.workloads.length;
  const first = repeats ? (id: number) => (canonical(id) === id ? match(id) : -1) : match;
  const pair = { before: [] as (number | null)[], after: [] as (number | null)[] };
  let pairs = 0;
  for (const row of points.rows(['infeasible', 'bottleneck', ...metrics], first)) {
    if (++pairs % PAIRS_AT_ONCE === 0) await pause(options);
    for (let m = 0; m < metrics.length; m++) {
      pair.before[m] = row[6 + 2 * m] as number | null;
      pair.after[m] = row[7 + 2 * m] as number | null;
    }
    const [before, after, wasInfeasible, isInfeasible, bound, binds] = row;
    changes[Math.floor((before as number) / perWorkload)]!.add({
      ids: [before as number, after as number],
      infeasible: [wasInfeasible as string | null, isInfeasible as string | null],
      bottlenecks: [bound as string | null, binds as string | null],
      ...pair,
    });
  }
}

function countPoints({ study, canonical, repeats }: Compared, points: MatchedPoints, side: Side): number[] {
  const { length } = study.workloads;
  return points.count(side, length, gridOf(study).size / length, repeats ? canonical : undefined);
}

/** The front of each workload of a study. */
function frontSides(side: Compared, points: MatchedPoints, which: Side): FrontSide[] {
  const { study, front, canonical, match } = side;
  const read = points.pointReader(which);
  const pointOf = (id: number): DiffedDesign | undefined => {
    const row = read(id);
    return row && { ...row, ...UNMARKED };
  };
  const whyMissing = whyMissingIn(study);
  return study.workloads.map((_, w) => ({
    front: front.filter(({ id }) => workloadOf(study, id) === w),
    ...{ canonical, match, pointOf, whyMissing },
  }));
}

/** Why a study, finished or not, has not stored a point. */
function whyMissingIn(study: Study): (id: number) => WhyNot {
  if (study.store === 'front') return () => 'not on the front';
  const isKept = pointFilter(study);
  return (id) => (isKept(id) ? 'not stored yet' : 'rejected by a constraint');
}
