#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules that a script can see: room arrows, file lengths, banned words, licence lines, format.

Run by ./dev tidy, by ctest and, with --staged, by the commit hook. Prints one line a finding; exits 1 if there is any.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LENGTH_MAX = 500
# Files that are longer for a reason; this list may only shrink.
LONG_FILES: set[str] = set()

# (where, pattern, why not and what instead)
BANNED = [
    (r"^core/(?!runtime/)", r"steady_clock::now|system_clock::now", "time comes in as an argument; only core/runtime asks"),
    (r"^core/(?!runtime/)", r"\bstd::(mutex|lock_guard|unique_lock|scoped_lock)\b", "mutexes live in core/runtime only"),
    (r"^core/", r"#include <Q|\bQ_OBJECT\b", "core is free of Qt"),
    (r"^(core|ui|app)/", r"\bntoh[sl]\b|\bhton[sl]\b|__attribute__\(\(packed\)\)", "bytes go through core/wire"),
    (r"^(core|ui|app)/", r"\bprintf\s*\(", "use a stream"),
    (r"^(core|ui|app)/", r"std::format\b|std::expected\b|std::views\b|std::source_location\b", "not in both compilers"),
    (r"^ui/", r"\bSIGNAL\s*\(|\bSLOT\s*\(", "connect with member pointers"),
    (r"^(ui|app)/", r"processEvents\s*\(", "never a nested event loop"),
    (r"^ui/", r"core/(link|runtime)/", "ui talks to core/agent"),
    (r"^tests/", r"\b(u?sleep|sleep_for|qSleep|qWait)\s*\(", "tests do not sleep: advance() or QTRY_*"),
    (r"^(core|ui|app|tests)/", r"\b(FIXME|TODO|XXX|HACK)\b", "finish it, or say in words why it is so"),
    (r"^(core|ui|app|tests|docs)/", r"[Nn]eighbour", "spelled neighbor here"),
]
# These hold in comments too.
PROSE = {r"\b(FIXME|TODO|XXX|HACK)\b", r"[Nn]eighbour"}


def tracked(staged):
    command = ["git", "diff", "--cached", "--name-only", "--diff-filter=ACMR"] if staged else [
        "git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in names if name and (ROOT / name).is_file()]


def room_table():
    text = (ROOT / "cmake/Rooms.cmake").read_text()
    return {name: set(uses.split()) for name, uses in re.findall(r"^set\((\w+)_USES\s*([^)]*)\)", text, re.M)}


def room_of(path):
    parts = path.split("/")
    return "_".join(parts[:2]) if parts[0] in ("core", "ui") and len(parts) > 2 else None


def arrow_findings(path, lines, rooms):
    mine = room_of(path)
    if mine is None:
        return
    if mine not in rooms:
        yield f"{path}: the room {mine} has no line in cmake/Rooms.cmake"
        return
    for number, line in enumerate(lines, 1):
        match = re.match(r'#include "((?:core|ui)/[^"]+)"', line)
        if match and room_of(match[1]) not in rooms[mine] | {mine}:
            yield f"{path}:{number}: {mine} may not use {room_of(match[1])} (cmake/Rooms.cmake)"


def line_findings(path, lines):
    if len(lines) > LENGTH_MAX and path.endswith((".cpp", ".h")) and path not in LONG_FILES:
        yield f"{path}: {len(lines)} lines; {LENGTH_MAX} is the limit: is it still one thing?"
    if path.endswith((".cpp", ".h", ".cmake", "CMakeLists.txt")) and "SPDX-License-Identifier" not in "\n".join(lines[:2]):
        yield f"{path}: the SPDX line is missing"
    rules = [(re.compile(pattern), why, pattern in PROSE) for where, pattern, why in BANNED if re.search(where, path)]
    if path.startswith("tests/tidy/"):
        rules = []
    for number, line in enumerate(lines, 1):
        comment = line.lstrip().startswith("//")
        for pattern, why, prose in rules:
            match = pattern.search(line)
            if match and (prose or not comment):
                yield f"{path}:{number}: {match[0].strip()}: {why}"


def format_findings(sources):
    if not sources:
        return
    run = subprocess.run(["clang-format-14", "--dry-run", *sources], cwd=ROOT, capture_output=True, text=True, check=False)
    for name in sorted(set(re.findall(r"^([^:\s]+):\d+:\d+: warning: code should be clang-formatted", run.stderr, re.M))):
        yield f"{name}: not formatted; run ./dev fmt"


def main():
    names = tracked("--staged" in sys.argv)
    rooms = room_table()
    findings = []
    for name in names:
        if not name.endswith((".cpp", ".h", ".cmake", "CMakeLists.txt", ".md", ".py")):
            continue
        lines = (ROOT / name).read_text(errors="replace").split("\n")
        findings += arrow_findings(name, lines, rooms)
        findings += line_findings(name, lines)
    findings += format_findings([name for name in names if name.endswith((".cpp", ".h"))])
    print("\n".join(findings) if findings else f"{len(names)} files, nothing to tidy")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
