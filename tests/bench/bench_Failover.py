#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a live session stands still when its path breaks, and after an outage of everything.

Runs tests/lab/failover-gap, which tells what each kind of break is; it fails if one byte is lost or doubled. The
baseline is the limit that the project has set itself.
"""
import argparse
import json
import subprocess
import sys

import results

GAP = results.ROOT / "tests/lab/failover-gap"
LIMIT = "the limit"
BREAKS = {"local": ("own cable pulled", 100), "remote": ("cable pulled two hops away", 100),
          "silent": ("a device on the way falls silent", 500)}
OUTAGES = {"outage": ("the target loses all cables", 100), "outage-local": ("this computer loses all cables", 100)}


def run(*arguments):
    """The lines that failover-gap printed, as objects; it fails when anything does."""
    print("  failover-gap", *arguments, flush=True)
    done = subprocess.run([GAP, "--bin", results.BIN, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench_Failover: {GAP.name} ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def summaries(lines):
    return {line["kind"]: line for line in lines if "median_ms" in line}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--breaks", type=int, default=34, help="of each kind")
    parser.add_argument("--outages", type=int, default=2, help="of each kind")
    parser.add_argument("--outage", type=float, default=60, help="seconds that each lasts")
    arguments = parser.parse_args()
    report = results.Report("Failover")
    lines = run("--breaks", arguments.breaks, "--kinds", ",".join(BREAKS))
    for kind, (name, limit) in BREAKS.items():
        summary = summaries(lines)[kind]
        parameters = {"break": name, "breaks": summary["breaks"]}
        report.add("gap, median", parameters, summary["median_ms"], "ms", (LIMIT, limit))
        report.add("gap, p90", parameters, summary["p90_ms"], "ms")
        report.add("gap, longest", parameters, summary["worst_ms"], "ms")
    report.add("lines that came back once and in order", {}, lines[-1]["lines_heard"], "lines",
               ("all that were typed", lines[-1]["lines_typed"]))
    if arguments.outages > 0:
        lines = run("--breaks", arguments.outages, "--kinds", ",".join(OUTAGES), "--outage", arguments.outage)
        for kind, (name, limit) in OUTAGES.items():
            summary = summaries(lines)[kind]
            parameters = {"break": f"{name} for {arguments.outage:g} s", "breaks": summary["breaks"]}
            report.add("until bytes flow after its end, median", parameters, summary["median_ms"], "ms", (LIMIT, limit))
            report.add("until bytes flow after its end, longest", parameters, summary["worst_ms"], "ms")
    report.write()


if __name__ == "__main__":
    main()
