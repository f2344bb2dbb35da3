"""What a program writes on a terminal."""

import fcntl
import os
import pty
import struct
import subprocess
import termios


def run_on_terminal(command, stream, environment, columns=0):
    """Runs a command with one of its streams, "stdout" or "stderr", on a terminal, and the other on a pipe.

    columns: of the terminal; 0: not known. Returns exit code, the terminal's text, and that of the pipe, which must be short.
    """
    master, slave = pty.openpty()
    if columns:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: slave}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **streams)
    os.close(slave)
    text = b""
    try:
        while piece := os.read(master, 4096):
            text += piece
    except OSError:  # the other side is closed
        pass
    os.close(master)
    other = process.stdout or process.stderr
    piped = other.read().decode()
    other.close()
    return process.wait(60), text.decode(), piped
