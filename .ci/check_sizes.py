#!/usr/bin/env python3
"""One idea, one file: prints the ten longest, and fails for one of over 600 lines without a reason in long_files.txt."""
import tree

LIMIT = 600
REASONS = ".ci/long_files.txt"


def reasons_of(text):
    """path -> reason, of the lines `path: reason`."""
    entries = (line.partition(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {path.strip(): reason.strip() for path, _, reason in entries}


def problems_of(lengths, reasons):
    """lengths: path -> number of lines."""
    for path, length in lengths.items():
        if length > LIMIT and not reasons.get(path):
            yield f"{path}: {length} lines. Split it, or give the reason in {REASONS}"
    for path in reasons:
        if lengths.get(path, 0) <= LIMIT:
            yield f"{REASONS}: {path} needs no reason any more"


if __name__ == "__main__":
    lines = {path: tree.read(path).count("\n") for path in tree.files(*tree.CPP, ".py")}
    for name, count in sorted(lines.items(), key=lambda item: -item[1])[:10]:
        print(f"{count:5} {name}")
    tree.finish(list(problems_of(lines, reasons_of(tree.read(REASONS)))), f"none of {len(lines)} is over {LIMIT} lines without a reason")
