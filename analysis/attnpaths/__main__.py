"""Command line: python3 -m attnpaths COMMAND STORE ...; exit codes after sysexits."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import re
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .errors import AnalysisError, StoreError, StreamError, UsageError
from .requirements import missing_module, needed_modules

with needed_modules(for_command=__name__ == "__main__"):
    from .draws import METHOD, write_draws
    from .figures import FIGURES
    from .learned import learned_table, learned_text
    from .page.command import add_options, run_page
    from .report import write_report
    from .selection import in_order, select_row, select_rows
    from .store import open_store
    from .style import check_output, save_figure
    from .table import SUFFIXES as TABLES, check_table, csv_text, latex_text, save_table
    from .temperature import SELECT, select_temperatures, temperatures_text

if TYPE_CHECKING:
    from .store import Store
    from .unread import JournalReport


INVALID = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if (said := INVALID.search(message)) and (near := difflib.get_close_matches(said[1], re.findall(r"'([^']*)'", said[2]), 1, cutoff=0.75)):
            raise UsageError(f"{message[:said.start()]}{said[1]} is not one; did you mean {near[0]}? (see {self.prog} --help)")
        raise UsageError(f"{message} (see {self.prog} --help)")


def _parser() -> _Parser:
    parser = _Parser(prog="python3 -m attnpaths", description="Figures, tables and a report from an attnpaths store.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, output: Any = True, where: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("store", metavar="STORE", help="store written by attnpaths sweep")
        if output:
            sub.add_argument("-o", "--output", required=True, metavar="FILE", help=output)
        if where:
            sub.add_argument("--where", action="append", default=[], metavar="CONDITION",
                             help='choose points, e.g. "temperature=0.01", "width>=30", "seed=1 2"; may be repeated')
        return sub

    for figure in FIGURES.values():
        sub = command(figure.name, figure.summary, "figure file; its suffix (png, pdf, svg) is the format")
        for names, keywords in figure.options:
            sub.add_argument(*names, **keywords)
    sub = command("temperatures", "the most accurate temperature of each width and of the GP", output=False)
    sub.add_argument("--select", **SELECT)
    sub.add_argument("--csv", action="store_true", help="comma-separated values with the key of each point; GP: inf")
    sub = command("learned", "a trained network's order parameter against the theory's", output=False)
    sub.add_argument("heads", metavar="HEADS", help="trained network, written by attnpaths train")
    sub.add_argument("--select", **SELECT)
    sub.add_argument("--csv", action="store_true", help="comma-separated values")
    sub = command("draws", "the stored draws of one point as netCDF, for arviz.from_netcdf", "netCDF file")
    sub.add_argument("--method", **METHOD)
    add_options(command("page", "an interactive page as one HTML file, or live beside a sweep", output=False))
    command("report", "report as one HTML file", "HTML file")
    sub = command("table", "print the points, failed ones included, or write them", output=False)
    sub.add_argument("-o", "--output", metavar="FILE", help=f"write a file in place; its suffix ({', '.join(TABLES)}) is the format")
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    form.add_argument("--latex", action="store_true", help="a LaTeX tabular (package booktabs)")
    sub.add_argument("--columns", nargs="+", metavar="COLUMN", help="columns to print (default: all scalar ones)")
    return parser


def _run(options: argparse.Namespace) -> list[JournalReport]:
    """Runs a command. Returns the journals of the stores that it read."""
    if options.command == "page":
        return run_page(options)
    figure = FIGURES.get(options.command)
    if figure:
        check_output(options.output)
    elif options.command == "table" and options.output:
        check_table(options.output)
    with contextlib.ExitStack() as stores:
        store = stores.enter_context(open_store(options.store))
        journals = [store.journal]
        if figure:
            for name in figure.further_stores:
                if given := getattr(options, name):
                    opened = [stores.enter_context(open_store(path)) for path in (given if isinstance(given, list) else [given])]
                    journals += [further.journal for further in opened]
                    setattr(options, name, opened if isinstance(given, list) else opened[0])
            save_figure(figure.draw(store, options), options.output)
        elif options.command == "temperatures":
            table = select_temperatures(store, options.where, options.select)
            print(csv_text(table) if options.csv else temperatures_text(store, table, options.select))
        elif options.command == "learned":
            table = learned_table(store, options.heads, options.where, options.select)
            print(csv_text(table) if options.csv else learned_text(table, options.heads))
        elif options.command == "draws":
            write_draws(store, select_row(store, options.where), options.output, options.method)
        elif options.command == "report":
            write_report(store, options.output, options.where)
        else:
            _table(store, options)
    return journals


def _report_unread(journals: list[JournalReport]) -> int:
    """Says what of the stores could not be read. Returns the exit code: 65 if points may be missing by damage."""
    for journal in journals:
        if journal.damage:
            print(f"attnpaths: {journal.path}: {journal.damage} bytes are damaged, and points that were in them are "
                  "missing; the sweep's own command computes them again", file=sys.stderr)
        elif journal.results:
            print(f"attnpaths: note: {journal.path}: holds {journal.results} results of a sweep that runs or was killed, "
                  "which are not shown; its command, when it ends, puts them into the store", file=sys.stderr)
    return StoreError.exit_code if any(journal.damage for journal in journals) else 0


def _table(store: Store, options: argparse.Namespace) -> None:
    table = in_order(store, store.read_frame(options.columns, select_rows(store, options.where, status=None)))
    if options.output:
        save_table(table, options.output)
    else:
        print(csv_text(table) if options.csv else latex_text(table) if options.latex else table.to_string())


def _answer(arguments: Sequence[str] | None) -> int:
    """Run one command and see its text written; returns its exit code. OSError of standard output alone leaves it as StreamError."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names in any bytes, terminals of any encoding
    text = io.StringIO()
    journals = []
    with contextlib.redirect_stdout(text):
        try:
            journals = _run(_parser().parse_args(arguments))
        except SystemExit:  # after --help
            pass
    try:
        print(text.getvalue(), end="", flush=True)
    except OSError as error:
        # What is left in the buffer would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whose reader has seen enough
            raise StreamError(f"standard output: writing failed: {error.strerror}") from None
    return _report_unread(journals)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one line on standard error."""
    try:
        return _answer(arguments)
    except AnalysisError as error:
        message, code = str(error), error.exit_code
    except KeyboardInterrupt:
        message, code = "interrupted", 130
    except ModuleNotFoundError as error:
        message, code = missing_module(error), AnalysisError.exit_code
    except MemoryError:
        message, code = "out of memory", AnalysisError.exit_code
    except Exception as error:  # a fault of this package: still one line, which says where
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = " ".join(str(error).split())
        message = f"internal error: {type(error).__name__}: {what} ({os.path.basename(place.filename)}:{place.lineno})"
        code = AnalysisError.exit_code
    with contextlib.suppress(OSError):  # nowhere left to say it
        print(f"attnpaths: {message}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
