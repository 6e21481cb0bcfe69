#!/usr/bin/env python3
"""Every test that tests/pitfalls.md names must be there, and every fault must name one.

pitfalls.py SOURCE_DIR
"""
import pathlib
import re
import sys

NAME = re.compile(r"`([A-Z]\w*\.(?!PEEK`)[A-Z]\w*|house\.\w+)`")  # `Suite.Test`, and not an item of FETCH
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)


def faults_of(table, tests):
    rows = 0
    for number, line in enumerate(table.splitlines(), 1):
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "Fault":
            continue
        rows += 1
        names = NAME.findall(line)
        if not names and not cells[-1].startswith("later:"):
            yield f"pitfalls.md:{number}: no test is named for: {cells[0]}"
        for name in names:
            if name not in tests:
                yield f"pitfalls.md:{number}: there is no test {name}"
    if rows < 40:
        yield f"pitfalls.md: only {rows} faults are listed"


def tests_in(source):
    names = {"house.rooms", "house.pitfalls"}
    for file in (source / "tests").rglob("*.cpp"):
        names |= {".".join(found) for found in TEST.findall(file.read_text(encoding="utf-8"))}
    return names


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1])
    faults = list(faults_of((source / "tests" / "pitfalls.md").read_text(encoding="utf-8"), tests_in(source)))
    print("\n".join(faults))
    sys.exit(1 if faults else 0)
