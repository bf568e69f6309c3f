"""A sweep as an architect would script it: numpy over the grid, pandas into SQLite, and a CSV.

    architect_script.py STUDY.json FOLDER

STUDY.json is what peerStudy of export.ts makes. FOLDER gets points.db with the table `points`, and points.csv: the columns that
a study has. Equations as in docs/model.md, 5, 6 and 11.
"""
import json
import os
import sqlite3
import sys

import numpy as np
import pandas as pd


def eighth_power(x):
    x = x * x
    x = x * x
    return x * x


def eighth_root(x):
    return np.sqrt(np.sqrt(np.sqrt(x)))


def first_of_largest(terms, tie):
    """Position of the largest term, the first of those within a tie of it."""
    terms = np.stack(terms)
    return np.argmax(terms * (1 + tie) >= terms.max(axis=0), axis=0)


def evaluate(study, context, gpu):
    """Metrics of designs that share a context; gpu holds an array, or a number, for each rate."""
    n = len(gpu["clockHz"])
    c = study["constants"]
    overhead = study["callOverheadS"]
    names = study["bottlenecks"]
    by_bottleneck = np.zeros((len(names), n))
    busy = {stream: np.zeros(n) for stream in ("compute", "issue", "smem", "l1", "l2", "dram")}
    total_bytes = dict.fromkeys(("l1", "l2", "dram"), 0.0)
    activity = dict.fromkeys(("issuedMacs", "smemBytes", "ofmapBytes"), 0.0)
    clks_per_fma = gpu["issuePerClk"] * gpu["macsPerInstr"] / gpu["macsPerClk"]
    memory_share = np.where(clks_per_fma <= 1, 0.5, 1.0)
    for layer in context["layers"]:
        loops, count = layer["loops"], layer["count"]
        warps = layer["warps"] / gpu["issuePerClk"]
        arithmetic = layer["macs"] / gpu["macsPerInstr"] + layer["index"]
        fma = arithmetic * clks_per_fma
        slots = arithmetic + c["loopInstructions"] + layer["memory"] * memory_share
        around = warps * c["prologueSlots"] + layer["storeClks"]
        loop = np.maximum(warps, 1) * np.maximum(fma, slots) + c["syncClks"]
        cta = {
            "compute": warps * loops * fma / gpu["clockHz"],
            "issue": (warps * loops * slots + around) / gpu["clockHz"],
            **{stream: layer[stream] / gpu[stream + "BytesPerS"] for stream in ("smem", "l1", "l2", "dram")},
        }
        life = (loops * loop + around) / gpu["clockHz"] + loops * gpu["l2LatencyS"] + 2 * gpu["dramLatencyS"]
        streams = sum(eighth_power(x) for x in cta.values())
        running = layer["full"] * layer["size"] * eighth_root(streams + eighth_power(life / layer["size"]))
        if layer["rest"]:
            running += layer["rest"] * eighth_root(streams + eighth_power(life / layer["rest"]))
        seconds = count * (running + overhead)
        terms = [np.broadcast_to(layer["size"] * x, n) for x in cta.values()] + [life]
        binds = first_of_largest(terms, study["tie"])
        binds[overhead > running] = names.index("launch")
        for b in range(len(names)):
            by_bottleneck[b] += np.where(binds == b, seconds, 0)
        for stream in ("compute", "issue", "smem", "l1"):
            busy[stream] += count * layer["ctasPerSm"] * cta[stream]
        busy["l2"] += count * (layer["l2Bytes"] + layer["ofmapBytes"]) / gpu["l2BytesPerS"]
        # CTAs that wait for DRAM fall back into step: it moves no more than it can in the time
        moved = np.minimum(layer["dramBytes"], gpu["dramBytesPerS"] * running)
        busy["dram"] += count * moved / gpu["dramBytesPerS"]
        total_bytes["dram"] = total_bytes["dram"] + count * moved
        for level in ("l1", "l2"):
            total_bytes[level] += count * layer[level + "Bytes"]
        for figure in activity:
            activity[figure] += count * layer[figure]
    seconds = by_bottleneck.sum(axis=0)
    shares = by_bottleneck / seconds
    f, die, sms = study["areas"], study["die"], context["smCount"]
    channels = gpu["dramBytesPerS"] * die["channelsPerByteRate"]
    memory = {"hbm": ("hbm", "stack"), "gddr": ("gddr", "channel")}[die["memory"]]
    areas = {
        "compute": sms
        * (
            context["registerBytes"] / 1024 * f["register_mm2_per_kib"]
            + gpu["issuePerClk"] * f["control_mm2_per_issue_slot"]
            + gpu["macsPerClk"] * f["mac_mm2_per_mac_per_clk"]
        ),
        "sram": sms
        * (
            (context["smemBytes"] + context["l1Bytes"]) / 1024 * f["l1_smem_mm2_per_kib"]
            + (gpu["smemBytesPerS"] + gpu["l1BytesPerS"]) / 1e9 * f["l1_smem_mm2_per_gbps"]
        ),
        "l2": context["l2Bytes"] / 2**20 * f["l2_mm2_per_mib"]
        + gpu["l2BytesPerS"] / 1e9 * f["crossbar_mm2_per_gbps"],
        "dram": channels
        * (f["{}_phy_mm2_per_{}".format(*memory)] + f["{}_controller_mm2_per_{}".format(*memory)]),
    }
    rest = (
        sms
        * (
            die["fp64PerClk"] * f["fp64_mm2_per_mac_per_clk"]
            + die["tensorPerClk"] * f["tensor_mm2_per_mac_per_clk"]
            + die["rtCores"] * f["rt_mm2_per_core"]
        )
        + die["nvlinks"] * f["nvlink_phy_mm2_per_link"]
        + f["uncore_mm2"]
    )
    at_work = {
        "compute": np.maximum(busy["compute"], busy["issue"]),
        "sram": np.maximum(busy["smem"], busy["l1"]),
        "l2": busy["l2"],
        "dram": busy["dram"],
    }
    area = sum(areas.values())
    e = study["energies"]
    picojoules = activity["issuedMacs"] * e["mac_pj"] + 8 * (
        activity["smemBytes"] * e["smem_pj_per_bit"]
        + total_bytes["l1"] * e["l1_pj_per_bit"]
        + (total_bytes["l2"] + activity["ofmapBytes"]) * e["l2_pj_per_bit"]
        + total_bytes["dram"] * (e["dram_pj_per_bit"] + e[die["memory"] + "_pj_per_bit"])
    )
    energy = picojoules * 1e-12 + e["static_w_per_mm2"] * (area + rest) * seconds
    facts = study["facts"]
    return {
        "time_ms": seconds * 1e3,
        "images_per_s": facts["images"] / seconds,
        "speedup": facts["baselineMs"] / 1e3 / seconds,
        "tflops": facts["flops"] / seconds / 1e12,
        "bottleneck": np.array(names)[shares.argmax(axis=0)],
        **{name + "_share": share for name, share in zip(names, shares)},
        "balance": sum(areas[block] * at_work[block] for block in areas) / seconds / area,
        **{level + "_gb": total / 1e9 for level, total in total_bytes.items()},
        "area_mm2": area + rest,
        "energy_j": energy,
        "power_w": energy / seconds,
    }


