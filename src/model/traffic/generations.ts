/**
 * How far apart in L2 the touches of a line are (docs/model.md, 10.4). A generation is the CTAs that the SMs take as their
 * j-th: these run in step, while the CTAs of one SM drift apart, as an SM favours its older ones.
 */
import type { L2Reads } from './l2-reads.js';
import type { PreparedTraffic } from './prepare.js';
import { smSchedule, type SmSchedule } from './schedule.js';
import { LINE_ELEMENTS, SECTOR_ELEMENTS } from './tiled-layer.js';
import { filterLines, ifmapLines } from './windows.js';

/** Sectors that L2 is asked for again, and the lines that it has seen since it had them: misses follow for any L2. */
export class Retouches {
  readonly sectors: number[] = [];
  readonly lines: number[] = [];

  add(sectors: number, lines: number): void {
    if (sectors <= 0) return;
    this.sectors.push(sectors);
    this.lines.push(lines);
  }
}

/** What a size of L2 decides about. */
export interface Generations {
  /** IFmap sectors, beyond the first touch of each. */
  ifmap: Retouches;
  /** Loads of a column's filters beyond the first one: how many, and how far apart, as shares of 1. */
  filterLoads: number;
  filter: Retouches;
  /** Input rows that generations share, in sectors: loaded again where filters are. */
  sharedRows: number;
  /** Lines between the loads of one generation. */
  nearLines: number;
}

export function generationsOf(prepared: PreparedTraffic, reads: L2Reads, share: number): Generations {
  return new GenerationsOfLayer(prepared, reads, share).result();
}

class GenerationsOfLayer {
  private readonly generations: number;
  /** CTA rows and columns of a generation. */
  private readonly rows: number;
  private readonly columns: number;
  /** Of the last generation, which some SMs are without, the share of SMs that have it. */
  private readonly lastShare: number;
  private readonly longer: SmSchedule;
  private readonly shorter: SmSchedule | undefined;
  private readonly active: number;

  constructor(
    private readonly prepared: PreparedTraffic,
    private readonly reads: L2Reads,
    private readonly share: number,
  ) {
    const { layer } = prepared;
    const { sms, active } = reads;
    this.active = active;
    this.generations = layer.ctas / sms;
    this.rows = Math.min(sms, layer.rows);
    this.columns = Math.min(layer.columns, 1 + (sms - 1) / layer.rows);
    const count = Math.ceil(this.generations);
    const isEndless = this.generations > active;
    const followed = isEndless ? Math.min(count, 3 * active + 4) : count;
    this.longer = smSchedule(followed, active, share, isEndless);
    const whole = Math.floor(this.generations);
    this.lastShare = isEndless || whole < 1 ? 1 : this.generations - whole || 1;
    this.shorter = this.lastShare < 1 ? smSchedule(whole, active, share, false) : undefined;
  }

  result(): Generations {
    const { prepared, generations, reads } = this;
    const { layer } = prepared;
    const ifmap = new Retouches();
    const leaders = Math.min(layer.ctas, this.addRows(ifmap) + layer.rows);
    this.addOwnRetouches(ifmap, leaders);
    this.addHalos(ifmap, leaders);
    return {
      ifmap,
      filterLoads: Math.min((layer.rows - 1) / reads.sms, Math.max(0, generations - 1)),
      filter: this.filterRetouches(),
      sharedRows: reads.sms < layer.rows ? Math.max(0, generations - 1) * rowHalo(prepared) : 0,
      nearLines: ifmapLines(prepared, 1) + filterLines(layer, 1, layer.columnFilters),
    };
  }

  /** Of a partial last row, its share; 1 where rows are full. */
  private get rowShare(): number {
    const { layer } = this.prepared;
    return layer.fullRows / layer.rows;
  }

  /** OFmap lines of a CTA. */
  private get ofmapLines(): number {
    const { layer } = this.prepared;
    return ((layer.m / layer.rows) * layer.columnFilters) / LINE_ELEMENTS;
  }

