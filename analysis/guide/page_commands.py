"""Code blocks of a page: what the tests run and what the figures are made by.

In ```sh``` blocks every line is a command; in ```console``` blocks those after `$ `, with what they print below them; ```python```
blocks are run, ```text``` blocks only read.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Block:
    language: str
    text: str


def blocks_of(page):
    """Fenced blocks of a Markdown file, in order."""
    return [Block(*block) for block in re.findall(r"^```(\w+)\n(.*?)^```$", Path(page).read_text(), re.DOTALL | re.MULTILINE)]


def commands_of(block):
    """(command, what it printed) of a block; None where the page does not say what it prints."""
    text = re.sub(r"\\\n *", "", block.text)
    if block.language == "sh":
        return [(line, None) for line in (line.partition("  # ")[0].strip() for line in text.splitlines())
                if line and not line.startswith("#")]
    if block.language == "console":
        pieces = re.split(r"^\$ (.*)\n?", text, flags=re.MULTILINE)[1:]
        return [(command.strip(), printed) for command, printed in zip(pieces[::2], pieces[1::2])]
    return []
