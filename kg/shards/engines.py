"""Who runs the tasks: a pool of processes on this machine, or Dask.

A task is a function of a run and a number, and all that it does is in files. So a task whose worker died is simply
run again, and one that ran twice did no harm.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from kg import __version__
from kg.errors import KgError

TRIES = 3
"""How often a pool is made anew after a worker was killed."""
_PATIENCE = 10
"""Seconds to wait for a scheduler."""

Task = Callable[[Any, int], Any]


class Engine(Protocol):
    """Runs tasks."""

    def each(self, task: Task, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        """Run a task for every number, in any order; gives what they return as they end.

        Raises:
            KgError: a task fails, or its worker dies again and again.
        """


class Here:
    """Runs tasks in this process, one after the other."""

    def each(self, task: Task, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        """Run a task for every number."""
        for number in numbers:
            yield task(run, number)


class Pool:
    """Runs tasks in processes of this machine; what a killed one left undone is done by others."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def each(self, task: Task, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        """Run a task for every number."""
        left = set(numbers)
        for attempt in range(TRIES + 1):
            if not left:
                return
            try:
                with ProcessPoolExecutor(self.jobs, initializer=_deaf) as pool:
                    tasks = {pool.submit(task, run, number): number for number in sorted(left)}
                    try:
                        for done in as_completed(tasks):
                            yield done.result()
                            left.discard(tasks[done])
                    except BaseException:
                        pool.shutdown(wait=False, cancel_futures=True)
                        raise
            except BrokenProcessPool:
                if attempt == TRIES:
                    raise KgError(
                        "a worker was killed again and again", hint="is there enough memory? Fewer --jobs need less; what is done is kept"
                    ) from None


class Dask:
    """Runs tasks on the workers of a Dask client; a worker that is lost is Dask's to replace."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def each(self, task: Task, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        """Run a task for every number."""
        from distributed import as_completed as ended

        try:
            futures = [self.client.submit(task, run, number, pure=False, retries=TRIES) for number in numbers]
            for future in ended(futures):  # type: ignore[no-untyped-call]
                yield future.result()
        except KgError:
            raise
        except Exception as error:
            if type(error).__name__ == "KilledWorker":
                raise KgError("workers were lost again and again", hint="is there enough memory on them? What is done is kept") from None
            if isinstance(error, OSError) or type(error).__name__ in ("CommClosedError", "CancelledError", "FutureCancelledError", "TimeoutError"):
                raise KgError("the scheduler is lost", hint="start it again and run the same command; what is done is kept") from None
            raise


@contextmanager
def dask(scheduler: str, jobs: int) -> Iterator[Dask]:
    """Give an engine of Dask: the cluster of a scheduler, or workers of our own on this machine.

    Raises:
        KgError: Dask is not installed, no scheduler answers, or its workers have another version of kg, or none.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise KgError("Dask is not installed", hint='pip install "kgnotes[dask]"') from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told in our words
    if scheduler:
        try:
            client = Client(scheduler, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TypeError, ImportError) as error:
            said = str(error).splitlines()[0] if str(error) else "no answer"
            raise KgError(f"{scheduler}: no scheduler of Dask answers: {said}", hint="such as tcp://10.0.0.1:8786; is it running?") from None
        with client:
            _same_version(client)
            yield Dask(client)
        return
    with (
        TemporaryDirectory(prefix="kg-dask-") as folder,
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # None would take port 8787 of every address of the machine
            scheduler_kwargs={"dashboard": False},
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        yield Dask(client)


def _same_version(client: Any) -> None:
    try:
        # A function that every Python has: one of ours could not even be named to a kg that lacks it.
        found = client.run(resolve_name, "kg:__version__")
    except (ImportError, AttributeError) as error:
        raise KgError(f"the workers have no kg: {error}", hint=f"install kgnotes {__version__} on every worker") from None
    if not found:
        raise KgError("the scheduler has no workers", hint="start some: dask worker ADDRESS")
    others = sorted({each for each in found.values() if each != __version__})
    if others:
        raise KgError(f"this is kg {__version__}, and workers have {', '.join(others)}", hint="install the same version on every worker")


def _deaf() -> None:
    """Leave Ctrl-C to the parent, which tells the person once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


__all__ = ["Dask", "Engine", "Here", "Pool", "dask"]
