"""Pass 2: the quads of a chunk, sorted; and, once all are there, what is suggested and stated nowhere."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from kg.decided import decided
from kg.emission import Emission
from kg.extract import Named
from kg.facts import emit as written
from kg.names import Names
from kg.shards.gathered import world
from kg.shards.run import Run, Shard, job
from kg.vault import Skipped
from kg.world import World


def emit(run: Run, number: int) -> Shard:
    """Write the shard of a chunk; what is suggested and may be a fact elsewhere is kept for the end."""
    named, skipped = run.load(f"survey/{number:05}")
    context = job(run).context
    known = world(run, number)
    vocabulary = run.load(f"list/{number:05}") is None
    found = [decided(context, known)] if vocabulary else [_emitted(each, known) for each in named]
    said = [each for each in found if isinstance(each, Emission)]
    left = [str(each) for each in (*skipped, *found) if isinstance(each, Skipped)]
    graph = f" <{Names(context.config.base).suggested}> ."
    run.keep(f"facts/{number:05}", sorted({fact for each in said for fact in each.said.facts}))
    run.keep(f"guesses/{number:05}", sorted({fact for each in said for fact in each.guessed.facts}))
    lines = {line for each in said for line in _lines(each, graph)}
    counts = {
        "notes": 0 if vocabulary else len(said),
        "links": sum(each.links for each in said),
        "broken": sum(each.broken for each in said),
        "issues": sum(each.issued for each in said),
    }
    shard = run.pack(f"{number:05}", sorted(f"{line}\n".encode("utf-8", "replace") for line in lines), counts, left)
    shard = replace(shard, properties=tuple(sorted({each for one in said for each in one.properties})))
    run.save(f"done/{number}", shard)
    return shard


def _emitted(named: Named, known: World) -> Emission | Skipped:
    try:
        return written(named, known)
    except Exception as error:  # noqa: BLE001 - one note never ends a run of millions; it is told
        return Skipped(named.document.path, "failed", f"cannot be written: {type(error).__name__}: {error}")


def _lines(said: Emission, suggested: str) -> Iterator[str]:
    """Give the quads of a note; a fact also stands in the note's own graph."""
    yield from said.said.private
    yield from (line for each in said.said.shared.values() for line in each)
    yield from said.said.facts
    yield from (f"{fact[:-2]} <{said.note}> ." for fact in said.said.facts)
    yield from (f"{line[:-2]}{suggested}" for line in said.guessed.private)
    yield from (f"{line[:-2]}{suggested}" for each in said.guessed.shared.values() for line in each)


def settle(run: Run, tasks: int) -> Shard:
    """Write what is suggested and no note states: both sorted, so that neither need fit in memory."""
    graph = f" <{Names(job(run).context.config.base).suggested}> ."
    facts = _merged(run, "facts", tasks)
    return run.pack("suggested", (f"{line[:-2]}{graph}\n".encode("utf-8", "replace") for line in _without(_merged(run, "guesses", tasks), facts)))


def _merged(run: Run, what: str, tasks: int) -> Iterator[str]:
    return (line for line, _ in groupby(heapq.merge(*(run.kept(f"{what}/{number:05}") for number in range(tasks)))))


def _without(lines: Iterator[str], others: Iterator[str]) -> Iterator[str]:
    """Give the lines that are not among others; both are sorted.

    >>> list(_without(iter("abd"), iter("bc")))
    ['a', 'd']
    """
    other = next(others, None)
    for line in lines:
        while other is not None and other < line:
            other = next(others, None)
        if line != other:
            yield line


__all__ = ["emit", "settle"]
