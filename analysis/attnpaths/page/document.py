"""The page as one HTML file: program, style and data in it, nothing from elsewhere."""

from __future__ import annotations

import base64
import html
import os
import re
from importlib import resources
from typing import TYPE_CHECKING

from ..output_file import whole_file
from ..selection import select_rows
from .payload import DETAILS_MEGABYTES, pack_store

if TYPE_CHECKING:
    from ..store import Store
    from ..typing import StrPath, Where


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def assemble(title: str, data: bytes | None) -> str:
    """HTML text. data: packed points, embedded; None for the live page, which asks the server that it came from."""
    scripts = "".join(f"<script>{_asset(name)}</script>" for name in ("charts.js", "page.js"))
    embedded = "" if data is None else f'<script type="application/octet-stream" id="data">{base64.b64encode(data).decode()}</script>'
    parts = {"title": html.escape(title), "connect": "'none'" if data is not None else "'self'", "style": _asset("page.css"),
             "data": embedded, "scripts": scripts}
    return re.sub(r"\{\{(\w+)\}\}", lambda mark: parts[mark[1]], _asset("page.html"))


def page_html(store: Store, where: Where = (), details_megabytes: float = DETAILS_MEGABYTES) -> str:
    """The page of a store as HTML text, of the points that satisfy `where`, failed ones included."""
    rows = select_rows(store, where, status=None)
    return assemble(os.path.basename(store.path), pack_store(store, rows, details_megabytes))


def write_page(store: Store, path: StrPath, where: Where = (), details_megabytes: float = DETAILS_MEGABYTES) -> None:
    """Write the page; OutputError if the file cannot be written."""
    text = page_html(store, where, details_megabytes)
    with whole_file(path) as temporary, open(temporary, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
