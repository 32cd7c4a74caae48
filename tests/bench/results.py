# SPDX-License-Identifier: Apache-2.0
"""What a benchmark measured, as tests/bench/Report.h has it: a line for people, and a JSON file for the report."""
import json
import pathlib
import statistics

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
BIN = BUILD / "bin"
RESULTS = BUILD / "bench"


def median(values):
    return statistics.median(values) if values else 0.0


def turn(contestants, number):
    """The order of a round: who is first changes, as what came before may weigh on what follows."""
    contestants = list(contestants)
    first = number % len(contestants)
    return contestants[first:] + contestants[:first]


class Report:
    """`benchmark` names the file, and is what `./dev bench` takes."""

    def __init__(self, benchmark):
        self.benchmark = benchmark
        self.measurements = []

    def add(self, name, parameters, value, unit, baseline=None):
        """`baseline` is a pair: what was measured beside it, and its value in the same unit."""
        entry = {"name": name, "parameters": parameters, "value": value, "unit": unit}
        line = ", ".join([name, *(f"{key} {what}" for key, what in parameters.items())]) + f": {value:.4g} {unit}"
        if baseline is not None:
            entry["baseline"] = {"name": baseline[0], "value": baseline[1]}
            if baseline[1]:
                entry["ratio"] = value / baseline[1]
                line += f", {entry['ratio']:.3g} of {baseline[0]} ({baseline[1]:.4g})"
        print(line, flush=True)
        self.measurements.append(entry)

    def write(self):
        RESULTS.mkdir(parents=True, exist_ok=True)
        content = {"benchmark": self.benchmark, "measurements": self.measurements}
        (RESULTS / f"{self.benchmark}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
