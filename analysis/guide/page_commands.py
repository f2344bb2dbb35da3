"""Code blocks of a page: what the tests run and what the figures are made by.

In ```sh``` blocks every line is a command; in ```console``` blocks those after `$ `, with what they print below them; ```python```
blocks are run, and a ```text``` block right after one is what it prints; ```ini``` blocks are files, named in their first line. All
other blocks are only read.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Block:
    language: str
    text: str
    follows: bool  # nothing but blank lines between it and the block before


def blocks_of(page):
    """Fenced blocks of a Markdown file, in order."""
    text, blocks, last = Path(page).read_text(), [], None
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        blocks.append(Block(found[1], found[2], last is not None and not text[last:found.start()].strip()))
        last = found.end()
    return blocks


def commands_of(block):
    """(command, what it printed) of a block; None where the page does not say what it prints."""
    text = re.sub(r"\\\n *", "", block.text)
    if block.language == "sh":
        return [(line, None) for line in (line.partition("  # ")[0].strip() for line in text.splitlines())
                if line and not line.startswith("#")]
    if block.language == "console":
        pieces = re.split(r"^\$ (.*)\n?", text, flags=re.MULTILINE)[1:]
        return [(command.strip(), printed or None) for command, printed in zip(pieces[::2], pieces[1::2])]
    return []


def file_of(block):
    """Name of the file that a block shows, or None."""
    name = re.match(r"# (\S+)\n", block.text)
    return name[1] if block.language == "ini" and name else None


def printed_by(blocks, number):
    """What a page says that its Python block prints, or None: the text that stands right after it."""
    after = blocks[number + 1] if number + 1 < len(blocks) else None
    return after.text if after and after.language == "text" and after.follows else None
