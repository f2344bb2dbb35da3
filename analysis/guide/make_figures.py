#!/usr/bin/env python3
"""Makes the figures of the task pages and of the tutorial anew, by the commands that the pages show: some ten minutes on two cores.

usage: make_figures.py PROGRAM [PAGE...]      e.g. make_figures.py build/release/src/cli/attnpaths induction
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from page_commands import blocks_of, commands_of, file_of

GUIDE = Path(__file__).resolve().parent
ROOT = GUIDE.parents[1]
WIDTH = 1600  # pixels at most
COLOURS = 256


def write_small(figure, target):
    """A figure of few colours as a small file."""
    image = Image.open(figure).convert("RGB")
    if image.width > WIDTH:
        image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, optimize=True)


def figures_of(page, commands):
    """Figures that a page shows and draws itself."""
    drawn = [figure[1] for command in commands if (figure := re.search(r"-o (\S+\.png)", command))]
    return [figure for figure in drawn if f"figures/{figure})" in page.read_text()]


def main(program, *names):
    for page in sorted(GUIDE.rglob("*.md")):
        blocks = blocks_of(page)
        commands = [command for block in blocks for command, _ in commands_of(block)]
        figures = figures_of(page, commands)
        if not figures or (names and page.stem not in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "jobs").symlink_to(ROOT / "jobs")
            (Path(folder) / "attnpaths").symlink_to(Path(program).resolve())
            (Path(folder) / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
            (Path(folder) / "python3").chmod(0o755)
            for block in blocks:
                if file := file_of(block):
                    (Path(folder) / file).write_text(block.text)
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "analysis")}
            for command in commands:
                print(f"+ {command}", flush=True)
                subprocess.run(command, shell=True, cwd=folder, env=environment, check=True)
            for figure in figures:
                write_small(Path(folder) / figure, GUIDE / "figures" / figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
