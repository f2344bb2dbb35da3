"""Links of the guide and of the repository's Markdown: what they point at is there, and no page loads anything from outside.

usage: check_links.py GUIDE-HTML REPOSITORY
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes by which a page loads something of itself, where an address outside would be asked for without a click.
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class Page(HTMLParser):
    """Names that can be pointed at, and links, of an HTML page."""

    def __init__(self, path):
        super().__init__()
        self.names, self.links = set(), []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.names.add(value)
            elif name in ("href", "src") and value:
                self.links.append((value, (tag, name) in LOADED))


def guide_problems(folder):
    pages = {path: Page(path) for path in sorted(folder.rglob("*.html"))}
    if len(pages) < 20:
        yield f"{folder}: {len(pages)} pages: the guide is not there"
    for path, page in pages.items():
        for link, loaded in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if loaded and parts.scheme != "data":
                    yield f"{path}: loads {link}"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{path}: no file {link}"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].names:
                yield f"{path}: no place {link}"
    for path in folder.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", path.read_text()):
            if not address.startswith("data:") and not (path.parent / address.split("#")[0].split("?")[0]).is_file():
                yield f"{path}: loads {address}"


def markdown_problems(root):
    """Of the pages that are read where they lie."""
    for path in [*root.glob("*.md"), *(root / "jobs").rglob("*.md"), *(root / "src").rglob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if not urlsplit(link).scheme and not (path.parent / link.split("#")[0]).exists():
                yield f"{path}: no file {link}"


def main(guide, root):
    problems = [*guide_problems(Path(guide).resolve()), *markdown_problems(Path(root))]
    print("\n".join(problems) or "all links lead somewhere, and nothing is loaded from outside")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
