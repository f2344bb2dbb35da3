"""The first use of a glossary's term in the text of a page becomes a link to it."""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

GLOSSARY = "glossary"

# Where a word is no use of the term, or is a link already.
OUTSIDE = (nodes.literal, nodes.literal_block, nodes.reference, nodes.title, nodes.math, nodes.math_block, nodes.raw, nodes.caption,
           addnodes.pending_xref, addnodes.desc_signature, addnodes.toctree, nodes.comment)


def terms_of(source):
    """Terms as the glossary writes them: the lines without indentation of its directive."""
    block = re.search(r"```\{glossary\}\n(.*?)\n```", source, re.DOTALL)[1]
    return [line for line in block.splitlines() if line and not line[0].isspace() and not line.startswith(":")]


def join_lines(document):
    """One text for what stands between two elements: MyST has one for every line."""
    for parent in list(document.findall(nodes.TextElement)):
        joined = []
        for child in parent.children:
            if joined and isinstance(child, nodes.Text) and isinstance(joined[-1], nodes.Text):
                joined[-1] = nodes.Text(joined[-1] + child)
            else:
                joined.append(child)
        if len(joined) < len(parent.children):
            parent.children = []
            parent.extend(joined)


def link_first_uses(app, document):
    page = app.env.docname
    if page == GLOSSARY or page.startswith("reference/python"):
        return
    join_lines(document)
    waiting = {term.lower(): term for term in app.config.attnpaths_terms}
    for text in list(document.findall(nodes.Text)):
        if not waiting:
            break
        node = text.parent
        while node is not None and not isinstance(node, OUTSIDE):
            node = node.parent
        if node is not None:
            continue
        # Longer terms first, so that none is cut short; a term may go on in the next line.
        names = "|".join(r"\s+".join(map(re.escape, term.split())) for term in sorted(waiting, key=len, reverse=True))
        pieces, last = [], 0
        for use in re.finditer(rf"(?<![\w.-])({names})(s?)(?![\w-])", text, re.IGNORECASE):
            term = waiting.pop(" ".join(use[1].lower().split()), None)
            if term is None:
                continue
            pieces += [nodes.Text(text[last:use.start()]), link_to(page, term, use[0])]
            last = use.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[last:])])


def link_to(page, term, words):
    return addnodes.pending_xref(words, nodes.inline(words, words, classes=["std", "std-term"]), refdomain="std", reftype="term",
                                 reftarget=term, refexplicit=True, refwarn=True, refdoc=page)


def read_terms(app):
    app.config.attnpaths_terms = terms_of((Path(app.srcdir) / f"{GLOSSARY}.md").read_text())


def setup(app):
    app.add_config_value("attnpaths_terms", [], "env")
    app.connect("builder-inited", read_terms)
    app.connect("doctree-read", link_first_uses)
    return {"parallel_read_safe": True}
