#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts what the benchmarks measured into docs/performance.md: tables and pictures between its markers, nothing else.

A block whose benchmark has not run here keeps what it holds.
"""
import dataclasses
import json
import pathlib
import platform
import re
import sys
from collections.abc import Callable

import chart
import results

PAGE = results.ROOT / "docs/performance.md"
IMAGES = results.ROOT / "docs/images"
BLOCK = re.compile(r"(<!-- bench:([\w-]+) -->\n).*?(<!-- /bench -->)", re.S)


@dataclasses.dataclass
class Goal:
    """What a ratio should be; `applies` and `met` are told the parameters and the ratio."""
    name: str
    baseline: str
    text: str
    met: Callable[[float], bool]
    applies: Callable[[dict], bool] = lambda parameters: True


@dataclasses.dataclass
class Picture:
    file: str
    title: str
    name: str
    label: Callable[[dict], str]
    chosen: Callable[[dict], bool] = lambda parameters: True
    logarithmic: bool = False
    series: dict | None = None   # short names of baselines; those not named are left out


@dataclasses.dataclass
class Block:
    """Rows of one table: measurements with these names, joined where their parameters are the same."""
    benchmark: str
    names: dict                  # name of a measurement: heading of its column
    ours: str = "Footbridge"
    pictures: tuple = ()
    goals: tuple = ()


BBR, CUBIC = "kernel TCP, BBR", "kernel TCP, CUBIC"
ALONE = "a keystroke alone"
PCAP, RAW, KERNEL = "bare libpcap", "bare packet socket, batches of 32", "kernel IP forwarding"
TCP = {BBR: "kernel TCP, BBR", CUBIC: "kernel TCP, CUBIC"}
FLOORS = {PCAP: PCAP, RAW: "bare packet socket", KERNEL: KERNEL}
DELAY, LOSS = "delay, ms", "loss, %"


def hops_label(parameters):
    return f"{parameters['hops']} hop{'' if parameters['hops'] == 1 else 's'}"


def chain_label(parameters):
    return f"{hops_label(parameters)}, {parameters[LOSS]:g} % lost"


def network_label(parameters):
    return f"{parameters['nodes']:,}, {parameters['network']}"


def throughput_pictures():
    for delay in (0, 20):
        yield Picture(f"performance-copy-{delay}ms.svg", f"A copy, {delay} ms of delay each way", "copy", chain_label,
                      lambda parameters, delay=delay: parameters[DELAY] == delay, logarithmic=True, series=TCP)


BLOCKS = {
    "copy": Block("Throughput", {"copy": "MB/s"}, pictures=tuple(throughput_pictures()), goals=(
        Goal("copy", BBR, "at least kernel TCP with BBR, up to 5 % lost", lambda ratio: ratio >= 1,
             lambda parameters: parameters[LOSS] <= 5),
        Goal("copy", CUBIC, "at least 5 times kernel TCP with CUBIC at 5 % lost", lambda ratio: ratio >= 5,
             lambda parameters: parameters[LOSS] == 5))),
    "copy-beside": Block("Throughput", {"copy beside keystrokes": "MB/s"}),
    "keys": Block("Throughput", {"keystroke during a copy, p50": "p50, ms", "keystroke during a copy, p99": "p99, ms"},
                  pictures=(Picture("performance-keys.svg", "A keystroke during a copy, p99, no delay",
                                    "keystroke during a copy, p99", chain_label,
                                    lambda parameters: parameters[DELAY] == 0, logarithmic=True, series=TCP),),
                  goals=tuple(Goal(f"keystroke during a copy, {percentile}", baseline,
                                   f"{percentile} over 5 hops at most a third of {baseline}", lambda ratio: ratio <= 1 / 3,
                                   lambda parameters: parameters["hops"] == 5 and parameters[LOSS] == 0 and
                                   parameters[DELAY] == 0)
                              for percentile in ("p50", "p99") for baseline in (BBR, CUBIC)) + (
                      Goal("keystroke during a copy, p99", ALONE, "p99 over 5 hops at most 3 times that alone",
                           lambda ratio: ratio <= 3, lambda parameters: parameters["hops"] == 5 and
                           parameters[LOSS] == 0 and parameters[DELAY] == 0),)),
    "keys-idle": Block("Throughput", {"keystroke, p50": "p50, ms", "keystroke, p99": "p99, ms"}),
    "forwarding": Block("Forwarding", {"frames passed on": "frames/s", "processor time of a frame": "ns"}, pictures=(
        Picture("performance-forwarding.svg", "Frames that one hop passes on", "frames passed on",
                lambda parameters: f"{parameters['frame, bytes']} bytes", series=FLOORS),), goals=(
        Goal("frames passed on", PCAP, "at least 0.9 of the bare libpcap forwarder", lambda ratio: ratio >= 0.9),
        Goal("frames passed on", RAW, "0.8 of the batching floor, if the design allows", lambda ratio: ratio >= 0.8))),
    "round-trip": Block("RoundTrip", {"echo round trip, p50": "p50, ms", "echo round trip, p99": "p99, ms"}, pictures=(
        Picture("performance-round-trip.svg", "Round trip of an echo, p50", "echo round trip, p50",
                hops_label, series=FLOORS),), goals=(
        Goal("echo round trip, p50", PCAP, "over 5 hops at most 1.15 of the bare libpcap forwarder",
             lambda ratio: ratio <= 1.15, lambda parameters: parameters["hops"] == 5),)),
    "discovery": Block("Discovery", {"nodes known": "nodes known", "time until the nodes are known": "after, s",
                                     "cables known": "cables known", "time until the cables are known": "after, s"}),
    "discovery-traffic": Block("Discovery", {
        "frames per link until then": "frames a link", "bytes per link until then": "bytes a link",
        "frames on the busiest link until then": "frames, busiest link",
        "bytes a second per link, while somebody watches": "bytes/s a link, then on",
        "bytes a second on the busiest link, likewise": "bytes/s, busiest link",
        "memory of the map, per node": "bytes of the map, a node"},
        pictures=(Picture("performance-discovery.svg", "Frames on a link until every node is known",
                          "frames per link until then", network_label, logarithmic=True,
                          series={"the least possible": "the least possible"}),)),
    "paths": Block("Paths", {}, goals=tuple(
        Goal("one path after a change", library, f"at most half of {library}'s search that stops at the target",
             lambda ratio: ratio <= 0.5) for library in ("Boost.Graph", "LEMON"))),
    "failover": Block("Failover", {}),
    "agent": Block("Agent", {}),
    "secrets": Block("Secrets", {}),
    "stream": Block("Stream", {}),
    "terminal": Block("Terminal", {"terminal takes text": "MB/s"}),
}


class Table:
    """The measurements of a block, row by row."""

    def __init__(self, measurements, names):
        self.names = names or {entry["name"]: entry["name"] for entry in measurements}
        self.rows = {}
        self.units = {}
        for entry in measurements:
            if entry["name"] not in self.names:
                continue
            key = json.dumps(entry["parameters"])
            row = self.rows.setdefault(key, {"parameters": entry["parameters"], "values": {}})
            cell = row["values"].setdefault(entry["name"], {"value": entry["value"], "baselines": {}})
            self.units[entry["name"]] = entry["unit"]
            if "baseline" in entry:
                cell["baselines"][entry["baseline"]["name"]] = (entry["baseline"]["value"], entry.get("ratio"))

    def baselines(self, name):
        found = {}
        for row in self.rows.values():
            found.update(dict.fromkeys(row["values"].get(name, {"baselines": {}})["baselines"]))
        return list(found)

    def parameters(self):
        found = {}
        for row in self.rows.values():
            found.update(dict.fromkeys(row["parameters"]))
        return list(found)


def wide(table, goals):
    """A column for each name and each of its baselines: for rows that differ in their parameters."""
    heads = [*table.parameters()]
    for name, heading in table.names.items():
        heads += [heading, *(f"to {baseline}" for baseline in table.baselines(name))]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in table.rows.values():
        cells = [f"{row['parameters'].get(name, '')}".removesuffix(".0") for name in table.parameters()]
        for name in table.names:
            cell = row["values"].get(name)
            cells.append(chart.number(cell["value"]) if cell else "")
            for baseline in table.baselines(name):
                value, ratio = cell["baselines"].get(baseline, (None, None)) if cell else (None, None)
                text = "" if ratio is None else f"{chart.number(ratio)} ({chart.number(value)})"
                missed = any(goal.name == name and goal.baseline == baseline and goal.applies(row["parameters"]) and
                             ratio is not None and not goal.met(ratio) for goal in goals)
                cells.append(f"**{text}**" if missed else text)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def tall(table):
    """A row for each measurement: for a mixture of units."""
    lines = ["| what | | measured | baseline | ratio |", "|---|---|---|---|---|"]
    for row in table.rows.values():
        where = ", ".join(f"{name} {value}" for name, value in row["parameters"].items())
        for name, cell in row["values"].items():
            measured = f"{chart.number(cell['value'])} {table.units[name]}"
            for baseline, (value, ratio) in (cell["baselines"] or {"": (None, None)}).items():
                beside = f"{baseline}: {chart.number(value)} {table.units[name]}" if baseline else ""
                lines.append(f"| {name} | {where} | {measured} | {beside} | "
                             f"{'' if ratio is None else chart.number(ratio)} |")
    return lines


def goal_lines(table, goals):
    for goal in goals:
        ratios = [row["values"][goal.name]["baselines"][goal.baseline][1] for row in table.rows.values()
                  if goal.applies(row["parameters"]) and
                  goal.baseline in row["values"].get(goal.name, {"baselines": {}})["baselines"]]
        met = sum(1 for ratio in ratios if ratio is not None and goal.met(ratio))
        if ratios:
            yield f"- Goal: {goal.text}. Met in {met} of {len(ratios)}" + (
                "." if met == len(ratios) else "; the others are in bold.")


def draw(table, picture, ours):
    wanted = picture.series or {name: name for name in table.baselines(picture.name)}
    names = [name for name in table.baselines(picture.name) if name in wanted]
    groups = []
    for row in table.rows.values():
        cell = row["values"].get(picture.name)
        if cell and picture.chosen(row["parameters"]):
            beside = [cell["baselines"].get(name, (None, None))[0] for name in names]
            groups.append((picture.label(row["parameters"]), [cell["value"], *beside]))
    if not groups:
        return None
    IMAGES.mkdir(exist_ok=True)
    image = chart.bars(picture.title, table.units[picture.name], [ours, *(wanted[name] for name in names)], groups,
                       picture.logarithmic)
    (IMAGES / picture.file).write_text(image, encoding="utf-8")
    return f"![{picture.title}](images/{picture.file})"


def render(block):
    content = json.loads((results.RESULTS / f"{block.benchmark}.json").read_text(encoding="utf-8"))
    table = Table(content["measurements"], block.names)
    images = [draw(table, picture, block.ours) for picture in block.pictures]
    parts = [f"`./dev bench {block.benchmark}`", "\n".join(wide(table, block.goals) if block.names else tall(table)),
             "\n".join(goal_lines(table, block.goals)), *(image for image in images if image)]
    return "\n\n".join(part for part in parts if part) + "\n"


def first_match(path, pattern):
    match = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8"), re.M)
    return match[1] if match else "unknown"


def machine():
    return (f"{len(re.findall(r'^processor', pathlib.Path('/proc/cpuinfo').read_text(encoding='utf-8'), re.M))} processors, "
            f"{first_match('/proc/cpuinfo', r'^model name.*: (.*)$')}; "
            f"{int(first_match('/proc/meminfo', r'^MemTotal: *([0-9]+)')) // 1048576 + 1} GB of memory; "
            f"{first_match('/etc/os-release', r'^PRETTY_NAME=.(.*).$')}; Linux {platform.release()}.\n")


def main():
    text = PAGE.read_text(encoding="utf-8")
    unknown = {match[2] for match in BLOCK.finditer(text)} - set(BLOCKS) - {"machine"}
    if unknown:
        sys.exit(f"report: nobody fills {', '.join(sorted(unknown))} of {PAGE.name}")

    def fill(match):
        key = match[2]
        if key == "machine":
            return match[1] + machine() + match[3]
        if not (results.RESULTS / f"{BLOCKS[key].benchmark}.json").exists():
            print(f"{key}: {BLOCKS[key].benchmark} has not run, left as it is", file=sys.stderr)
            return match[0]
        return match[1] + render(BLOCKS[key]) + match[3]

    PAGE.write_text(BLOCK.sub(fill, text), encoding="utf-8")
    print(f"{PAGE.relative_to(results.ROOT)} is up to date")


if __name__ == "__main__":
    main()
