"""The states of a graph by what people call them, each opened to be compared.

    .kg, notes                 a graph's folder, or a folder of notes that one was made of
    .kg/gen-000006             one of its generations
    previous, @1               the generation before the live one, and so on
    notes                      a folder of notes without a graph: one is built in a temporary place
    graph.nq                   a file of triples, as kg export writes it
    HEAD~1, v1.0, 3f2a9c       the notes as git remembers them, built in a temporary place

What is there on disk goes before what git knows by the same name. Nothing but temporary places is written to.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from kg import config, export, pipeline, revision, settled, store, vault
from kg.config import Config
from kg.diff import State
from kg.errors import KgError, StoreError, UsageError
from kg.guard import guess

_BEFORE = re.compile(r"@(\d{1,6})")
WORDS = {"previous": 1, "current": 0}
FORMS = ("nquads", "ntriples", "turtle", "trig", "rdfxml", "jsonld")


class States:
    """Opens states until it is closed; ``tell`` is told what a person should know, and ``graph`` is where theirs is."""

    def __init__(self, graph: Path, here: Path, tell: Callable[[str], None]) -> None:
        self.graph, self.here, self.tell = graph, here.resolve(), tell
        self._stack = ExitStack()
        self.live = store.live(graph)

    def __enter__(self) -> States:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # -- by name ---------------------------------------------------------------------------------------

    def named(self, name: str) -> State:
        """Open a state by its name.

        Raises:
            KgError: nothing is called so, or it cannot be read.
        """
        path = Path(name)
        if name and "\0" not in name and os.path.lexists(path):
            if not name.startswith("-") and self._remembered(name):
                self.tell(f"{name} is here on disk, which is taken, and a revision of git as well")
            return self.folder(path) if path.is_dir() else self.file(path)
        steps = WORDS.get(name, -1) if name in WORDS else int(match[1]) if (match := _BEFORE.fullmatch(name)) else -1
        if steps >= 0:
            return self.generation(store.before(self.graph, steps) if steps else store.current(self.graph))
        found = revision.find(self.vault, name)
        if found:
            return self.revision(name, found)
        near = guess(name, list(WORDS))
        hint = f"did you mean {near!r}?" if near else "name a graph, a folder of notes, a file of triples, a revision of git, or previous"
        raise UsageError(f"{name!r} is no file, no folder, and no revision of {self.vault}", hint=hint)

    def now(self) -> State:
        """Open the live graph, or build one of the notes where there is none."""
        if not self.live:
            return self.folder(self.vault)
        if stale(self.live):
            self.tell("notes were changed after this graph was built; kg build brings it up to date")
        return self.generation(self.live)

    def _remembered(self, name: str) -> bool:
        try:
            return revision.find(self.vault, name) is not None
        except KgError:  # no git here
            return False

    @property
    def vault(self) -> Path:
        """The folder of the notes that revisions are of."""
        if self.live and Path(self.live.manifest.source).is_dir():
            return Path(self.live.manifest.source)
        path = config.find(self.here)
        return (path.parent / config.read(path).folder).resolve() if path else self.here

    # -- what is on disk ---------------------------------------------------------------------------------

    def generation(self, found: store.Generation) -> State:
        """Open one generation of a graph."""
        manifest = found.manifest
        graph = found.folder.parent.resolve()
        inside = graph.relative_to(self.here) if graph.is_relative_to(self.here) else graph
        name = f"{inside} ({found.name})"
        return State(name, found.open(), manifest.base, detail=manifest.detail, made=f"{manifest.settings} {manifest.detail}")

    def folder(self, path: Path) -> State:
        """Open what a folder is or holds: a generation, a graph, or notes."""
        if (path / "manifest.json").is_file() and (path / "graph").is_dir():
            return self.generation(store.at(path))
        for graph in (path, path / store.FOLDER):
            if (graph / store.CURRENT).exists():
                return self.generation(store.current(graph))
        above = store.find(path.resolve())
        live = store.live(above) if above else None
        if live and Path(live.manifest.source) == path.resolve():
            return self.generation(live)
        settings = path / config.FILE
        given = config.read(settings) if settings.is_file() else settled.settings(path.resolve())
        notes = path / given.folder if settings.is_file() else path
        if not vault.listing(notes, given.skip).found:
            raise StoreError(f"{path}: holds no graph and no notes", hint="name a graph, a folder of notes, or a file of triples")
        return self.built(f"{path} (built for this)", notes, given)

    def file(self, path: Path) -> State:
        """Read a file of triples; the ending says in which format."""
        import pyoxigraph

        from kg.export import header

        forms = {name: export.FORMATS[name] for name in FORMS}
        form = next((name for name, (ending, others) in forms.items() if path.suffix.lower() in (ending, *(f".{each}" for each in others))), "")
        if not form:
            raise UsageError(f"{path}: is no file of triples", hint=f"known endings: {', '.join(ending for ending, _ in forms.values())}")
        read = pyoxigraph.Store()
        known = {"nquads": "N_QUADS", "ntriples": "N_TRIPLES", "turtle": "TURTLE", "trig": "TRIG", "rdfxml": "RDF_XML", "jsonld": "JSON_LD"}
        try:
            read.bulk_load(path=str(path), format=getattr(pyoxigraph.RdfFormat, known[form]))
        except SyntaxError as error:
            raise KgError(f"{path}:{error.lineno or 1}: is not {form}: {error.msg}") from None
        except (OSError, ValueError) as error:
            raise KgError(f"{path}: cannot be read: {str(error).split(chr(10), 1)[0]}") from None
        # What a file says of itself is none of the graph's.
        for subject in header.subjects(read):
            for quad in list(read.quads_for_pattern(pyoxigraph.NamedNode(subject), None, None, pyoxigraph.DefaultGraph())):
                read.remove(quad)
        state = State(str(path), read)
        if state.blank():
            self.tell(f"{path} holds blank nodes, which differ in every file")
        return state

    # -- what is built for this ----------------------------------------------------------------------------

    def revision(self, name: str, found: revision.Revision) -> State:
        """Build a graph of the notes as git remembers them."""
        top, notes = found.top.resolve(), self.vault.resolve()
        settings = settled.settings(notes, self.graph)
        home = settled.home(settings, notes)
        inside = home if home == top or top in home.parents else notes
        place = self._temporary()
        count = revision.write(found, inside.relative_to(top), place)
        if settings.root is not None and inside == home:
            file = place / config.FILE
            settings = config.read(file) if file.is_file() else Config(folder=settings.folder)
            source = (place / settings.folder).resolve()
            if source != place.resolve() and place.resolve() not in source.parents:
                raise KgError(f"{name}: its kg.toml names a folder outside the repository: {settings.folder}")
        else:
            source = place
        if not source.is_dir():
            source.mkdir(parents=True)
        if not count:
            self.tell(f"{name} has no notes in {notes}")
        return self.built(f"{name} ({found.commit[:10]})", source, settings)

    def built(self, name: str, notes: Path, settings: Config) -> State:
        """Build a graph in a temporary place, as detailed as the live one."""
        if self.live:
            settings = replace(settings, detail=self.live.manifest.detail)
        folder = self._temporary() / "graph"
        report = pipeline.build(notes, folder, settings)
        if report.skipped:
            self.tell(f"{name}: {len(report.skipped):,} files could not be read")
        state = self.generation(store.current(folder))
        state.name = name
        return state

    def _temporary(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-diff-", ignore_cleanup_errors=True)))


def stale(live: store.Generation) -> bool:
    """Say whether notes were written or removed after a graph was published."""
    source = Path(live.manifest.source)
    try:
        published = (live.folder / "manifest.json").stat().st_mtime_ns
        found = vault.listing(source, settled.settings(source, live.folder.parent).skip).found
    except (KgError, OSError):
        return False
    return len(found) < live.manifest.counts.get("notes", 0) or any(each.touched > published for each in found)


__all__ = ["States", "stale"]
