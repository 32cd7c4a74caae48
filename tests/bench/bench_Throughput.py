#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A copy and keystrokes beside it, from one end of a chain to the other: a stream of the overlay against kernel TCP.

The same hop processes carry both; the first of them loses and delays frames, in both directions. One turn of every
carrier after the other is a round; each number is the median of the rounds.
"""
import argparse
import json
import sys

import netns
import results

CARRIERS = ("stream", "bbr", "cubic")
# Longer than copies yield to somebody who typed: kTypingPause in core/stream/Streams.cpp.
WARM_UP_SECONDS = 0.8
IDLE_SECONDS = 0.4
# A connection may open slowly over a bad line: tests/bench/chain/end.cpp has the same limit.
OPEN_SECONDS_MAX = 15
DELAY_MS = 20
# Hops with the losses (per cent) measured over them; without a hop nothing can lose a frame.
LOSSES = {0: (0,), 1: (0, 1, 5, 20), 3: (0, 1, 5), 5: (0, 1, 5)}


def plan(arguments):
    for hops in arguments.hops:
        for loss in arguments.loss if arguments.loss is not None else LOSSES.get(hops, (0, 1, 5)):
            for delay in arguments.delay:
                if hops > 0 or (loss == 0 and delay == 0):
                    yield hops, loss, delay


def start_hops(chain, kind, loss, delay, seed):
    """One after the other, so that a failure leaves those before it in the list of whoever cleans up."""
    programs = []
    for hop in chain.hops:
        line = ("--loss", loss, "--delay", delay, "--seed", seed) if hop == "hop1" else ()
        programs.append(chain.start(hop, results.BIN / "chain_hop", kind, "left", "right", *line))
    for program in programs:
        program.wait_ready()
    return programs


def measure(chain, carrier, copy_seconds):
    """One run: what the server and the client printed, as one dictionary."""
    common = (carrier, "--address", netns.SERVER_ADDRESS, "--copy", copy_seconds, "--warm-up", WARM_UP_SECONDS,
              "--idle", IDLE_SECONDS)
    end = results.BIN / "chain_end"
    seconds_max = OPEN_SECONDS_MAX * 2 + 2 * copy_seconds + WARM_UP_SECONDS + IDLE_SECONDS
    with chain.start("server", end, "server", *common, "--interface", "left") as server:
        server.wait_ready()
        with chain.start("client", end, "client", *common, "--interface", "right") as client:
            answer = json.loads(client.finish(seconds_max))
            answer["client"] = answer.pop("statistics")
        counted = json.loads(server.finish(seconds_max))
    return {**answer, "server": counted.pop("statistics"), **counted}


def compare(chain, arguments, loss, delay):
    """Runs of every carrier, in turn."""
    runs = {carrier: [] for carrier in arguments.carriers}
    for number in range(arguments.runs):
        programs = []
        try:
            programs = start_hops(chain, arguments.hop, loss, delay, seed=2 * number + 1)
            for carrier in results.turn(arguments.carriers, number):
                runs[carrier].append(measure(chain, carrier, arguments.seconds))
                if arguments.verbose:
                    print(f"  {carrier}: {json.dumps(runs[carrier][-1])}", flush=True)
        finally:
            for program in programs:
                program.__exit__()
    return runs


def report_on(report, parameters, runs):
    def middle(carrier, *keys):
        def pick(run):
            for key in keys:
                run = run[key]
            return run
        return results.median([pick(run) for run in runs[carrier]])

    others = [carrier for carrier in runs if carrier != "stream"]
    if "stream" not in runs or not others:
        return
    for other in others:
        for name, rate in (("copy", "MB/s"), ("copy beside keystrokes", "MB/s beside keystrokes")):
            report.add(name, parameters, middle("stream", rate), "MB/s",
                       (f"kernel TCP, {other.upper()}", middle(other, rate)))
    for phase, name in (("idle", "keystroke"), ("busy", "keystroke during a copy")):
        for percentile in ("p50", "p99"):
            for other in others:
                report.add(f"{name}, {percentile}", parameters, middle("stream", phase, percentile), "ms",
                           (f"kernel TCP, {other.upper()}", middle(other, phase, percentile)))
    report.add("keystroke during a copy, p99", parameters, middle("stream", "busy", "p99"), "ms",
               ("a keystroke alone", middle("stream", "idle", "p99")))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hops", type=int, nargs="*", default=sorted(LOSSES))
    parser.add_argument("--loss", type=float, nargs="*", help="per cent")
    parser.add_argument("--delay", type=float, nargs="*", default=[0, DELAY_MS], help="milliseconds, one way")
    parser.add_argument("--carriers", nargs="*", default=CARRIERS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.2, help="of the copy, that count, alone and beside keystrokes")
    parser.add_argument("--hop", choices=("pcap", "raw"), default="pcap", help="which bare forwarder the hops are")
    parser.add_argument("--verbose", action="store_true", help="every run, with what its ends count")
    return parser.parse_args()


def main():
    arguments = parse()
    netns.raise_on_signals()
    report = results.Report("Throughput")
    chains = {}
    for hops, loss, delay in plan(arguments):
        chains.setdefault(hops, []).append((loss, delay))
    try:
        for hops, lines in chains.items():
            with netns.Chain(hops) as chain:
                chain.address_ends()
                for loss, delay in lines:
                    runs = compare(chain, arguments, loss, delay)
                    report_on(report, {"hops": hops, "loss, %": loss, "delay, ms": delay}, runs)
    finally:
        report.write()  # what was measured before something went wrong is worth keeping


if __name__ == "__main__":
    try:
        main()
    except netns.BenchError as problem:
        sys.exit(f"bench_Throughput: {problem}")
