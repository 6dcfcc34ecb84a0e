"""Ending soon when told to, whatever is going on.

Python hears SIGINT and SIGTERM between two steps of its own, and the engine takes half a minute for one when it loads
a large vault. So a thread listens, gives the program a second to end by itself, and then ends the process. Nothing is
lost by that: what is half-written has not been published, and the next build clears it away.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""seconds"""
_ENDING = (signal.SIGINT, signal.SIGTERM)


def at_once() -> None:
    """End the process as soon as it is told to, without a word: for the moments before its work begins, and after it has ended."""
    for number in _ENDING:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):  # nohup, and jobs in the background, do not hear all of them
            signal.signal(number, _end)


def working() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(number: int, _frame: object) -> None:
    os._exit(128 + number)


@contextmanager
def promptly(patience: float = PATIENCE) -> Iterator[None]:
    """End the process, with 128 and the number of the signal, so many seconds after it was told to end."""
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    ended = threading.Event()
    thread = threading.Thread(target=_listen, args=(reading, ended, patience), daemon=True, name="kg signals")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        os.close(writing)
        thread.join()
        os.close(reading)


def _listen(reading: int, ended: threading.Event, patience: float) -> None:
    while number := os.read(reading, 1):
        if number[0] in _ENDING:
            if not ended.wait(patience):
                os._exit(128 + number[0])
            return


__all__ = ["at_once", "promptly", "working"]
