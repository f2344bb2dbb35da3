"""Errors that a user can act on; each message is one line, each class has its exit code (sysexits)."""


class AnalysisError(Exception):
    exit_code = 70


class UsageError(AnalysisError):
    """The request cannot be answered as it stands: unknown column or filter, ambiguous choice."""

    exit_code = 64


class StoreError(AnalysisError):
    """The file is not a store of this version, or is damaged."""

    exit_code = 65


class InputError(AnalysisError):
    """The file does not exist or cannot be read."""

    exit_code = 66


class OutputError(AnalysisError):
    """The result cannot be written."""

    exit_code = 73


class StreamError(AnalysisError):
    """Writing to standard output failed half way."""

    exit_code = 74


class NumericalError(AnalysisError, ArithmeticError):
    """A computation lost what it rests on: positive definiteness, finite numbers."""


class DataError(AnalysisError, ValueError):
    """Arrays do not make a data set; the message names the argument."""

    exit_code = 65
