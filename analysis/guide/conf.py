"""Sphinx settings of the guide. ATTNPATHS_BINARY names the program, whose registries the reference pages are made of."""

import re
import sys
from pathlib import Path

GUIDE = Path(__file__).resolve().parent
sys.path[:0] = [str(GUIDE / "extensions"), str(GUIDE.parent)]

project = "attnpaths"
html_title = "attnpaths"
extensions = ["myst_parser", "sphinx.ext.autodoc", "registry_pages", "glossary_links", "katex_math", "self_contained"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["extensions"]

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
# Types of other packages have no page here.
nitpick_ignore_regex = [("py:.*", r"(?!attnpaths\.).*"), ("py:.*", r"attnpaths\..*\._.*"), ("py:.*", r"attnpaths\.typing\..*")]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False


def plain_docstring(_app, _what, _name, _object, _options, lines):
    """Docstrings are plain text with `code`."""
    lines[:] = [re.sub(r"`([^`]+)`", r"``\1``", re.sub(r"(?<!`)([*|])", r"\\\1", line)) for line in lines]


def setup(app):
    app.connect("autodoc-process-docstring", plain_docstring)