  /** G2: lines that L2 sees in a time in which each SM ends some CTAs: rows of the IFmap, filters, OFmap tiles. */
  private linesIn(time: number, ended: number): number {
    const { layer, footprint } = this.prepared;
    const filterLinesOfAll = (layer.n * layer.k) / LINE_ELEMENTS;
    return (
      Math.min((time * this.rows) / layer.rows, 1) * footprint.lines +
      Math.min(time * this.columns * (layer.columnFilters / layer.n), 1) * filterLinesOfAll +
      ended * this.reads.sms * this.ofmapLines
    );
  }

  /** Lines that all CTAs in flight touch while each passes some k-blocks: what comes between touches of one generation. */
  private linesInFlight(blocks: number): number {
    const { layer, reuse, footprint } = this.prepared;
    const { sms } = this.reads;
    const resident = Math.min(this.active, this.generations);
    const touched = ifmapLines(this.prepared, blocks);
    const fresh = Math.min(touched, (blocks * reuse.lines) / layer.loops);
    const seenAgain = 1 - (1 - this.reads.missShare) ** 4; // one of the four sectors of a line
    const lines = Math.min(fresh + seenAgain * (touched - fresh), this.reachedLines(blocks) / this.rowShare);
    const [rows, columns] =
      this.share < 1
        ? [this.rows * resident, resident * this.columns]
        : [Math.min(layer.rows, sms * resident), Math.min(layer.columns, 1 + (sms * resident - 1) / layer.rows)];
    const written = this.generations > this.active ? (sms * resident * this.ofmapLines * blocks) / layer.loops : 0;
    return (
      Math.min(rows * this.rowShare * lines, footprint.lines) +
      columns * filterLines(layer, blocks, layer.columnFilters) +
      written
    );
  }

  /** IFmap lines that some k-blocks reach in one CTA row: those of the channels that they belong to. */
  private reachedLines(blocks: number): number {
    const { layer, footprint } = this.prepared;
    const channels = Math.max(1 + (layer.tileK - 1) / layer.taps, (blocks * layer.tileK) / layer.taps);
    return (footprint.lines / layer.rows / layer.channels) * channels;
  }

  /** Lines of one k-block of all rows in flight: at least these lie between two generations. */
  private get leastLines(): number {
    const { layer } = this.prepared;
    const rows = Math.min(layer.rows, this.reads.sms * Math.min(this.active, this.generations));
    return (
      Math.min(rows * this.rowShare * ifmapLines(this.prepared, 1), rows * this.reachedLines(1)) +
      filterLines(layer, 1, layer.columnFilters * Math.min(2, layer.columns))
    );
  }

  /** G3: a row comes again as often as the layer has columns, some generations later each time. CTAs that an earlier generation had the row of. */
  private addRows(to: Retouches): number {
    const { layer, footprint, reuse } = this.prepared;
    const { sms } = this.reads;
    const least = this.leastLines;
    const apart = Math.floor(layer.rows / sms);
    const later = layer.rows / sms - apart; // the share of a generation that looks one more generation back
    const inStep =
      this.rows * this.rowShare * ifmapLines(this.prepared, 1) +
      filterLines(layer, 1, layer.columnFilters * Math.min(this.columns, 2));
    let ctas = 0;
    for (const [gap, from, to_] of [
      [apart, later, 1],
      [apart + 1, 0, later],
    ] as const) {
      if (to_ - from < 1e-12) continue;
      for (const { generation, count } of this.eachGeneration(gap, from, to_)) {
        const ofGeneration = count * sms;
        if (gap === 0) to.add(ofGeneration * this.rowShare * (reuse.firstTouches + this.reads.later), inStep);
        else {
          ctas += ofGeneration;
          this.addPassages(to, (ofGeneration * footprint.sectors) / layer.rows, gap, generation, least);
        }
      }
    }
    return ctas;
  }

  /** G4: a column lies in several generations, each of which asks for its filters one after the other. */
  private filterRetouches(): Retouches {
    const loads = new Retouches();
    const all = Math.max(0, this.generations - 1);
    for (const { generation, count } of this.eachGeneration(1, 0, 1))
      this.addPassages(loads, count / all, 1, generation, this.leastLines);
    return loads;
  }

