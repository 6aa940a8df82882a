"""What the checks share: the files of the tree, and C++ without its comments and strings."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPP = (".hpp", ".cpp", ".h", ".c")

# One alternative a kind, tried at each place of the text; only the first four are blanked out.
_TOKEN = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | \bR"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL | re.VERBOSE,
)


def files(*suffixes):
    """Tracked files and new ones that are not ignored, as paths from the root; all of them without suffixes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    return sorted(f for f in listed if f and (not suffixes or f.endswith(suffixes)) and (ROOT / f).is_file())


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code_of(text):
    """The text with comments and literals blanked, line for line as it was."""
    return _TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def lines_with(pattern, text):
    """(line number, what matched) for each match."""
    return [(text.count("\n", 0, m.start()) + 1, m.group().strip()) for m in re.finditer(pattern, text)]


def finish(problems, fine):
    """Prints the problems, or the one line that says all is well, and ends the process."""
    for problem in problems:
        print(problem)
    if not problems:
        print(fine)
    sys.exit(1 if problems else 0)
