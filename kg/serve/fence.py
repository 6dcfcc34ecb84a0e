"""What a worker can never do again, whatever the engine is made to try: reach the network, or start a program.

A filter of system calls (seccomp) on Linux, which needs no rights; elsewhere the guard in front of the
engine is all that keeps SERVICE in. https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterable

_CALLS = {
    "x86_64": (0xC000003E, {"socket": 41, "connect": 42, "execve": 59, "execveat": 322, "ptrace": 101}),
    "aarch64": (0xC00000B7, {"socket": 198, "connect": 203, "execve": 221, "execveat": 281, "ptrace": 117}),
}
"""For each architecture its mark, and the numbers of the calls."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def close(*, network: bool = False) -> bool:
    """Close the fence around this process, for good; say whether that could be done. ``network`` leaves the network open."""
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    mark, numbers = known
    program = _program(mark, [number for name, number in numbers.items() if not (network and name in ("socket", "connect"))])
    steps = ctypes.create_string_buffer(program, len(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(_Program(len(program) // 8, ctypes.addressof(steps))), 0, 0) == 0)


def _program(mark: int, refused: Iterable[int]) -> bytes:
    """Write the filter: other architectures' calls pass, as does every call that is not refused."""
    numbers = list(refused)
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(numbers) + 1, mark), (_LOAD, 0, 0, 0)]
    steps += [(_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


__all__ = ["close"]
