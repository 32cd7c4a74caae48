#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many frames one hop passes on, and what a frame costs it: the agent against two forwarders that do next to nothing.

A flood comes from a processor of its own, the hop has another. Each hop has a chain to itself, and the floods take turns, many
and short, so that what else this computer does meets all of them alike. Every hop gets the same frames, Data of the overlay
with a source route over the agent; what leaves is counted by the next interface. Each number is the median of the rounds.
"""
import argparse
import contextlib
import json
import sys

import forwarders
import netns
import results

FLOOD_CPU, HOP_CPU = 0, 1
KINDS = ("agent", "pcap", "raw")
# The smallest Data frame with two hop entries has 84 bytes; a full one has 1500 after the Ethernet header.
FRAME_BYTES = (96, 1514)


def received(chain):
    """Frames that have reached the far end's interface."""
    space = chain.namespace("server")
    return json.loads(netns.run("ip", "-n", space, "-j", "-s", "link", "show", "left"))[0]["stats64"]["rx"]["packets"]


class Contestant:
    """A hop that runs, in a chain of its own."""

    def __init__(self, kind, stack):
        self.kind = kind
        self.chain = stack.enter_context(netns.Chain(1, f"{kind}-"))
        (self.hop,) = stack.enter_context(forwarders.running(self.chain, kind, ["hop1"], cpus={HOP_CPU}))
        to_hop = forwarders.route_to(self.chain, "hop1")
        self.route = [*to_hop, f"{forwarders.LINK_OF['right']}/{self.chain.mac('server', 'left')}"]
        if kind == "agent":
            forwarders.echo(self.chain, "hop1", to_hop, count=1)

    def flood(self, frame_bytes, seconds):
        nobody = "02:00:00:00:03:01"
        before, cpu_before = received(self.chain), self.hop.cpu_seconds()
        with self.chain.start("client", results.BIN / "chain_probe", "flood", "right", "--mac",
                              self.chain.mac("client", "right"), "--target", nobody, "--frame-bytes", frame_bytes,
                              "--seconds", seconds, "--route", *self.route, cpus={FLOOD_CPU}) as flood:
            sent = json.loads(flood.finish(netns.COMMAND_SECONDS_MAX))
        frames, cpu = received(self.chain) - before, self.hop.cpu_seconds() - cpu_before
        if frames == 0:
            raise netns.BenchError(f"nothing came through {forwarders.NAMES[self.kind]}")
        return {"frames/s": frames / sent["seconds"], "ns": cpu / frames * 1e9, "offered/s": sent["sent"] / sent["seconds"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--frame-bytes", type=int, nargs="*", default=FRAME_BYTES)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    netns.raise_on_signals()
    report = results.Report("Forwarding")
    with contextlib.ExitStack() as stack:
        contestants = [Contestant(kind, stack) for kind in KINDS]
        for frame_bytes in arguments.frame_bytes:
            runs = {kind: [] for kind in KINDS}
            for number in range(arguments.runs):
                for contestant in results.turn(contestants, number):
                    runs[contestant.kind].append(contestant.flood(frame_bytes, arguments.seconds))
                    if arguments.verbose:
                        print(f"  {contestant.kind}: {runs[contestant.kind][-1]}", flush=True)
            middle = {(kind, what): results.median([run[what] for run in runs[kind]])
                      for kind in KINDS for what in ("frames/s", "ns")}
            for floor in KINDS[1:]:
                for name, what, unit in (("frames passed on", "frames/s", "frames/s"),
                                         ("processor time of a frame", "ns", "ns")):
                    report.add(name, {"frame, bytes": frame_bytes}, middle["agent", what], unit,
                               (forwarders.NAMES[floor], middle[floor, what]))
    report.write()


if __name__ == "__main__":
    try:
        main()
    except netns.BenchError as problem:
        sys.exit(f"bench_Forwarding: {problem}")
