"""Files are written as a whole: a reader sees the old file or the new one, and a symbolic link stays a link."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .errors import OutputError

if TYPE_CHECKING:
    from .typing import StrPath


def _is_device(path: StrPath) -> bool:
    """Whether something is there that is written into, not replaced: a pipe, a terminal, /dev/null."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextlib.contextmanager
def whole_file(path: StrPath) -> Iterator[str]:
    """Context with the name of a temporary file, which replaces `path` at its end; removed if anything fails.

    Raises OutputError, naming `path`, if the system does not let it be written.
    """
    target = os.path.realpath(path)  # what a link points to
    temporary = None
    try:
        if _is_device(target):
            yield target
            return
        if os.path.isdir(target):
            raise IsADirectoryError(None, "is a folder")
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=os.path.basename(target) + ".tmp.")
        os.close(descriptor)
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)  # as any new file; mkstemp's are the user's alone
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, target)
        temporary = None
    except OSError as error:
        reason = error.strerror or (os.strerror(error.errno) if error.errno else str(error))
        raise OutputError(f"{path}: cannot be written ({reason})") from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
