#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long one small question and its answer take over a chain of hops, one at a time.

The echo of the overlay, answered by an agent at the far end, with agents or bare forwarders as hops; and beside it UDP
between two programs with the kernels of their namespaces forwarding. Each of them has a chain to itself and all programs run
at once, but questions are asked in turns, a few hundred at a time. Each number is the median of the rounds.
"""
import argparse
import contextlib
import json
import sys

import forwarders
import netns
import results

HOPS = (1, 3, 5)
OVERLAY = ("agent", "pcap", "raw")
# Whether a wake-up crosses processors is the scheduler's luck and costs more than the work of a hop: everybody has one.
CPUS = {1}
PROBE = results.BIN / "chain_probe"


class Overlay:
    """Agents, or bare forwarders, between the client and an agent at the far end."""

    def __init__(self, kind, hops, stack):
        self.kind = kind
        self.chain = stack.enter_context(netns.Chain(hops, f"{kind}-"))
        stack.enter_context(forwarders.running(self.chain, kind, self.chain.hops, CPUS))
        stack.enter_context(forwarders.running(self.chain, "agent", ["server"], CPUS))
        self.route = (forwarders.route_to if kind == "agent" else forwarders.route_past)(self.chain, "server")

    def ask(self, count):
        return forwarders.echo(self.chain, "server", self.route, count, CPUS)


class Kernel:
    """The kernels of the namespaces between two programs."""

    def __init__(self, hops, stack):
        self.kind = "kernel"
        self.chain = stack.enter_context(netns.Chain(hops, "kernel-"))
        self.address = self.chain.address_route()
        answerer = stack.enter_context(self.chain.start("server", PROBE, "answer-udp", self.address, cpus=CPUS))
        answerer.wait_ready()

    def ask(self, count):
        with self.chain.start("client", PROBE, "udp", self.address, "--count", count, cpus=CPUS) as asker:
            return json.loads(asker.finish(netns.COMMAND_SECONDS_MAX + count * 0.3))


def measure(hops, arguments):
    """The runs of each kind."""
    with contextlib.ExitStack() as stack:
        contestants = [*(Overlay(kind, hops, stack) for kind in OVERLAY), Kernel(hops, stack)]
        runs = {contestant.kind: [] for contestant in contestants}
        for number in range(arguments.runs):
            for contestant in results.turn(contestants, number):
                runs[contestant.kind].append(contestant.ask(arguments.count))
                if arguments.verbose:
                    print(f"  {contestant.kind}: {runs[contestant.kind][-1]}", flush=True)
        return runs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hops", type=int, nargs="*", default=HOPS)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--count", type=int, default=300, help="questions of a run")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    netns.raise_on_signals()
    report = results.Report("RoundTrip")
    for hops in arguments.hops:
        runs = measure(hops, arguments)
        for percentile in ("p50", "p99"):
            middle = {kind: results.median([run[percentile] for run in runs[kind]]) for kind in runs}
            for floor in ("pcap", "raw", "kernel"):
                report.add(f"echo round trip, {percentile}", {"hops": hops}, middle["agent"], "ms",
                           (forwarders.NAMES[floor], middle[floor]))
    report.write()


if __name__ == "__main__":
    try:
        main()
    except netns.BenchError as problem:
        sys.exit(f"bench_RoundTrip: {problem}")
