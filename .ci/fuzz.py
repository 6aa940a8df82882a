#!/usr/bin/env python3
"""Runs fuzz targets for a time each, several at once, and prints a line a target. Fails if one of them crashed.

The time is a core's: on a busy machine a target runs until it has had that much.

What a target learns stays in .build/corpus/TARGET; it starts from there and from tests/fuzz/seeds/TARGET.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import tempfile

import tree

LONGEST_INPUT = 65536
SANITIZERS = {
    "UBSAN_OPTIONS": f"halt_on_error=1:print_stacktrace=1:suppressions={tree.ROOT}/tests/ubsan.supp",
    "ASAN_OPTIONS": "detect_stack_use_after_return=1",
    "LSAN_OPTIONS": f"suppressions={tree.ROOT}/tests/lsan.supp",
}


def run(target, seconds):
    """(target, exit code, libFuzzer's output, seconds of a core)."""
    corpus = tree.ROOT / ".build/corpus" / target
    crashes = tree.ROOT / ".build/crashes" / target
    seeds = tree.ROOT / "tests/fuzz/seeds" / target
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    target_program = tree.ROOT / ".build/fuzz/tests" / target
    used, output, code = 0.0, "", 0
    while code == 0 and used < seconds - 1:
        command = [target_program, f"-max_total_time={max(2, round(seconds - used))}", f"-max_len={LONGEST_INPUT}",
                   "-timeout=10", "-print_final_stats=1", f"-artifact_prefix={crashes}/", corpus]
        if seeds.is_dir():
            command.append(seeds)
        with tempfile.TemporaryFile() as log:
            with subprocess.Popen(command, cwd=tree.ROOT, env={**os.environ, **SANITIZERS}, stdout=log,
                                  stderr=subprocess.STDOUT) as process:
                _, status, usage = os.wait4(process.pid, 0)
                code = process.returncode = os.waitstatus_to_exitcode(status)
            log.seek(0)
            output += log.read().decode(errors="replace")
        used += usage.ru_utime + usage.ru_stime
    return target, code, output, used


def summary(target, code, output, used):
    """The line of one target, from libFuzzer's last status and final stats."""
    stats = re.findall(r"^stat::(\w+):\s+(\d+)$", output, re.MULTILINE)
    runs = sum(int(value) for name, value in stats if name == "number_of_executed_units")
    most = max((int(value) for name, value in stats if name == "peak_rss_mb"), default=0)
    covered = re.findall(r"cov: (\d+) .*?corp: (\d+)", output)
    edges, corpus = covered[-1] if covered else ("?", "?")
    return (f"{target:24} {'ok   ' if code == 0 else 'CRASH'} {used:5.0f} s {runs:>11} runs {runs / max(used, 0.01):>8.0f}/s "
            f"{edges:>6} edges {corpus:>5} inputs {most:>5} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=60, help="of a core, for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("targets", nargs="+")
    options = parser.parse_args()
    problems = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target, code, output, used in pool.map(lambda t: run(t, options.seconds), options.targets):
            print(summary(target, code, output, used), flush=True)
            if code != 0:
                problems.append(f"\n{target}:\n{output[-6000:]}")
    tree.finish(problems, f"fuzzed {len(options.targets)}, no crash")


if __name__ == "__main__":
    main()
