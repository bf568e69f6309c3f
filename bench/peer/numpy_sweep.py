"""The time of every design of a study by the equations of docs/model.md, 11, in numpy.

    numpy_sweep.py STUDY.json TIMES RUNS

STUDY.json is what peerStudy of export.ts makes; TIMES gets milliseconds, one double a design. Prints the seconds of each
run. Designs go in blocks whose arrays stay in the processor's caches, and every operation writes into an array that is there.
"""
import json
import sys
import time

import numpy as np

BLOCK = 2048


def eighth_power(x):
    """x^8 in place."""
    np.multiply(x, x, out=x)
    np.multiply(x, x, out=x)
    return np.multiply(x, x, out=x)


def eighth_root(x):
    """x^(1/8) in place."""
    np.sqrt(x, out=x)
    np.sqrt(x, out=x)
    return np.sqrt(x, out=x)


class Rates:
    """What does not depend on the layer, of the designs of a block."""

    def __init__(self, rates):
        issue = rates["issuePerClk"]
        self.clks_per_fma = issue * rates["macsPerInstr"] / rates["macsPerClk"]
        self.memory_share = np.where(self.clks_per_fma <= 1, 0.5, 1.0)
        self.per_clock = 1 / rates["clockHz"]
        self.per_instr = 1 / rates["macsPerInstr"]
        self.per_issue = 1 / issue
        self.bandwidths = [
            (stream, 1 / rates[stream + "BytesPerS"]) for stream in ("smem", "l1", "l2", "dram")
        ]
        self.l2_latency = rates["l2LatencyS"]
        self.dram_latency2 = 2 * rates["dramLatencyS"]


class Scratch:
    def __init__(self, n):
        self.warps, self.fma, self.slots, self.around, self.life, self.streams, self.term = np.empty((7, n))


def add_layer(layer, r, constants, overhead, scratch, seconds):
    s = scratch
    loops = layer["loops"]
    np.multiply(r.per_issue, layer["warps"], out=s.warps)
    # slots, and clocks of the FMA pipe, of a loop
    np.multiply(r.per_instr, layer["macs"], out=s.slots)
    s.slots += layer["index"]
    np.multiply(s.slots, r.clks_per_fma, out=s.fma)
    np.multiply(r.memory_share, layer["memory"], out=s.term)
    s.term += constants["loopInstructions"]
    s.slots += s.term
    np.multiply(s.warps, constants["prologueSlots"], out=s.around)
    s.around += layer["storeClks"]
    # life of a CTA alone
    np.maximum(s.fma, s.slots, out=s.life)
    np.maximum(s.warps, 1, out=s.term)
    s.life *= s.term
    s.life += constants["syncClks"]
    s.life *= loops
    s.life += s.around
    s.life *= r.per_clock
    np.multiply(r.l2_latency, loops, out=s.term)
    s.life += s.term
    s.life += r.dram_latency2
    # compute and issue
    s.warps *= loops
    s.fma *= s.warps
    s.fma *= r.per_clock
    s.slots *= s.warps
    s.slots += s.around
    s.slots *= r.per_clock
    np.add(eighth_power(s.fma), eighth_power(s.slots), out=s.streams)
    for stream, per_rate in r.bandwidths:
        np.multiply(per_rate, layer[stream], out=s.term)
        s.streams += eighth_power(s.term)
    # waves
    for count, size in ((layer["full"], layer["size"]), (1, layer["rest"])):
        if size == 0:
            continue
        np.multiply(s.life, 1 / size, out=s.term)
        eighth_power(s.term)
        s.term += s.streams
        eighth_root(s.term)
        s.term *= layer["count"] * count * size
        seconds += s.term
    seconds += layer["count"] * overhead


class Sweep:
    def __init__(self, study):
        self.study = study
        self.axes = study["axes"]
        self.radices = [len(axis["si"]) for axis in self.axes]
        self.si = [np.array(axis["si"]) for axis in self.axes]

    def rates_of(self, digits, n):
        rates = {field: np.full(n, value) for field, value in self.study["rates"].items()}
        for axis, si, digit in zip(self.axes, self.si, digits):
            if axis["field"] in rates:
                rates[axis["field"]] = si[digit]
        return Rates(rates)

    def run(self, times_ms):
        study = self.study
        scratch = Scratch(BLOCK)
        for start in range(0, study["designs"], BLOCK):
            ids = np.arange(start, min(start + BLOCK, study["designs"]))
            digits = np.unravel_index(ids, self.radices)
            contexts = sum(axis["contextStride"] * digit for axis, digit in zip(self.axes, digits))
            if contexts[0] == contexts[-1] and (contexts == contexts[0]).all():
                self.run_block(contexts[0], digits, times_ms[start : start + len(ids)], scratch)
                continue
            for context in np.unique(contexts):
                of_context = np.flatnonzero(contexts == context)
                part = np.empty(len(of_context))
                self.run_block(context, [digit[of_context] for digit in digits], part, scratch)
                times_ms[start + of_context] = part

    def run_block(self, context, digits, times_ms, scratch):
        study = self.study
        n = len(times_ms)
        if len(scratch.warps) != n:
            scratch = Scratch(n)
        rates = self.rates_of(digits, n)
        seconds = np.zeros(n)
        for layer in study["contexts"][context]["layers"]:
            add_layer(layer, rates, study["constants"], study["callOverheadS"], scratch, seconds)
        np.multiply(seconds, 1e3, out=times_ms)


def main(study_file, times_file, runs):
    with open(study_file, encoding="utf-8") as file:
        sweep = Sweep(json.load(file))
    times_ms = np.ones(sweep.study["designs"])
    for _ in range(int(runs)):
        start = time.perf_counter()
        sweep.run(times_ms)
        print(time.perf_counter() - start)
    times_ms.tofile(times_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
