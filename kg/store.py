"""The graph on disk: generations that are written once, and the name of the one that is live.

    CURRENT         the name of the live generation, replaced in one step
    gen-000007/     graph/ (Oxigraph), index/ (SQLite), manifest.json
    cache.sqlite    the builder's alone
    lock            held by the one writer

A reader opens what CURRENT names, read-only, and needs no lock. A writer makes the next generation
beside it, forces it to disk, and only then replaces CURRENT: a crash at any instant leaves the old
graph or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import checksums, locks
from kg.checksums import Sum
from kg.errors import BusyError, StoreError

if TYPE_CHECKING:
    from pyoxigraph import Store

FOLDER = ".kg"
FORMAT = 2
LOADED = "loaded"
"""The ``detail`` of a graph that was made from RDF files, not from notes."""
CURRENT = "CURRENT"
_GENERATION = re.compile(r"gen-\d{6,}")
_FILES = frozenset((CURRENT, f"{CURRENT}.next", "lock", ".gitignore", "cache.sqlite", "cache.sqlite-journal", "cache.seal"))
_ANEW = "kg build --full makes it anew"


@dataclass(frozen=True)
class Manifest:
    """What a generation holds and how it was made.

    ``counts`` are for people, not for the builder; ``files`` are sizes in bytes, by path, ``sums`` all that is known of the files.
    """

    base: str
    title: str
    source: str
    detail: str
    settings: str
    counts: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT
    kg: str = ""
    """The version of kg that made it."""
    dialect: str = ""
    """The dialect that the links were read in."""
    header: list[str] = field(default_factory=list)
    """What the header of an export that was loaded said and nobody could work out: licence, date, ontology; as predicate and object, tabbed."""
    sums: dict[str, Sum] = field(default_factory=dict)
    seal: str = ""
    """The SHA-256 of the rest."""


@dataclass(frozen=True)
class Generation:
    """One complete state of the graph."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def index(self) -> Path:
        """The folder of the index, whose files are what they were: SQLite sees few of the ways in which they may not be.

        Raises:
            StoreError: they are not, or newer builds have taken the place of this generation.
        """
        self._sound("index")
        return self.folder / "index"

    def open(self) -> Store:
        """Open the triples, read-only.

        Raises:
            StoreError: the store is damaged.
        """
        from pyoxigraph import Store

        self._sound("graph")
        try:
            return Store.read_only(str(self.folder / "graph"))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(f"{self.folder}: the graph is damaged: {_first(error)}", hint=_ANEW) from None

    def _sound(self, part: str) -> None:
        for name, why in checksums.damaged(self.folder, self.manifest.sums, (part,)):
            if not self.folder.is_dir():
                raise StoreError(f"{self.folder}: newer builds have taken its place", hint="open the graph again")
            raise StoreError(f"{self.folder}: the {part} is damaged: {name} {why}", hint=_ANEW)

    def whole(self) -> bool:
        """Say whether every file is what it was when it was published, as far as its size and time tell."""
        found = {name: entry.stat().st_size for name, entry in checksums.files(self.folder)}
        sizes = all(found.get(name) == size for name, size in self.manifest.files.items())
        return sizes and next(checksums.damaged(self.folder, self.manifest.sums), None) is None

    def kept(self) -> int | None:
        """Keep builders from removing this generation, while what this gives is open; None where that cannot be."""
        try:
            handle = os.open(self.folder / "manifest.json", os.O_RDONLY)
        except OSError:
            return None
        locks.take(handle, shared=True)
        return handle


def verify(generation: Generation) -> list[str]:
    """Read every byte of a generation, and name the files that are not what they were when it was published.

    It says nothing of a generation that a version of kg published which kept no checksums; ``manifest.sums`` is empty then.
    """
    return [f"{generation.folder / name}: {why}" for name, why in checksums.damaged(generation.folder, generation.manifest.sums, certain=True)]


def find(start: Path) -> Path | None:
    """Look for a graph in ``.kg`` of a folder and of those above it."""
    for folder in (start, *start.parents):
        if (folder / FOLDER / CURRENT).is_file():
            return folder / FOLDER
    return None


def located(given: str | Path | None = None, *, start: Path | None = None) -> Path:
    """Find the folder of a graph: as given, else ``KG_GRAPH``, else the nearest ``.kg`` upward.

    A folder of notes that has a ``.kg`` of its own stands for that.
    """
    named = given or os.environ.get("KG_GRAPH")
    if named:
        folder = Path(named)
        inner = folder / FOLDER
        return inner if not (folder / CURRENT).exists() and (inner / CURRENT).exists() else folder
    here = (start or Path.cwd()).resolve()
    return find(here) or here / FOLDER


def current(folder: Path) -> Generation:
    """Give the live generation of a graph's folder.

    Raises:
        StoreError: there is none, or it is not complete, or another version of kg made it.
    """
    pointer = folder / CURRENT
    for _ in range(3):  # a builder may replace CURRENT and remove what it named in between
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError(f"{folder}: no graph here yet", hint="make one with: kg build NOTES") from None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{pointer}: cannot be read: {error}") from None
        if _GENERATION.fullmatch(name) and (folder / name / "manifest.json").is_file():
            return Generation(folder / name, _manifest(folder / name / "manifest.json"))
    raise StoreError(f"{folder}: the graph is not complete", hint=_ANEW)


