#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes WidthTable.inc from the Unicode data that Python carries: python3 makeWidthTable.py > WidthTable.inc"""
import sys
import unicodedata


def is_zero_width(code):
    character = chr(code)
    if code == 0xAD:  # soft hyphen: terminals show it
        return False
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF:  # Hangul vowels and finals join the leading consonant
        return True
    return unicodedata.category(character) in ("Mn", "Me", "Cf")


def is_wide(code):
    # Unassigned code points of the ideographic planes and blocks are wide by UAX #11.
    if 0x20000 <= code <= 0x2FFFD or 0x30000 <= code <= 0x3FFFD:
        return True
    if unicodedata.category(chr(code)) == "Cn" and not (0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF):
        return False
    return unicodedata.east_asian_width(chr(code)) in ("W", "F")


def ranges(predicate):
    found = []
    for code in range(0x80, 0x110000):
        if not predicate(code):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def table(name, found):
    print(f"constexpr CodeRange {name}[] = {{")
    line = "   "
    for first, last in found:
        entry = f" {{0x{first:x}, 0x{last:x}}},"
        if len(line) + len(entry) > 120:
            print(line)
            line = "   "
        line += entry
    print(line)
    print("};")


print("// SPDX-License-Identifier: Apache-2.0")
print(f"// Made by makeWidthTable.py from Unicode {unicodedata.unidata_version}; do not edit. Both tables are sorted.")
print("// clang-format off")
table("kZeroWidth", ranges(is_zero_width))
table("kWide", ranges(lambda code: is_wide(code) and not is_zero_width(code)))
print("// clang-format on")
sys.exit(0)