  /**
   * The generations from one on, those beyond the ones that are followed together.
   *
   * @param from of the SMs' places in a generation, the first that counts, and `to` the end: a last generation has only some
   */
  private *eachGeneration(first: number, from: number, to: number): Iterable<{ generation: number; count: number }> {
    const all = Math.ceil(this.generations - 1e-9);
    for (let generation = first; generation < all;) {
      const end = generation < this.longer.count ? generation + 1 : all;
      const full = Math.min(end, Math.max(generation, Math.floor(this.generations - to) + 1));
      let count = (full - generation) * (to - from);
      for (let last = full; last < end; last++) count += Math.max(0, Math.min(to, this.generations - last) - from);
      if (count > 0) yield { generation, count };
      generation = end;
    }
  }

  /** Adds sectors that a generation asks for some generations after another: over places of the K loop, and over SMs with one CTA more or less. */
  private addPassages(to: Retouches, sectors: number, gap: number, generation: number, least: number): void {
    const { longer } = this;
    if (generation < longer.count) return this.addPair(to, sectors, gap, generation, least);
    // a schedule repeats after as many generations as an SM holds
    const first = Math.max(gap, longer.count - this.active);
    const steady = longer.count - first;
    if (steady <= 0) return this.addPair(to, sectors, gap, generation, least);
    for (let of = first; of < longer.count; of++) this.addPair(to, sectors / steady, gap, of, least);
  }

  private addPair(to: Retouches, sectors: number, gap: number, generation: number, least: number): void {
    const { longer, shorter, lastShare } = this;
    const both = shorter && generation < shorter.count;
    this.addPassage(to, both ? lastShare * sectors : sectors, longer, gap, generation, least);
    if (both) this.addPassage(to, (1 - lastShare) * sectors, shorter, gap, generation, least);
  }

  private addPassage(
    to: Retouches,
    sectors: number,
    schedule: SmSchedule,
    gap: number,
    generation: number,
    least: number,
  ): void {
    if (generation >= schedule.count) return to.add(sectors, Math.max(least, this.linesIn(gap, gap)));
    const places = schedule.apart(generation, gap);
    for (const { time, ended } of places) to.add(sectors / places.length, Math.max(least, this.linesIn(time, ended)));
  }

  /** G6: own re-touches that missed L1, of the first CTA of a generation to have a row. */
  private addOwnRetouches(to: Retouches, leaders: number): void {
    const { byLag } = this.reads;
    for (let lag = 1; lag < byLag.length; lag++)
      if (byLag[lag]! > 0) to.add(leaders * this.rowShare * byLag[lag]!, this.linesInFlight(lag));
  }

  /** G7: input rows that a tile shares with its neighbour, which has loaded them some k-blocks before. */
  private addHalos(to: Retouches, leaders: number): void {
    const { layer, footprint, reuse, haloLags } = this.prepared;
    const shared = Math.max(0, (reuse.firstTouches * layer.fullRows - footprint.sectors) / layer.rows);
    haloLags.forEach((weight, lag) => {
      const near = ifmapLines(this.prepared, 1) + filterLines(layer, 1, layer.columnFilters);
      if (weight > 0) to.add(leaders * shared * weight, lag === 0 ? near : this.linesInFlight(lag));
    });
  }
}

/** G5: sectors of the input rows that two neighbouring tiles both read, over all channels. */
function rowHalo({ layer, footprint }: PreparedTraffic): number {
  const sharedRows = Math.max(0, layer.filterHeight - layer.strideHeight) * (1 - 1 / layer.outHeight);
  const usedRows = Math.min(layer.inHeight, layer.outHeight * layer.strideHeight);
  return sharedRows * (footprint.sectors / (layer.batch * usedRows));
}

/** Filter sectors of one layer, once. */
export const filterSectors = ({ layer }: PreparedTraffic): number => (layer.n * layer.k) / SECTOR_ELEMENTS;
