#!/usr/bin/env python3
"""Runs fuzz targets for a time each, several at once, and prints a line a target. Fails if one of them crashed.

What a target learns stays in .build/corpus/TARGET; it starts from there and from tests/fuzz/seeds/TARGET.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess

import tree

LONGEST_INPUT = 65536
SANITIZERS = {
    "UBSAN_OPTIONS": f"halt_on_error=1:print_stacktrace=1:suppressions={tree.ROOT}/tests/ubsan.supp",
    "ASAN_OPTIONS": "detect_stack_use_after_return=1",
    "LSAN_OPTIONS": f"suppressions={tree.ROOT}/tests/lsan.supp",
}


def run(target, seconds):
    """(target, exit code, libFuzzer's output)."""
    corpus = tree.ROOT / ".build/corpus" / target
    crashes = tree.ROOT / ".build/crashes" / target
    seeds = tree.ROOT / "tests/fuzz/seeds" / target
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    command = [tree.ROOT / ".build/fuzz/tests" / target, f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}",
               "-timeout=10", "-print_final_stats=1", f"-artifact_prefix={crashes}/", corpus]
    if seeds.is_dir():
        command.append(seeds)
    done = subprocess.run(command, cwd=tree.ROOT, env={**os.environ, **SANITIZERS}, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return target, done.returncode, done.stdout.decode(errors="replace")


def summary(target, code, output):
    """The line of one target, from libFuzzer's last status and final stats."""
    stats = dict(re.findall(r"^stat::(\w+):\s+(\d+)$", output, re.MULTILINE))
    covered = re.findall(r"cov: (\d+) .*?corp: (\d+)", output)
    edges, corpus = covered[-1] if covered else ("?", "?")
    return (f"{target:32} {'ok   ' if code == 0 else 'CRASH'} {stats.get('number_of_executed_units', '?'):>10} runs "
            f"{stats.get('average_exec_per_sec', '?'):>7}/s {edges:>6} edges {corpus:>5} inputs "
            f"{stats.get('peak_rss_mb', '?'):>5} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("targets", nargs="+")
    options = parser.parse_args()
    problems = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target, code, output in pool.map(lambda t: run(t, options.seconds), options.targets):
            print(summary(target, code, output), flush=True)
            if code != 0:
                problems.append(f"\n{target}:\n{output[-6000:]}")
    tree.finish(problems, f"fuzzed {len(options.targets)}, no crash")


if __name__ == "__main__":
    main()
