#!/usr/bin/env python3
"""Four floors, each standing on those below: messages, transport, devices, actors. No arrow back.

Checks who includes whom, which libraries a floor may know, and the words that a floor must not say.
"""
import re

import tree

# A room, and the rooms whose headers it may include. A file belongs to the longest name that its path starts with.
MESSAGES = {"messages", "messages/wire", "messages/image"}
DEVICES = MESSAGES | {"transport", "devices"}
SOURCES = {"devices/demo", "devices/qemu_dbus", "devices/spice_api"}  # where VMs come from: only a host knows them
EVERYTHING = DEVICES | SOURCES | {"actors", "actors/host"}
MAY_INCLUDE = {
    "messages": MESSAGES,
    "messages/wire": MESSAGES,
    "messages/image": MESSAGES,
    "messages/image/avcodec": {"messages/image", "messages/image/avcodec"},  # a module of its own: nobody includes it
    "transport": MESSAGES | {"transport"},
    "devices": DEVICES,
    **{source: DEVICES | {source} for source in SOURCES},
    "actors": DEVICES | {"actors"},
    "actors/host": EVERYTHING,
    "tests": EVERYTHING | {"tests", "bench"},
    "bench": EVERYTHING - SOURCES | {"devices/demo", "bench"},  # whose pictures are measured
}

# messages/ knows the standard library, the kernel's, C's and the CPU's headers, CAF, text, results, and codecs.
PLAIN_HEADER = re.compile(r"[a-z0-9_]+|(poll|unistd|pthread|errno|fcntl|signal|time|endian|dlfcn)\.h|sys/[a-z0-9_]+\.h")
MESSAGES_MAY_KNOW = re.compile(r"(caf|fmt|tl|opus)/.*|lz4\w*\.h|jpeglib\.h|turbojpeg\.h|zlib\.h|immintrin\.h")
MAY_KNOW = {**{room: MESSAGES_MAY_KNOW for room in MESSAGES}, "messages/image/avcodec": re.compile(r"libav(codec|util)/.*")}
# Pure functions from bytes to structs, from pixels to bytes.
WITHOUT_CAF = {"messages/wire", "messages/image", "messages/image/avcodec"}

NEVER_WAIT = r"\bstd::\w*mutex\b|\bcondition_variable\w*|\bsleep_(for|until)\b|\b(u|nano)?sleep\s*\("
NO_ENVIRONMENT = r"\b(secure_)?getenv\b"
FORBIDDEN_WORDS = {
    "messages": (NEVER_WAIT, NO_ENVIRONMENT),
    "transport": (NO_ENVIRONMENT,),
    "devices": (NO_ENVIRONMENT,),
    "actors": (NEVER_WAIT, NO_ENVIRONMENT),
}

OUTSIDE = "tests/extension/"  # a program of somebody else's: its own headers have no path from our root

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def room_of(path):
    return max((room for room in MAY_INCLUDE if path.startswith(room + "/")), key=len, default=None)


def includes_of(text):
    """(line number, in quotes?, name) for each include."""
    return [(text.count("\n", 0, m.start()) + 1, m[1] == '"', m[2]) for m in INCLUDE.finditer(text)]


def include_problem(path, quoted, name, tree_files):
    room = room_of(path)
    if path.startswith(OUTSIDE) and OUTSIDE + name in tree_files:
        return None
    target = room_of(name)
    if quoted and name not in tree_files:
        return f'"{name}" is not a path from the root of the tree (libraries go in <>)'
    if not quoted and name in tree_files:
        return f'<{name}> is ours: in quotes, please'
    if quoted and target not in MAY_INCLUDE[room]:
        return f"{room}/ may not include {target or 'this'}/: {name}"
    if not quoted and room in MAY_KNOW and not (PLAIN_HEADER.fullmatch(name) or MAY_KNOW[room].fullmatch(name)):
        return f"messages/ may not know <{name}>: only std, POSIX, CAF, fmt and codecs"
    return None


def word_problems(path, text):
    code = tree.code_of(text)
    for pattern in FORBIDDEN_WORDS.get(path.split("/")[0], ()):
        for line, word in tree.lines_with(pattern, code):
            yield f"{path}:{line}: {word} has no place in {path.split('/')[0]}/: nobody waits, options are typed"


def path_to_caf(start, texts):
    """The chain of our own includes from start to one of CAF's, or None."""
    chains, seen = [[start]], {start}
    for chain in chains:
        for _, quoted, name in includes_of(texts[chain[-1]]):
            if not quoted and name.startswith("caf/"):
                return [*chain, name]
            if quoted and name in texts and name not in seen:
                seen.add(name)
                chains.append([*chain, name])
    return None


def problems_of(texts):
    """texts: path -> content of every C++ file."""
    for path, text in texts.items():
        room = room_of(path)
        if room is None:
            continue
        for line, quoted, name in includes_of(text):
            if problem := include_problem(path, quoted, name, texts):
                yield f"{path}:{line}: {problem}"
        if room in WITHOUT_CAF and (chain := path_to_caf(path, texts)):
            yield f"{path}: {room}/ does without CAF, but: {' -> '.join(chain)}"
        yield from word_problems(path, text)


if __name__ == "__main__":
    every = {path: tree.read(path) for path in tree.files(*tree.CPP)}
    tree.finish(list(problems_of(every)), f"{len(every)} files keep to their floors")
