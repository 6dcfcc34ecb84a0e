"""Workers and who has them: short queries go at once, long ones at the lowest priority, endless ones are killed.

Nobody can tell a long query before it has run. So each begins in a worker of its own among ``workers``; one
that has run for a slice becomes a long one: its process is made nice to others, a new one takes its place, and
only as many long ones run as there are processors, while the others are halted where they are. Work is never
done twice, a short query waits for a slice at most, and whatever a query does ends at its deadline.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.serve import limits
from kg.serve.limits import Limits
from kg.serve.messages import Message, pack
from kg.serve.metrics import Metrics
from kg.serve.nursery import Nursery
from kg.serve.process import Live, Lost, Worker
from kg.serve.replies import Problem

_RUNNING = max(2, os.cpu_count() or 2)
"""long queries that run at the same time"""
_OURS = frozenset(("start", "editor", "description", "void", "thing", "view"))
"""Jobs that do the same for everybody, whatever is asked: they may take long, and are not put behind others for it."""
_TRIES = 3
_FAILED = 1.0
"""seconds between attempts to start workers where none can be started"""
_MORE = "ask for less, or start the server with a larger --timeout"


class Pool:
    """All workers of one server."""

    def __init__(self, most: Limits, metrics: Metrics) -> None:
        self.most, self.metrics = most, metrics
        self.nursery = Nursery(most)
        self.generation: Live | None = None
        self.trouble = "no graph yet"
        self.idle: deque[Worker] = deque()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.all: set[Worker] = set()
        self.starting: set[Worker] = set()
        self.long: list[Worker] = []
        self.closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None

    # -- what others ask of it -------------------------------------------------------------------------

    def serve(self, generation: Live | None, trouble: str = "") -> None:
        """Answer from a generation from now on; those that answer from another finish what they do."""
        if generation == self.generation and trouble == self.trouble:
            return
        self.generation, self.trouble = generation, trouble
        while self.idle:
            self.idle.popleft().close()
        for worker in list(self.starting):
            self.starting.discard(worker)
            worker.end()
        if generation is None:
            self._disappoint()
        self._fill()

    async def ask(self, said: dict[str, Any], *, seconds: float | None = None, left: Callable[[], Awaitable[None]] | None = None) -> Message:
        """Have a message answered within so many seconds; ``left`` returns when the client has gone, and the query with it.

        Pages that cost the same whatever is asked may take long without being put behind others.

        Raises:
            Problem: there is no graph, too much is asked, or it took too long.
        """
        seconds = self.most.seconds if seconds is None else seconds
        message = pack(Message({**said, "seconds": seconds}))
        deadline = time.monotonic() + seconds if seconds else None
        for _ in range(_TRIES):
            answer = await self._once(message, deadline, seconds, left, ours=said["do"] in _OURS)
            if "broken" not in answer.said:
                return answer
            # The generation was replaced, and its files removed, while this was on its way.
            self.metrics.count("kg_workers_failed_total")
        raise self._unavailable()

    async def close(self) -> None:
        """End all processes."""
        self.closed = True
        if self._retry is not None:
            self._retry.cancel()
        for worker in list(self.all):
            worker.end()
        await asyncio.sleep(0)
        self.nursery.close()

    # -- one question ------------------------------------------------------------------------------------

    async def _once(
        self, message: bytes, deadline: float | None, seconds: float, left: Callable[[], Awaitable[None]] | None, *, ours: bool
    ) -> Message:
        worker = await self._taken(deadline)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Message] = loop.create_future()
        watcher: asyncio.Task[None] | None = None

        def fail(problem: Problem) -> None:
            if not answer.done():
                answer.set_exception(problem)

        def overdue() -> None:
            nonlocal watcher
            if not self._prolonged(worker, ours=ours):
                fail(Problem(503, "too many long queries at the moment", "try again later", Retry_After="5"))
                return
            if deadline is not None:
                worker.timer = loop.call_at(loop.time() + max(0.0, deadline - time.monotonic()), timed_out)
            if left is not None:
                watcher = asyncio.ensure_future(left())
                watcher.add_done_callback(lambda _: fail(Problem(499, "the client has gone")))

        def timed_out() -> None:
            self.metrics.count("kg_queries_killed_total", reason="time")
            fail(Problem(503, f"no answer within {seconds:g} seconds", _MORE))

        worker.timer = loop.call_later(limits.SLICE, overdue)
        found: Message | None = None
        try:
            worker.ask(message, answer)
            found = await answer
            return found
        except Lost:
            self.metrics.count("kg_queries_killed_total", reason="crash")
            raise Problem(400, "the engine ended at this query: it is too deep, or needs too much memory", "make the query smaller") from None
        finally:
            if worker.timer is not None:
                worker.timer.cancel()
            if watcher is not None:
                watcher.cancel()
            worker.answer = None
            self._released(worker, well=found is not None and not found.said.get("worn") and "broken" not in found.said)

    async def _taken(self, deadline: float | None) -> Worker:
        if self.generation is None:
            raise self._unavailable()
        while self.idle:
            worker = self.idle.pop()  # the one whose memory is warmest
            if not worker.lost:
                return worker
        if self._retry is not None and not self.all:
            raise self._unavailable()
        self._fill()
        waiting: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(waiting)
        try:
            return await asyncio.wait_for(waiting, None if deadline is None else max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            raise Problem(503, "the server is too busy", "try again later", Retry_After="2") from None

    def _released(self, worker: Worker, *, well: bool) -> None:
        if worker.long:
            self.long.remove(worker)
            self._resumed()
        worker.long = False
        crowded = len(self.all) - len(self.long) > self._wanted
        if worker.nice or crowded or not well or worker.lost or worker.generation != self.generation:
            worker.end()
            self.gone(worker)
        else:
            self._offer(worker)

    def _offer(self, worker: Worker) -> None:
        while self.waiting:
            waiting = self.waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        self.idle.append(worker)

    # -- long queries --------------------------------------------------------------------------------------

    def _prolonged(self, worker: Worker, *, ours: bool) -> bool:
        """Make a query a long one, if there is room for one more."""
        if len(self.long) >= limits.LONG:
            self.metrics.count("kg_queries_killed_total", reason="crowd")
            return False
        worker.long = True
        if not ours:
            worker.nice = True
            self.nursery.tell("nice", worker.pid)
            if sum(not each.halted for each in self.long) >= _RUNNING:
                worker.halted = True
                self.nursery.tell("stop", worker.pid)
        self.long.append(worker)
        self._fill()
        return True

    def _resumed(self) -> None:
        """Let the longest-waiting of those that are halted go on, where others have ended."""
        running = sum(not each.halted for each in self.long)
        for worker in self.long:
            if running >= _RUNNING:
                return
            if worker.halted:
                worker.halted = False
                self.nursery.tell("go", worker.pid)
                running += 1

    # -- coming and going ----------------------------------------------------------------------------------

    @property
    def _wanted(self) -> int:
        """How many workers there should be beside those with long queries: as many as asked for, and some that step in."""
        return self.most.workers + min(self.most.workers, 4)

    def _fill(self) -> None:
        """Start workers until there are as many as there should be."""
        if self.generation is None or self.closed or self._retry is not None:
            return
        loop = asyncio.get_running_loop()
        for _ in range(self._wanted - (len(self.all) - len(self.long))):
            worker = Worker(self, self.generation)
            self.all.add(worker)
            self.starting.add(worker)
            try:
                connection = self.nursery.worker(self.generation.folder)
            except OSError as error:
                self.failed(worker, f"no process can be started: {error.strerror}")
                return
            task = loop.create_task(self._connected(worker, connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connected(self, worker: Worker, connection: socket.socket) -> None:
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=connection)

    def arrived(self, worker: Worker) -> None:
        """Take a worker that is ready."""
        self.starting.discard(worker)
        self.metrics.count("kg_workers_started_total")
        if worker.generation == self.generation:
            self._offer(worker)
        else:
            worker.end()

    def failed(self, worker: Worker, why: str) -> None:
        """Note that a worker could not open the graph, and try again later."""
        self.metrics.count("kg_workers_failed_total")
        self.starting.discard(worker)
        self.all.discard(worker)
        worker.close()
        if worker.generation == self.generation and not self.closed and self._retry is None:
            self.trouble = why or "the graph cannot be opened"
            self._retry = asyncio.get_running_loop().call_later(_FAILED, self._again)
        if not self.all - self.starting:
            self._disappoint()

    def _again(self) -> None:
        self._retry = None
        self._fill()

    def gone(self, worker: Worker) -> None:
        """Forget a worker, and start another if one is missing."""
        early = worker in self.starting
        self.all.discard(worker)
        self.starting.discard(worker)
        if worker in self.idle:
            self.idle.remove(worker)
        if early:
            self.failed(worker, "a worker ended as it started")
        elif not self.closed:
            self._fill()

    def _disappoint(self) -> None:
        """Tell all who wait that there is nobody to answer."""
        while self.waiting:
            waiting = self.waiting.popleft()
            if not waiting.done():
                waiting.set_exception(self._unavailable())

    def _unavailable(self) -> Problem:
        return Problem(503, self.trouble or "the graph cannot be opened", "it is looked for again every second", Retry_After="2")


def opened(folder: Path) -> tuple[Live | None, str]:
    """Give the live generation of a graph's folder, or None and why there is none."""
    from kg import store

    try:
        found = store.current(folder).folder
        told = (found / "manifest.json").stat()
        return Live(found, (told.st_ino, told.st_mtime_ns)), ""
    except StoreError as error:
        return None, error.problem
    except OSError as error:
        return None, f"{folder}: {error.strerror}"


__all__ = ["Pool", "opened"]
