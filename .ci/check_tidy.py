#!/usr/bin/env python3
"""clang-tidy on what changed since a base, with the flags of the release build.

A header is looked at through the file that compiles it alone. Clean results are remembered by content, outside of the
tree, so a second run, or CI on the same machine, asks clang-tidy only about what is new.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import time

import check_layers
import tree

BUILD = tree.ROOT / ".build/release"
TIDY = tree.ROOT / ".build/tidy"
REMEMBERED = tree.Path(os.environ.get("XDG_CACHE_HOME") or tree.Path.home() / ".cache") / "saffron/tidy"
LOOKED_AT = ("messages/", "transport/", "devices/", "actors/", "bench/")  # a test that is wrong fails
NOT_FOR_CLANG_14 = re.compile(r"_coroutine\.[hc]pp$")
GCC_PCH = re.compile(r" -include \S+cmake_pch\.hxx| -fpch-preprocess| -Winvalid-pch| -x c\+\+(?= )")
ALONE = re.compile(r".*_verify_interface_header_sets/(.*\.hpp)\.cxx$")


def git(*arguments):
    """What git says, or None if it fails."""
    result = subprocess.run(["git", *arguments], cwd=tree.ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() if result.returncode == 0 else None


def default_base():
    """Where this line of work left origin/main; the commit before the last one if there is no such place."""
    head, base = git("rev-parse", "HEAD"), git("merge-base", "origin/main", "HEAD")
    return base if base and base != head else git("rev-parse", "--verify", "-q", "HEAD~1") or "all"


def changed_since(base):
    """Committed since, not committed yet, and not even known to git yet."""
    committed = git("diff", "--name-only", "--diff-filter=d", base)
    if committed is None:
        tree.finish([f"git knows no commit {base}"], "")
    return {*committed.split("\n"), *git("ls-files", "--others", "--exclude-standard").split("\n")}


def filtered_commands():
    """Our file -> its entry, without what only GCC understands. A header's entry is the file that compiles it alone."""
    entries = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = os.path.relpath(entry["file"], tree.ROOT)
        if alone := ALONE.match(path):
            path = alone[1]
        entries[path] = {**entry, "command": GCC_PCH.sub("", entry["command"])}
    return entries


def worth_a_look(changed, entries):
    """The changed files to compile: a header whose own .cpp is looked at anyway is seen from there."""
    ours = sorted(path for path in changed if path in entries and path.startswith(LOOKED_AT))
    for path in [p for p in ours if NOT_FOR_CLANG_14.search(p)]:
        print(f"left out, clang 14 has no coroutines: {path}")
    ours = [p for p in ours if not NOT_FOR_CLANG_14.search(p)]
    return [p for p in ours if not (p.endswith(".hpp") and p[:-4] + ".cpp" in ours)]


def key_of(path, entry, texts):
    """What the result depends on, as far as it is ours: the checks, the flags, the file and what it includes."""
    seen, todo = {path}, [path]
    for file in todo:
        new = [n for _, quoted, n in check_layers.includes_of(texts[file]) if quoted and n in texts and n not in seen]
        seen.update(new)
        todo.extend(dict.fromkeys(new))
    # The command without its paths: another clone has others.
    flags = entry["command"].replace(str(tree.ROOT), "")
    parts = [tree.read(".clang-tidy"), flags, *(f"{file}\n{texts[file]}" for file in sorted(seen))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def look_at(path, entry):
    """(path, seconds, clang-tidy's complaints or the empty string)."""
    start = time.monotonic()
    run = subprocess.run(["clang-tidy", "--quiet", "-p", str(TIDY), entry["file"]],
                         cwd=tree.ROOT, capture_output=True, text=True, check=False)
    complaint = "" if run.returncode == 0 else run.stdout.replace(f"{tree.ROOT}/", "") or run.stderr
    return path, time.monotonic() - start, complaint


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tidy-base", metavar="REV", help="a commit, or all, or none", default=None)
    base = parser.parse_args().tidy_base or default_base()
    if base == "none":
        tree.finish([], "not asked for")
    texts = {path: tree.read(path) for path in tree.files(*tree.CPP)}
    entries = filtered_commands()
    changed = set(texts) if base == "all" else changed_since(base) & set(texts)
    looked_at = worth_a_look(changed, entries)

    TIDY.mkdir(parents=True, exist_ok=True)
    (TIDY / "compile_commands.json").write_text(json.dumps(list(entries.values()), indent=1))
    REMEMBERED.mkdir(parents=True, exist_ok=True)
    keys = {path: key_of(path, entries[path], texts) for path in looked_at}
    new = [path for path in looked_at if not (REMEMBERED / keys[path]).exists()]
    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, seconds, complaint in pool.map(lambda p: look_at(p, entries[p]), new):
            print(f"{seconds:5.1f} s {path}\n{complaint}".rstrip(), flush=True)
            if complaint:
                failed.append(f"clang-tidy is not content with {path}")
            else:
                (REMEMBERED / keys[path]).touch()
    tree.finish(failed, f"{len(looked_at)} files changed since {base[:12]} are clean,"
                        f" {len(looked_at) - len(new)} of them are known to be")


if __name__ == "__main__":
    main()
