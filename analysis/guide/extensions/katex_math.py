"""Equations as HTML and MathML made by KaTeX at build time: readers need neither scripts nor a network, and an equation that
KaTeX cannot read fails the build. Wants node and Debian's libjs-katex."""

import base64
import json
import re
import subprocess
from pathlib import Path

from docutils.nodes import SkipNode
from sphinx.errors import ExtensionError

KATEX = Path("/usr/share/javascript/katex")
CSS = "katex.css"

# Reads a line of JSON {tex, display}, answers with one: {html} or {error}.
SERVER = """
const katex = require(process.argv[1]);
require("readline").createInterface({input: process.stdin}).on("line", line => {
    const {tex, display} = JSON.parse(line);
    let answer;
    try { answer = {html: katex.renderToString(tex, {displayMode: display, strict: "error"})}; }
    catch (error) { answer = {error: error.message}; }
    console.log(JSON.stringify(answer));
});
"""


class Renderer:
    """A KaTeX that waits in a process of its own for the equations of a build."""

    def __init__(self):
        self.process = subprocess.Popen(["node", "-e", SERVER, str(KATEX / "katex.js")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def html(self, tex, display):
        self.process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ExtensionError(f"KaTeX: {answer['error']}: {tex}")
        return answer["html"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start(app):
    if app.builder.format != "html":
        return
    app.katex = Renderer()
    # One file with its fonts in it: browsers differ in what a page from disk may load.
    css = (KATEX / "katex.min.css").read_text()
    css = re.sub(r",url\(fonts/[^)]*\.(?:woff|ttf)\) format\(\"\w+\"\)", "", css)
    css = re.sub(r"url\((fonts/[^)]*)\)",
                 lambda font: f"url(data:font/woff2;base64,{base64.b64encode((KATEX / font[1]).read_bytes()).decode()})", css)
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CSS).write_text(css)
    app.add_css_file(CSS)


def write_inline(writer, node):
    writer.body.append(writer.builder.app.katex.html(node.astext(), display=False))
    raise SkipNode


def write_display(writer, node):
    writer.body.append(f'<div class="math">{writer.builder.app.katex.html(node.astext(), display=True)}</div>')
    raise SkipNode


def finish(app, _exception):
    if hasattr(app, "katex"):
        app.katex.close()


def setup(app):
    app.add_html_math_renderer("katex", (write_inline, None), (write_display, None))
    app.config.html_math_renderer = "katex"
    app.connect("builder-inited", start)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