def at(folder: Path) -> Generation:
    """Give a generation by its own folder, live or not.

    Raises:
        StoreError: it is not complete, or another version of kg made it.
    """
    return Generation(folder, _manifest(folder / "manifest.json"))


def before(folder: Path, steps: int = 1) -> Generation:
    """Give a generation before the live one of a graph's folder.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    live_name = current(folder).name
    names = [each.name for each in _generations(folder) if each.name <= live_name]
    if steps >= len(names):
        kept = f"only {len(names) - 1} before the live one {'is' if len(names) == 2 else 'are'} kept" if len(names) > 1 else "none is kept"
        raise StoreError(
            f"{folder}: no generation is {steps} before the live one: {kept}", hint="a build that changes the graph keeps the one before"
        )
    return at(folder / names[-1 - steps])


def _manifest(path: Path) -> Manifest:
    try:
        given: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if given.get("seal") and given["seal"] != _seal(given):
            raise ValueError("it is not what was written")
        manifest = Manifest(**given | {"sums": {name: Sum(*each) for name, each in given.get("sums", {}).items()}})
        if not all(isinstance(getattr(manifest, name), str) for name in ("base", "title", "source", "detail", "settings")):
            raise ValueError("a text is missing")
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read: {error}", hint=_ANEW) from None
    if manifest.format != FORMAT:
        raise StoreError(f"{path}: made by another version of kg", hint=_ANEW)
    return manifest


def live(folder: Path) -> Generation | None:
    """Give the live generation, or None where there is none that can be used."""
    try:
        return current(folder)
    except StoreError:
        return None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only writer of a graph's folder, which is made if need be.

    Raises:
        BusyError: another build is running.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _ignored(folder / ".gitignore")
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from None
    try:
        if not locks.take(handle):
            raise BusyError(f"{folder}: another build of this graph is running", hint="wait for it to end")
        yield
    finally:
        locks.drop(handle)


def _ignored(path: Path) -> None:
    """Keep git from the graph; a file that somebody wrote there themselves is left."""
    if not path.exists() or not path.read_bytes().strip(b"\0 \n") or not path.read_bytes().isascii():
        path.write_text("*\n", encoding="utf-8")


def ours(folder: Path) -> bool:
    """Say whether a folder holds nothing but what kg writes there."""
    return all(each.name in _FILES or _GENERATION.fullmatch(each.name) for each in folder.iterdir())


def _generations(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("gen-*") if _GENERATION.fullmatch(each.name))


def sweep(folder: Path) -> None:
    """Clear away what interrupted builds left behind: all but the live generation, the one before it, and what readers have open."""
    with suppress(OSError):
        (folder / f"{CURRENT}.next").unlink(missing_ok=True)
    now = live(folder)
    if now is None and (folder / CURRENT).exists():
        return  # damaged: the next build mends it
    found = _generations(folder)
    kept = [each.name for each in found if now and each.name <= now.name][-2:]
    for each in found:
        if each.name not in kept and not _open(each / "manifest.json"):
            shutil.rmtree(each, ignore_errors=True)


def _open(path: Path) -> bool:
    """Say whether a reader keeps a generation, by its manifest."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not locks.take(handle)
    finally:
        locks.drop(handle)


def following(folder: Path) -> Path:
    """Make the folder of the next generation."""
    last = max((int(each.name[4:]) for each in _generations(folder)), default=0)
    path = folder / f"gen-{last + 1:06d}"
    path.mkdir()
    return path


def publish(folder: Path, generation: Path, manifest: Manifest) -> None:
    """Force a generation to disk, make it the live one, and remove those before the last."""
    before = live(folder)
    sums = checksums.measured(generation, before.folder, before.manifest.sums) if before else checksums.measured(generation)
    given = asdict(replace(manifest, files={name: each.size for name, each in sums.items()}, sums=sums))
    given["seal"] = _seal(given)
    text = json.dumps(given, indent=1, sort_keys=True, ensure_ascii=False)
    (generation / "manifest.json").write_text(text + "\n", encoding="utf-8")
    for top, _, files in os.walk(generation):
        for name in files:
            _force(os.path.join(top, name))
        _force(top)
    _force(str(folder))
    pointer = folder / f"{CURRENT}.next"
    pointer.write_text(generation.name + "\n", encoding="utf-8")
    _force(str(pointer))
    os.replace(pointer, folder / CURRENT)
    _force(str(folder))
    sweep(folder)


def unwritten(folder: Path, reason: str, before: Generation | None) -> StoreError:
    """Say that a graph cannot be written, and what is there instead; ``before`` is what was."""
    now = live(folder)
    safe = "the graph is as it was before" if now else "free some space, or name another folder with -o"
    if now and (before is None or now.name != before.name):
        safe = "the new graph is in place, but may not outlive a loss of power; do it again"
    return StoreError(f"{folder}: cannot be written: {reason}", hint=safe)


def _seal(given: dict[str, Any]) -> str:
    text = json.dumps({name: value for name, value in given.items() if name != "seal"}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _first(error: Exception) -> str:
    return str(error).split("\n", 1)[0].split(": /", 1)[0]


def _force(path: str) -> None:
    if os.name == "nt" and os.path.isdir(path):  # pragma: no cover
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
