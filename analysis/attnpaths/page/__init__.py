"""A page to look at: the points of a store as one interactive HTML file, or live beside the sweep that computes them."""

from .document import page_html, write_page
from .server import PageServer, serve

__all__ = ["PageServer", "page_html", "serve", "write_page"]
