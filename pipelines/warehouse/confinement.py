"""What a reading process may not do, whatever a PDF makes of it: network, writing elsewhere, programs.

Asked of the kernel by the process itself before it sees its first document, and never given back: Landlock
for files (and TCP where it can), a seccomp filter for sockets and programs. Both need no privileges. Where
a kernel has one of them not, reading goes on without it, and what is in force is told: in a run's metadata
and by ``juesuan status``. Reading files is not restricted: libraries load theirs as they go.

Numbers are those of the kernel's headers: linux/landlock.h, linux/seccomp.h, asm/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION, _RULE_PATH_BENEATH = 1, 1
# Rights of files by the version of Landlock that brought them; without those that only read.
_EXECUTE, _WRITE_FILE, _READ = 1 << 0, 1 << 1, (1 << 2) | (1 << 3)
_RIGHTS = {1: (1 << 13) - 1 & ~_READ, 2: 1 << 13, 3: 1 << 14}
_NET_SINCE, _SCOPES_SINCE = 4, 6
_TCP, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals of other processes

# Calls that are refused: socket, execve, execveat, ptrace, process_vm_writev, io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 311, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 271, 425)),
}
_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000


@dataclass(frozen=True, slots=True)
class Confinement:
    """What is in force in a process; ``why`` says what is not, and why. Nothing is by default."""

    network: bool = False
    files: bool = False
    programs: bool = False
    why: str = "not asked for"

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in force."""
        return self.network and self.files and self.programs

    def said(self) -> str:
        """In words."""
        parts = (("no network", self.network), ("writes nothing but its results", self.files))
        held = [words for words, is_held in (*parts, ("starts no program", self.programs)) if is_held]
        return (", ".join(held) or "not confined") + (f" (not in force: {self.why})" if self.why else "")


def confine(writable: Sequence[Path]) -> Confinement:
    """Confine this process and all that it starts; it may write below ``writable`` folders only.

    Never raises: what cannot be had is told.
    """
    if sys.platform != "linux":
        return Confinement(why=f"{sys.platform} has neither Landlock nor seccomp")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return Confinement(why=f"no_new_privs: {_error()}")
    no_files = _restrict_files(libc, writable)
    no_calls = _refuse_calls(libc)
    missing = [
        f"{what}: {why}" for what, why in (("files", no_files), ("network and programs", no_calls)) if why
    ]
    return Confinement(not no_calls, not no_files, not no_calls, "; ".join(missing))


def _restrict_files(libc: ctypes.CDLL, writable: Sequence[Path]) -> str:
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return f"Landlock: {_error()}"
    rights = sum(right for since, right in _RIGHTS.items() if since <= version)
    net = _TCP if version >= _NET_SINCE else 0
    scopes = _SCOPES if version >= _SCOPES_SINCE else 0
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _NET_SINCE else 8
    asked = struct.pack("QQQ", rights, net, scopes)[:size]
    ruleset = libc.syscall(_LANDLOCK_CREATE, asked, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return f"Landlock: {_error()}"
    try:
        for path, allowed in (
            *((folder, rights & ~_EXECUTE) for folder in writable),
            (Path(os.devnull), _WRITE_FILE),
        ):
            if trouble := _allow(libc, ruleset, path, allowed):
                return trouble
        if libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0):
            return f"Landlock: {_error()}"
    finally:
        os.close(ruleset)
    return ""


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> str:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        return f"{path}: {error.strerror}"
    try:
        # The kernel's structure is packed: eight bytes, then four.
        rule = struct.pack("=Qi", rights, place)
        if libc.syscall(_LANDLOCK_ADD, ruleset, _RULE_PATH_BENEATH, rule, 0):
            return f"Landlock, {path}: {_error()}"
    finally:
        os.close(place)
    return ""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _refuse_calls(libc: ctypes.CDLL) -> str:
    known = _CALLS.get(platform.machine())
    if known is None:
        return f"seccomp: the calls of {platform.machine()} are not listed"
    architecture, calls = known
    # Another architecture's calls have other numbers: ended. Then one jump for each call, to the refusal.
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for index, call in enumerate(calls):
        steps.append((_EQUAL, len(calls) - index + 1, 0, call))
    steps += [(_AT_LEAST, 1, 0, _X32), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        return f"seccomp: {_error()}"
    return ""


def _error() -> str:
    return os.strerror(ctypes.get_errno())
