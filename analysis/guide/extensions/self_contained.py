"""Makes Debian's build of the theme whole, and work from disk.

- Style sheets that it asks of a web server, /javascript/..., are put into the pages' own.
- Its script, a module that browsers do not read from disk, becomes one file with what it imports.
- The colours of dark pages, which it has for those who ask on the page, serve those whose system asks, too.
"""

import re
from pathlib import Path

SHARED = Path("/usr/share/javascript")


def with_sheets(css):
    return re.sub(r"@import url\(/javascript/([^)]*)\);", lambda sheet: (SHARED / sheet[1]).read_text(), css)


def with_dark_system(css):
    dark = re.search(r'body\[data-theme="dark"\] \{(.*?)\}', css, re.DOTALL)
    if not dark or "prefers-color-scheme" in css:
        return css
    return css + f'@media not print {{ @media (prefers-color-scheme: dark) {{ body:not([data-theme="light"]) {{{dark[1]}}} }} }}\n'


def with_modules(script, folder):
    return re.sub(r'^import \w+ from "(\./[^"]+)";$', lambda module: (folder / module[1]).read_text(), script, flags=re.MULTILINE)


def take_in(app, exception):
    static = Path(app.outdir) / "_static"
    if exception or not static.is_dir():
        return
    sheet, script = static / "styles/furo.css", static / "scripts/furo.js"
    sheet.write_text(with_dark_system(with_sheets(sheet.read_text())))
    script.write_text(with_modules(script.read_text(), script.parent))


def setup(app):
    app.connect("build-finished", take_in)
    return {"parallel_read_safe": True}
