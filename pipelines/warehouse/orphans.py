"""Processes that end with the one that started them, also when it is killed and can end nothing.

A build may be killed alone: the kernel does so when memory runs out. Its dbt, or the process that runs its
checks, would go on and write beside the next build.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG = 1
# Linux' number: Python names it in some builds only.
_F_SETSIG = 10


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, of process id ``parent``, ends.

    Ends it at once where the parent has ended already. Only Linux can do this; elsewhere nothing is done.
    The kernel counts the end of the starting *thread*: call it only where that thread waits.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def end_with_other_end(pipe: Connection) -> None:
    """Have the kernel kill this process, the reader of a one-way ``pipe``, when the pipe's last writer ends.

    For processes that a fork server started: their parent is the server, which lives as long as they do.
    Nothing may ever be written. Only Linux can do this; elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    # Not Python's own handling of signals: a library that keeps the interpreter would keep it waiting.
    fcntl.fcntl(pipe, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if pipe.poll():  # its end is there to be read: the writer was gone before
        os.kill(os.getpid(), signal.SIGKILL)
