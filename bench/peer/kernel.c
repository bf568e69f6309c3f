/*
 * The time of every design of a study by the equations of docs/model.md, 11: a plain loop nest over designs and layers.
 *
 *   kernel STUDY TIMES RUNS
 *
 * STUDY is what flatStudy of export.ts writes; TIMES gets milliseconds, one double a design. Prints the seconds of each run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Designs at a time: what is worked out of them beforehand stays in the first cache. */
#define BLOCK 256
#define MAX_AXES 16

enum { CLOCK, MACS_PER_CLK, MACS_PER_INSTR, ISSUE, SMEM, L1, L2, DRAM, L2_LATENCY, DRAM_LATENCY, RATES };

/* As LAYER_FIELDS of export.ts. */
struct layer {
  double count, loops, warps, macs, index, memory, store_clks, smem, l1, l2, dram, full, size, rest;
};

struct axis {
  int values, context_stride, rate;
  const double *si;
};

struct study {
  long designs;
  int axes, contexts, layers;
  double loop_instructions, prologue_slots, sync_clks, call_overhead;
  double rates[RATES];
  struct axis axis[MAX_AXES];
  const struct layer *layer;
};

/* What does not depend on the layer, once for every design of a block. */
struct block {
  double per_clock[BLOCK], clks_per_fma[BLOCK], per_macs_per_instr[BLOCK], per_issue[BLOCK], memory_share[BLOCK];
  double per_smem[BLOCK], per_l1[BLOCK], per_l2[BLOCK], per_dram[BLOCK], l2_latency[BLOCK], dram_latency[BLOCK];
  double seconds[BLOCK];
};

static inline double eighth_power(double x) {
  x *= x;
  x *= x;
  return x * x;
}

static inline double eighth_root(double x) { return sqrt(sqrt(sqrt(x))); }

static inline double larger(double a, double b) { return a > b ? a : b; }

static void add_layer(const struct study *s, const struct layer *l, struct block *b, int n) {
  const double per_size = 1 / l->size;
  const double per_rest = l->rest > 0 ? 1 / l->rest : 0;
  const int has_rest = l->rest > 0;
  for (int i = 0; i < n; i++) {
    double warps = l->warps * b->per_issue[i];
    double arithmetic = l->macs * b->per_macs_per_instr[i] + l->index;
    double fma = arithmetic * b->clks_per_fma[i];
    double slots = arithmetic + s->loop_instructions + l->memory * b->memory_share[i];
    double around = warps * s->prologue_slots + l->store_clks;
    double loop = larger(warps, 1) * larger(fma, slots) + s->sync_clks;
    double compute = warps * l->loops * fma * b->per_clock[i];
    double issue = (warps * l->loops * slots + around) * b->per_clock[i];
    double life = (l->loops * loop + around) * b->per_clock[i] + l->loops * b->l2_latency[i] + 2 * b->dram_latency[i];
    double streams = eighth_power(compute) + eighth_power(issue) + eighth_power(l->smem * b->per_smem[i]) +
                     eighth_power(l->l1 * b->per_l1[i]) + eighth_power(l->l2 * b->per_l2[i]) +
                     eighth_power(l->dram * b->per_dram[i]);
    double seconds = l->full * l->size * eighth_root(streams + eighth_power(life * per_size));
    if (has_rest) seconds += l->rest * eighth_root(streams + eighth_power(life * per_rest));
    b->seconds[i] += l->count * (seconds + s->call_overhead);
  }
}

static void sweep(const struct study *s, double *times_ms) {
  static struct block b;
  int digits[MAX_AXES] = {0};
  double rates[RATES];
  memcpy(rates, s->rates, sizeof rates);
  for (int a = 0; a < s->axes; a++)
    if (s->axis[a].rate >= 0) rates[s->axis[a].rate] = s->axis[a].si[0];
  int context = 0;
  for (long at = 0; at < s->designs;) {
    int n = 0;
    const int of_block = context;
    while (n < BLOCK && at + n < s->designs && context == of_block) {
      b.per_clock[n] = 1 / rates[CLOCK];
      b.clks_per_fma[n] = rates[ISSUE] * rates[MACS_PER_INSTR] / rates[MACS_PER_CLK];
      b.per_macs_per_instr[n] = 1 / rates[MACS_PER_INSTR];
      b.per_issue[n] = 1 / rates[ISSUE];
      b.memory_share[n] = b.clks_per_fma[n] <= 1 ? 0.5 : 1;
      b.per_smem[n] = 1 / rates[SMEM];
      b.per_l1[n] = 1 / rates[L1];
      b.per_l2[n] = 1 / rates[L2];
      b.per_dram[n] = 1 / rates[DRAM];
      b.l2_latency[n] = rates[L2_LATENCY];
      b.dram_latency[n] = rates[DRAM_LATENCY];
      b.seconds[n] = 0;
      n++;
      for (int a = s->axes - 1; a >= 0; a--) { /* the next design */
        const struct axis *axis = &s->axis[a];
        const int wraps = ++digits[a] == axis->values;
        context += axis->context_stride;
        if (wraps) {
          digits[a] = 0;
          context -= axis->context_stride * axis->values;
        }
        if (axis->rate >= 0) rates[axis->rate] = axis->si[digits[a]];
        if (!wraps) break;
      }
    }
    for (int l = 0; l < s->layers; l++) add_layer(s, &s->layer[of_block * s->layers + l], &b, n);
    for (int i = 0; i < n; i++) times_ms[at + i] = b.seconds[i] * 1e3;
    at += n;
  }
}

static double *read_doubles(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(1);
  fseek(file, 0, SEEK_END);
  const long bytes = ftell(file);
  rewind(file);
  double *numbers = malloc(bytes);
  if (!numbers || fread(numbers, 1, bytes, file) != (size_t)bytes) exit(1);
  fclose(file);
  return numbers;
}

static struct study parse(const double *at) {
  struct study s;
  s.designs = (long)at[0];
  s.axes = (int)at[1];
  s.contexts = (int)at[2];
  s.layers = (int)at[3];
  if (s.axes > MAX_AXES) exit(1);
  s.loop_instructions = at[4];
  s.prologue_slots = at[5];
  s.sync_clks = at[6];
  s.call_overhead = at[7];
  at += 8;
  memcpy(s.rates, at, sizeof s.rates);
  at += RATES;
  for (int a = 0; a < s.axes; a++) {
    s.axis[a] = (struct axis){(int)at[0], (int)at[1], (int)at[2], at + 3};
    at += 3 + s.axis[a].values;
  }
  s.layer = (const struct layer *)at;
  return s;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const struct study s = parse(read_doubles(argv[1]));
  double *times_ms = calloc(s.designs, sizeof *times_ms);
  if (!times_ms) return 1;
  memset(times_ms, 1, s.designs * sizeof *times_ms); /* have the pages before the clock starts */
  for (int run = atoi(argv[3]); run > 0; run--) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    sweep(&s, times_ms);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.9f\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) * 1e-9);
  }
  FILE *out = fopen(argv[2], "wb");
  return !(out && fwrite(times_ms, sizeof *times_ms, s.designs, out) == (size_t)s.designs && fclose(out) == 0);
}
