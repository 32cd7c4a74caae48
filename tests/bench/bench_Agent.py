#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the agent takes of a computer that it merely serves: memory, room on the disk, processor time.

The agent under measurement stands in the middle of the lab with four ports and a neighbor on each. The baseline is the limit
that the project has set itself.
"""
import argparse
import os
import pathlib
import select
import subprocess
import sys
import tempfile

import netns
import results

LAB = results.ROOT / "tests/lab/lab"
LAB_SECONDS_MAX = 60
NODE = "middle"
NEIGHBORS = ("north", "east", "south")
LIMITS = {"resident": 8.0, "stripped": 3.0, "processor": 0.1}
TOPOLOGY = "\n".join([
    "workstation desk 02:00:00:00:00:01",
    f"device {NODE} 02:00:00:00:00:02",
    *(f"device {name} 02:00:00:00:00:{number:02x}" for number, name in enumerate(NEIGHBORS, 3)),
    f"link desk {NODE} 100 100",
    *(f"link {NODE} {name} 100 100" for name in NEIGHBORS),
]) + "\n"


class Lab:
    """The lab of tests/lab/lab, gone when its `with` block ends."""

    def __init__(self):
        self.parent = tempfile.TemporaryDirectory(prefix=netns.PREFIX)
        self.folder = pathlib.Path(self.parent.name) / "lab"

    def command(self, *arguments):
        done = subprocess.run([LAB, arguments[0], self.folder, *arguments[1:]], capture_output=True, text=True,
                              env={**os.environ, "FB_BIN": str(results.BIN)}, timeout=LAB_SECONDS_MAX, check=False)
        if done.returncode != 0:
            raise netns.BenchError(f"lab {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def __enter__(self):
        topology = pathlib.Path(self.parent.name) / "topology"
        topology.write_text(TOPOLOGY, encoding="utf-8")
        self.command("up", topology)
        return self

    def __exit__(self, *_):
        self.command("down")
        self.parent.cleanup()

    def agent_of(self, node):
        """The agent's process: the one of that name among what the node's starter began."""
        processes = [int((self.folder / "nodes" / node / "pid").read_text(encoding="ascii"))]
        for process in processes:  # grows while it is walked: a node has a handful of processes
            if pathlib.Path(f"/proc/{process}/comm").read_text(encoding="ascii").strip() == "footbridged":
                return process
            children = pathlib.Path(f"/proc/{process}/task/{process}/children")
            processes.extend(int(child) for child in children.read_text(encoding="ascii").split())
        raise netns.BenchError(f"the agent of {node} is not there")


def status_of(process, key):
    for line in pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise netns.BenchError(f"no {key} of process {process}")


def processor_seconds(process):
    tasks = pathlib.Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def idle_for(process, seconds):
    """Nobody asks the agent for anything; an agent that ends meanwhile is an error."""
    watch = select.poll()
    descriptor = os.pidfd_open(process)
    watch.register(descriptor, select.POLLIN)
    ended = watch.poll(seconds * 1000)
    os.close(descriptor)
    if ended:
        raise netns.BenchError("the agent has ended")


def stripped_bytes():
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "footbridged"
        netns.run("strip", "-o", str(copy), str(results.BIN / "footbridged"))
        return copy.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="of idling")
    arguments = parser.parse_args()
    netns.raise_on_signals()
    report = results.Report("Agent")
    limit = "the limit"
    report.add("size of the stripped program", {}, stripped_bytes() / 1e6, "MB", (limit, LIMITS["stripped"]))
    with Lab() as lab:
        # A look at the network first, so that the agent has a map to keep, and the pages that it needs for it.
        lab.command("exec", "desk", str(results.BIN / "footbridgectl"), "--socket",
                    str(lab.folder / "nodes/desk/agent.sock"), "neighbors", "--wait", "2")
        agent = lab.agent_of(NODE)
        report.add("resident memory", {"ports": 1 + len(NEIGHBORS)}, status_of(agent, "VmRSS") / 1024, "MB",
                   (limit, LIMITS["resident"]))
        report.add("of it, not shared with other programs", {"ports": 1 + len(NEIGHBORS)},
                   status_of(agent, "RssAnon") / 1024, "MB")
        before = processor_seconds(agent)
        idle_for(agent, arguments.seconds)
        share = (processor_seconds(agent) - before) / arguments.seconds * 100
        report.add("processor while idle", {"ports": 1 + len(NEIGHBORS)}, share, "%", (limit, LIMITS["processor"]))
    report.write()


if __name__ == "__main__":
    try:
        main()
    except netns.BenchError as problem:
        sys.exit(f"bench_Agent: {problem}")