def sweep(study):
    """All designs of the grid, a context at a time."""
    axes = study["axes"]
    ids = np.arange(study["designs"])
    digits = np.unravel_index(ids, [len(axis["si"]) for axis in axes])
    contexts = sum(axis["contextStride"] * digit for axis, digit in zip(axes, digits))
    parts = []
    for position, context in enumerate(study["contexts"]):
        of_context = np.flatnonzero(contexts == position)
        gpu = {field: np.full(len(of_context), value) for field, value in study["rates"].items()}
        frame = {"id": of_context, "design": of_context, **study["workload"]}
        for axis, digit in zip(axes, digits):
            gpu[axis["field"]] = np.array(axis["si"])[digit[of_context]]
            frame[axis["id"]] = np.array(axis["values"])[digit[of_context]]
        parts.append(pd.DataFrame({**frame, **evaluate(study, context, gpu), "infeasible": None}))
    return pd.concat(parts).sort_values("id")[study["columns"]]


def main(study_file, folder):
    with open(study_file, encoding="utf-8") as file:
        points = sweep(json.load(file))
    database = os.path.join(folder, "points.db")
    if os.path.exists(database):
        os.remove(database)
    with sqlite3.connect(database) as connection:
        points.to_sql("points", connection, index=False)
    points.to_csv(os.path.join(folder, "points.csv"), index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
