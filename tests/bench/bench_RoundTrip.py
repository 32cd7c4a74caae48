#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long one small question and its answer take over a chain of hops, one at a time.

The echo of the overlay, answered by an agent at the far end, with agents or bare forwarders as hops; and beside it UDP
between two programs with the kernels of the same namespaces forwarding. Each number is the median of the rounds.
"""
import argparse
import json
import sys

import forwarders
import netns
import results

HOPS = (1, 3, 5)
OVERLAY = ("agent", "pcap", "raw")
# Whether a wake-up crosses processors is the scheduler's luck and costs more than the work of a hop: everybody has one.
CPUS = {1}


def ask_overlay(chain, kind, count):
    with forwarders.running(chain, kind, chain.hops, CPUS), forwarders.running(chain, "agent", ["server"], CPUS):
        route = (forwarders.route_to if kind == "agent" else forwarders.route_past)(chain, "server")
        return forwarders.echo(chain, "server", route, count, CPUS)


def ask_kernel(chain, address, count):
    probe = results.BIN / "chain_probe"
    with chain.start("server", probe, "answer-udp", address, cpus=CPUS) as answerer:
        answerer.wait_ready()
        with chain.start("client", probe, "udp", address, "--count", count, cpus=CPUS) as asker:
            return json.loads(asker.finish(netns.COMMAND_SECONDS_MAX + count * 0.3))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hops", type=int, nargs="*", default=HOPS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=800, help="questions of a run")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    netns.raise_on_signals()
    report = results.Report("RoundTrip")
    for hops in arguments.hops:
        runs = {kind: [] for kind in (*OVERLAY, "kernel")}
        with netns.Chain(hops) as chain:
            address = chain.address_route()
            for _ in range(arguments.runs):
                for kind in OVERLAY:
                    runs[kind].append(ask_overlay(chain, kind, arguments.count))
                runs["kernel"].append(ask_kernel(chain, address, arguments.count))
                if arguments.verbose:
                    for kind, list_of_runs in runs.items():
                        print(f"  {kind}: {list_of_runs[-1]}", flush=True)
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
