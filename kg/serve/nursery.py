"""A small process that has everything loaded that workers need, and makes one in a few milliseconds by splitting.

The server itself has threads and a loop of events, so it must not split. The nursery has neither, and
ends all it made when the server goes, however it goes. Where no process can split (Windows), each worker
starts by itself.

    python -m kg.serve.nursery NUMBER   the number of the socket on which it is told what to do
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kg.serve.limits import Limits

SPLITS = hasattr(os, "fork") and hasattr(socket, "send_fds")
LOWEST = 19
"""how nice to others a long query is"""
_ORDERS = {"stop": "SIGSTOP", "go": "SIGCONT", "kill": "SIGKILL"}


class Nursery:
    """The server's side of it."""

    def __init__(self, most: Limits) -> None:
        self._most = most
        self._alone: dict[int, subprocess.Popen[bytes]] = {}
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def worker(self, generation: Path) -> socket.socket:
        """Start a worker, and give the socket on which it answers; it says first that it is ready."""
        ours, its = socket.socketpair()
        try:
            if SPLITS:
                self._say({"order": "start", "generation": str(generation), "most": asdict(self._most)}, its)
            else:  # pragma: no cover - Windows
                self._start_alone(generation, its)
        finally:
            its.close()
        ours.setblocking(False)
        return ours

    def tell(self, order: str, pid: int) -> None:
        """Tell a worker to ``stop``, to ``go`` on, to be ``nice`` to others, or ``kill`` it; nothing happens if it has gone."""
        if SPLITS:
            with suppress(OSError):
                self._say({"order": order, "pid": pid})
        elif order == "kill" and pid in self._alone:  # pragma: no cover - Windows
            self._alone.pop(pid).kill()

    def close(self) -> None:
        """End it, and all workers with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        for process in (self._process, *self._alone.values()):
            if process is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(2)

    def _say(self, order: dict[str, object], handed: socket.socket | None = None) -> None:
        for attempt in (1, 2):
            if self._process is None or self._process.poll() is not None:
                self._start()
            assert self._control is not None
            try:
                text = json.dumps(order).encode() + b"\n"
                socket.send_fds(self._control, [text], [handed.fileno()] if handed else [])
                return
            except (BrokenPipeError, ConnectionResetError):  # killed by somebody: another takes its place
                if attempt == 2:
                    raise
                assert self._process is not None
                self._process.wait()

    def _start(self) -> None:
        if self._control is not None:
            self._control.close()
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM)
        command = [sys.executable, "-m", __name__, str(its.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[its.fileno()], env=_environment(), stdin=subprocess.DEVNULL)
        its.close()
        self._control = ours

    def _start_alone(self, generation: Path, its: socket.socket) -> None:  # pragma: no cover - Windows
        command = [sys.executable, "-m", __name__, "alone", str(generation), json.dumps(asdict(self._most))]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=_environment())
        assert process.stdin is not None
        process.stdin.write(its.share(process.pid))  # type: ignore[attr-defined]
        process.stdin.close()
        self._alone[process.pid] = process


def _environment() -> dict[str, str]:
    """Give what the processes may know: where Python finds kg, and no secrets of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("KG_")}
    ours = str(Path(__file__).resolve().parent.parent.parent)
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (ours, kept.get("PYTHONPATH", ""))))
    return kept


# -- the nursery's own side ------------------------------------------------------------------------


def _limits(given: dict[str, object]) -> Limits:
    return Limits(**{**given, "services": tuple(given["services"])})  # type: ignore[arg-type]


def tend(control: socket.socket) -> None:
    """Start and steer workers as told, until the server hangs up."""
    import gc

    from kg.serve import worker
    from kg.serve.rehearsal import rehearse

    rehearse()
    gc.collect()
    gc.freeze()  # what is loaded stays in pages of memory that all workers share
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: _reap(living, gone))
    living: set[int] = set()
    gone: set[int] = set()  # a number of theirs may be another process by now
    pending = b""
    handed: list[int] = []
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, 65536, 16)
        if not text:
            break
        handed += descriptors
        pending += text
        *lines, pending = pending.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if order["order"] == "start":
                pid = _split(worker.run, control, handed[0], order)
                living.add(pid)
                gone.discard(pid)
                os.close(handed.pop(0))
            elif order["pid"] not in gone:
                _steer(order["order"], order["pid"])
    for pid in tuple(living):  # one that ends meanwhile is taken out of the set
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _split(work: Callable[[socket.socket, Path, Limits], None], control: socket.socket, handed: int, order: dict[str, Any]) -> int:
    """Make a process that works on the socket that was handed over, and give its number; that process never comes back from here."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control.close()
    code = 1
    try:
        work(socket.socket(fileno=handed), Path(order["generation"]), _limits(order["most"]))
        code = 0
    finally:
        os._exit(code)


def _reap(living: set[int], gone: set[int]) -> None:
    with suppress(ChildProcessError):
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            living.discard(pid)
            gone.add(pid)


def _steer(order: str, pid: int) -> None:
    with suppress(OSError):
        if order == "nice":
            os.setpriority(os.PRIO_PROCESS, pid, LOWEST)
        else:
            os.kill(pid, getattr(signal, _ORDERS[order]))


def _main(arguments: list[str]) -> None:
    if arguments[0] == "alone":  # pragma: no cover - Windows
        from kg.serve import worker

        shared = socket.fromshare(sys.stdin.buffer.read())  # type: ignore[attr-defined]
        worker.run(shared, Path(arguments[1]), _limits(json.loads(arguments[2])))
    else:
        tend(socket.socket(fileno=int(arguments[0])))


if __name__ == "__main__":
    _main(sys.argv[1:])

__all__ = ["Nursery"]
