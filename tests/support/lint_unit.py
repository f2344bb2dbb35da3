"""Writes a source that includes others, and beside it the compile_commands.json of that source, for tests/lint.sh.

usage: lint_unit.py DATABASE UNIT FILE...      (DATABASE: the compile_commands.json of a tree that compiles each FILE on its own)
"""

import json
import shlex
import sys
from pathlib import Path

# Options with a value of its own.
PAIRED = {"-isystem", "-I", "-D", "-include"}


def options(command: str) -> list[tuple[str, ...]]:
    """The options of a compile command, without the compiler and what it reads and writes."""
    words = iter(shlex.split(command)[1:])
    found: list[tuple[str, ...]] = []
    for word in words:
        if word in ("-o", "-c"):
            next(words)
        else:
            found.append((word, next(words)) if word in PAIRED else (word,))
    return found


def main() -> None:
    database, unit, files = Path(sys.argv[1]), Path(sys.argv[2]).absolute(), [str(Path(name).absolute()) for name in sys.argv[3:]]
    commands = {entry["file"]: entry for entry in json.loads(database.read_text())}
    if unknown := [name for name in files if name not in commands]:
        sys.exit(f"{unknown[0]}: no source of {database.parent}")
    shared: dict[tuple[str, ...], None] = {}  # in order, each once
    for name in files:
        shared.update(dict.fromkeys(options(commands[name]["command"])))
    unit.parent.mkdir(parents=True, exist_ok=True)
    unit.write_text("".join(f'#include "{name}"\n' for name in files))
    words = ["c++", *(word for option in shared for word in option), "-c", str(unit)]
    entry = {"directory": commands[files[0]]["directory"], "file": str(unit), "command": shlex.join(words)}
    (unit.parent / "compile_commands.json").write_text(json.dumps([entry]))


main()
