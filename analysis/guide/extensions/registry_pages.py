"""Reference pages made of what the program itself says: a line `<!-- registry: NAME -->` stands for the tables of a registry."""

import contextlib
import io
import json
import os
import re
import subprocess

from sphinx.errors import ExtensionError


class Program:
    """The program of the build, asked for its registries and its help."""

    def __init__(self):
        self.binary = os.environ.get("ATTNPATHS_BINARY", "")
        if not os.access(self.binary, os.X_OK):
            raise ExtensionError("ATTNPATHS_BINARY does not name the program, of whose registries the reference is made")
        self.registries = json.loads(self.output("help", "--json"))

    def output(self, *words):
        return subprocess.run([self.binary, *words], capture_output=True, text=True, check=True).stdout

    def names_in(self, text):
        """Names that a help text lists, each at the beginning of a line indented by two blanks."""
        return re.findall(r"^  ([a-z][\w-]*)  +\S", text, re.MULTILINE)


def table(titles, rows):
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines) + "\n"


def code(text):
    return f"`{text}`" if text else ""


def plain(text):
    """Text of the program as Markdown shows it: *, _, < and $ stand for themselves."""
    return re.sub(r"([\\*_<>$`\[\]{}])", r"\\\1", text)


def bounds(setting):
    least, largest = setting.get("least"), setting.get("largest")
    if least is None and largest is None:
        return setting["kind"]
    if largest is None:
        return f"{setting['kind']}, at least {least:g}"
    if least is None:
        return f"{setting['kind']}, at most {largest:g}"
    return f"{setting['kind']}, {least:g} to {largest:g}"


def settings_table(settings):
    return table(["setting", "value", "default", "meaning"],
                 [[code(s["name"]), bounds(s), code(s["default"]), plain(s["description"])] for s in settings])


def columns_table(columns):
    return table(["column", "type", "shape", "unit", "meaning"],
                 [[code(c["name"]), c["type"], plain(c["shape"]), plain(c["units"]), plain(c["description"])] for c in columns])


def settings_page(program):
    return "\n".join(f"## {group['title']}\n\n{settings_table(group['settings'])}" for group in program.registries["setting_groups"])


def tasks_page(program):
    pages = []
    for task in program.registries["tasks"]:
        text = f"## {task['name']}\n\n{plain(task['summary'][:1].upper() + task['summary'][1:])}.\n"
        if task["explanation"]:
            text += f"\n{plain(task['explanation'])}\n\nAs a file: `attnpaths dataset {task['name']} -o FILE`.\n"
        if task["settings"]:
            text += f"\n{settings_table(task['settings'])}"
        pages.append(text)
    return "\n".join(pages)


def analyses_page(program):
    pages = []
    for analysis in program.registries["analyses"]:
        summary = analysis["summary"]
        facts = ["run by default" if analysis["by_default"] else f"run by `--analyses.run \"default {analysis['name']}\"`",
                 f"about {analysis['cost_seconds']:.2g} s on one core at $P = 100$, 1000 test points, four paths, $N = 100$"]
        if analysis["needs"]:
            facts.append("needs " + ", ".join(analysis["needs"]))
        if analysis["every_width"]:
            facts.append("the same at all widths, so computed once for these")
        text = f"## {analysis['name']}\n\n{plain(summary[:1].upper() + summary[1:])}.\n\n"
        text += "".join(f"- {fact}\n" for fact in facts) + f"- source: {plain(analysis['source'])}\n"
        for title, settings in (("Settings that change its results", analysis["settings"]),
                                ("Settings that choose what is kept of them", analysis["outputs"])):
            if settings:
                text += f"\n{title}:\n\n{settings_table(settings)}"
        pages.append(text + f"\nColumns:\n\n{columns_table(analysis['columns'])}")
    return "\n".join(pages)


def point_columns_page(program):
    return columns_table(program.registries["point_columns"])


def commands_page(program):
    usage = program.output("help")
    pages = [f"```text\n{usage}```\n"]
    for command in program.names_in(usage):
        text = program.output(command, "--help")
        if command in ("sweep", "submit"):
            text = text[:text.index("\nKeys of the configuration file")]
        pages.append(f"## attnpaths {command}\n\n```text\n{text}```\n")
        if command == "dataset":
            pages += [f"### attnpaths dataset {kind}\n\n```text\n{program.output(command, kind, '--help')}```\n"
                      for kind in program.names_in(text)]
    return "\n".join(pages)


def python_commands_page(_program):
    from attnpaths.__main__ import main

    def output(*words):
        with contextlib.redirect_stdout(io.StringIO()) as text:
            main([*words, "--help"])
        return text.getvalue()

    os.environ["COLUMNS"] = "100"  # what argparse breaks lines at
    usage = output()
    commands = re.findall(r"^    ([a-z][\w-]*)(?: |$)", usage, re.MULTILINE)
    return "\n".join([f"```text\n{usage}```\n",
                      *(f"### {command}\n\n```text\n{output(command)}```\n" for command in commands)])


PAGES = {"settings": settings_page, "tasks": tasks_page, "analyses": analyses_page, "point-columns": point_columns_page,
         "commands": commands_page, "python-commands": python_commands_page}


def insert(app, _page, source):
    def made(line):
        return PAGES[line[1]](app.attnpaths_program)

    source[0] = re.sub(r"^<!-- registry: ([\w-]+) -->$", made, source[0], flags=re.MULTILINE)


def start(app):
    app.attnpaths_program = Program()


def setup(app):
    app.connect("builder-inited", start)
    app.connect("source-read", insert)
    return {"parallel_read_safe": False}
