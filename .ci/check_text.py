#!/usr/bin/env python3
"""What holds for every text file: POSIX lines, a licence, names in snake_case, nothing put off without an issue."""
import re

import tree

CODE = (*tree.CPP, ".py", ".sh", ".cmake", "CMakeLists.txt", "dev")
NAME = re.compile(r"([a-z0-9_.]+/)*[a-z0-9_]+\.(hpp|cpp|h|c|py)")
LICENCE = "// SPDX-License-Identifier: BSD-3-Clause\n"
# Spelt so that this file passes its own check.
LATER = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b(?!\s*\(?#\d+)"


def problems_of(path, text):
    if path.endswith((*tree.CPP, ".py")) and not NAME.fullmatch(path):
        yield f"{path}: file names are snake_case"
    if path.endswith(tree.CPP) and LICENCE not in text[:300]:
        yield f"{path}: the first lines lack {LICENCE.strip()}"
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"
    if path.endswith(CODE):
        for line, word in tree.lines_with(LATER, text):
            yield f"{path}:{line}: {word} without the number of its issue: {word} #12"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield f"{path}:{number}: white space at the end of the line"
        if "\t" in line and path.endswith((*tree.CPP, ".py")):
            yield f"{path}:{number}: a tab"


def text_of(path):
    """None for what is not text."""
    content = (tree.ROOT / path).read_bytes()
    return None if b"\0" in content or path.startswith(("tests/fuzz/seeds/", "tests/vectors/")) else content.decode("utf-8")


if __name__ == "__main__":
    every = tree.files()
    found = [p for path in every if (text := text_of(path)) is not None for p in problems_of(path, text)]
    tree.finish(found, f"{len(every)} files are clean text")
