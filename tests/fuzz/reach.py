#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what a libFuzzer program prints with -print_coverage=1 and says, for each file of the core, how many of its
functions were reached and which were not. A function that the compiler put into its callers counts with them."""
import collections
import re
import sys

LINE = re.compile(r"^(UN)?COVERED_FUNC: (?:hits: \d+ )?edges: (\d+)/(\d+) (.*) (?:\S*/)?core/(\S+?):\d+(?::\d+)?$")

reached = collections.Counter()
edges = collections.Counter()
edges_all = collections.Counter()
missed = collections.defaultdict(list)
for line in sys.stdin:
    match = LINE.match(line.rstrip("\n"))
    if match is None:
        continue
    name = match[5]
    edges[name] += int(match[2])
    edges_all[name] += int(match[3])
    if match[1]:
        missed[name].append(match[4])
    else:
        reached[name] += 1
for name in sorted(set(reached) | set(missed)):
    total = reached[name] + len(missed[name])
    print(f"{name}: {reached[name]} of {total} functions, {edges[name]} of {edges_all[name]} edges")
    for function in missed[name]:
        print(f"    not reached: {function}")
if not reached:
    sys.exit("nothing of the core was reached: is llvm-symbolizer installed?")
