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
        if number[0] in (signal.SIGINT, signal.SIGTERM):
            if not ended.wait(patience):
                os._exit(128 + number[0])
            return


__all__ = ["promptly"]
