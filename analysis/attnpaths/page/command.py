"""The command page: a file, or a live page until Ctrl-C."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..store import open_store
from .document import write_page
from .payload import DETAILS_MEGABYTES
from .server import LOOPBACK, serve

if TYPE_CHECKING:
    import argparse

    from ..unread import JournalReport


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="HTML file, which needs nothing else")
    parser.add_argument("--details", type=float, default=DETAILS_MEGABYTES, metavar="MEGABYTES",
                        help="room in the file for U, spectra, draws, ... of the points, before compression (default: %(default)g)")
    parser.add_argument("--live", action="store_true", help="serve it while a sweep runs, until Ctrl-C; prints the address to open")
    parser.add_argument("--port", type=int, default=0, help="port of the live page (default: any that is free)")
    parser.add_argument("--host", default=LOOPBACK,
                        help="address that the live page listens on (default: %(default)s, this machine alone; another one lets everybody "
                             "who has the page's address read the store)")


def run_page(options: argparse.Namespace) -> list[JournalReport]:
    """Writes or serves the page. Returns the journals of the stores that it read."""
    if options.live:
        if options.output or options.where:
            raise UsageError("page --live: takes neither --output nor --where; choose points in the page")
        _serve(options)
        return []
    if not options.output:
        raise UsageError("page: give the file, -o report.html, or --live")
    if not options.details >= 0:
        raise UsageError("--details: give megabytes, 0 for none")
    with open_store(options.store) as store:
        write_page(store, options.output, options.where, options.details)
        return [store.journal]


def _serve(options: argparse.Namespace) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt
    with serve(options.store, options.port, options.host) as server:
        # SIGINT too: a shell's background jobs are started with it ignored.
        before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        print(f"attnpaths: the page is at {server.address}\nattnpaths: Ctrl-C ends it; the sweep does not notice", file=sys.stderr, flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            pass  # that is how it ends
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
