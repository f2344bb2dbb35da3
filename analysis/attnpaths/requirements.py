"""What is said where a Python module is missing that something here needs: one line, without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import AnalysisError


def missing_module(error: ModuleNotFoundError) -> str:
    """The line for a person: which module, for which Python, and where to have it from."""
    module = (error.name or str(error)).partition(".")[0]
    return (f"the Python module {module} is missing for {sys.executable}; install it (Debian: python3-{module.lower()}, or pip install "
            f"{module} in an environment of yours), or use a Python that has it")


@contextmanager
def needed_modules(for_command: bool) -> Iterator[None]:
    """Imports within it that find a module missing say so in one line: of a command, which ends, or else of an ImportError.

    Modules of this package are not spoken of: that one is missing is a fault of ours.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == __package__:
            raise
        if not for_command:
            raise ImportError(missing_module(error), name=error.name) from None
        print(f"attnpaths: {missing_module(error)}", file=sys.stderr, flush=True)
        sys.exit(AnalysisError.exit_code)
