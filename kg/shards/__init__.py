"""The graph of a vault that is too large for one process, as a folder of shards: sorted, packed N-Quads.

    notes ─▶ survey (a chunk at a time: read, name) ─▶ names (across notes) ─▶ emit (a chunk at a time) ─▶ settle ─▶ manifest

The same steps as in `kg.passes`, and the same functions do them; what differs is that every step takes its input
from files and commits its output as one. So any engine that calls functions can run it, a task that is run twice
changes nothing, and a run that was cut off goes on from the tasks that are done.

    locations   folders, and places that fsspec knows: what is read from, and written to
    run         one run: its folder, what is done, the manifest that is written last
    survey      pass 1: what the notes of a chunk say, offer and want
    gathered    what notes must know of each other: in memory, on disk, or joined for each chunk
    emit        pass 2: the quads of a chunk; what is suggested and no fact
    engines     a pool of processes here, or Dask

Nothing here looks at a store: `kg load` makes a graph of the shards, `kg push` sends that to a server.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from kg import __version__, declared, dialect, kinds, settled
from kg.config import Config
from kg.rebuild import fingerprint
from kg.shards import emit, gathered, survey
from kg.shards.engines import Engine
from kg.shards.locations import Location, home, listed
from kg.shards.run import Job, Run, Shard

CHUNK = 200
"""Notes that a task takes: about a second, against some milliseconds that a task costs by itself."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run made: where, of how many notes, links, broken links and issues; quads, shards, those of them that an earlier run had made."""

    place: Location
    notes: int
    links: int
    broken: int
    issues: int
    quads: int
    shards: int
    kept: int
    skipped: tuple[str, ...]


def build(
    notes: str,
    to: str,
    config: Config | None,
    engine: Engine,
    *,
    detail: str = "",
    names: str = "auto",
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Report:
    """Write the graph of the notes at ``notes`` as shards into ``to``; each is a folder, or an address that fsspec knows.

    ``config`` are the settings; None: as kg.toml at the top of the notes says. ``detail`` is instead of theirs. ``names`` is one of :data:`kg.shards.gathered.WAYS`.

    Raises:
        KgError: a place cannot be read or written, or the engine fails; what is done is kept for the next run.
    """
    tell = progress or _silent
    source, place = Location(notes).anew(), Location(to).anew()
    with home(source, config) as (source, folder, config):
        config, left_out = settled.composed(replace(config, detail=detail or config.detail), folder)
        found, skipped = listed(source, config.skip, engine)
        skipped = [*skipped, *map(str, left_out)]
        told = written = dialect.detect(folder, config.dialect)
        declared = kinds.fingerprint(settled.home(config, folder))
        context = settled.context(config, folder)
    decisions = json.dumps([each.said for each in context.decisions.entries], ensure_ascii=False)
    paths = [each.path for each in found]
    chunks = [paths[at : at + chunk] for at in range(0, len(paths), chunk)]
    tasks = range(len(chunks) + 1)  # the last is what the author's vocabulary says
    while True:
        about = [__version__, fingerprint(config, declared, told, written), decisions, source.address, found, chunk]
        run = Run(place, sha256(json.dumps(about, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:16])
        run.begin(Job(source, context, written, __version__), chunks)
        for done, _ in enumerate(engine.each(survey.survey, run, [each for each in tasks if not run.surveyed(each)]), 1):
            tell("reading", min(done * chunk, len(paths)), len(paths))
        # As in every build, the links may say that they are written in another dialect than was told.
        before, written = written, dialect.settled(told, *survey.sides(run, len(tasks)), paths)
        if before.label_first == written.label_first:
            break
    kept = run.done()
    way = gathered.gather(run, len(tasks), names, engine)
    for done, _ in enumerate(engine.each(emit.emit, run, [each for each in tasks if each not in kept]), 1):
        tell(f"writing, names {way},", min(done * chunk, len(paths)), len(paths))
    shards = [*(run.shard(each) for each in tasks), emit.settle(run, len(tasks))]
    return _published(run, shards, config, source, skipped, len(kept))


def _published(run: Run, shards: list[Shard], config: Config, source: Location, skipped: list[str], kept: int) -> Report:
    counts = {name: sum(shard.counts.get(name, 0) for shard in shards) for name in ("notes", "links", "broken", "issues")}
    left = sorted({*skipped, *(each for shard in shards for each in shard.skipped)})
    quads = sum(each.lines for each in shards)
    stated = sorted({each for shard in shards for each in shard.properties})
    run.folder.write(declared.FILE, declared.written(stated, config.base).encode("utf-8", "replace"))
    run.publish(shards, {"base": config.base, "title": config.title or source.name, "counts": counts, "skipped": left, "kg": __version__})
    return Report(run.place, **counts, quads=quads, shards=len(shards), kept=min(kept, len(shards)), skipped=tuple(left))


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


__all__ = ["CHUNK", "Report", "build"]
