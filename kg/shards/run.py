"""One run: a folder of its own, every file in it committed as a whole, and the manifest written last.

    TO/manifest.json                what is whole: shards by name, lines, bytes and SHA-256
    TO/run-<digest>/shards/…        00000.nq.gz, …, suggested.nq.gz
                    properties.ttl  the vault's own properties, as in every graph
                    job, list/, survey/, names/, done/, facts/, guesses/    what tasks hand to each other; removed at the end

The digest sums up the notes, the settings and the chunks. Whatever another run left behind is in another folder, so
the two can never mix; readers go by the manifest and never by what lies there.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import pickle
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from kg import declared
from kg.corpus import Context
from kg.dialect import Dialect
from kg.errors import KgError
from kg.shards.locations import Location

MANIFEST = "manifest.json"
KIND, FORMAT = "kg-shards", 1
_PIECE = 4096
"""Packed bytes that are unpacked at once."""
_RUN = re.compile(r"run-[0-9a-f]{16}")


class Job(NamedTuple):
    """What every task must know: where the notes are, what authors have settled, how links are written, the version of kg that began."""

    source: Location
    context: Context
    dialect: Dialect
    kg: str


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of the graph: its name in the run's folder, how many lines it has, how large it is, what it sums up to, and what was counted."""

    name: str
    lines: int
    bytes: int
    sha256: str
    counts: dict[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    """The vault's own properties that its notes state something with, each with the class or the datatype of what."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run by its place and its digest; small, since every task is given one."""

    place: Location
    digest: str

    @property
    def folder(self) -> Location:
        """The folder of this run alone."""
        return self.place.within(f"run-{self.digest}")

    def begin(self, job: Job, chunks: Sequence[Sequence[str]]) -> None:
        """Write down what tasks need, unless an earlier try has.

        Raises:
            KgError: the place holds something else, or cannot be written.
        """
        if others := [each for each in self.place.names() if each != MANIFEST and not _RUN.fullmatch(each)]:
            raise KgError(f"{self.place.address}: holds other files ({others[0]})", hint="name an empty folder, or a new one, with -o")
        if self.folder.has("job"):
            return
        for number, chunk in enumerate(chunks):
            self.save(f"list/{number:05}", list(chunk))
        self.save(f"list/{len(chunks):05}", None)
        self.save("job", job)

    def save(self, name: str, value: Any) -> None:
        """Write a value for another task."""
        self.folder.write(name, zlib.compress(pickle.dumps(value, protocol=5), 1))

    def load(self, name: str) -> Any:
        """Read what another task of this run wrote: only a run's own folder is ever read so."""
        return pickle.loads(zlib.decompress(self.folder.read(name)))  # noqa: S301 - as said

    def keep(self, name: str, lines: Iterable[str]) -> None:
        """Write lines for the end, where all that were kept are merged."""
        self.folder.write(name, zlib.compress("\n".join(lines).encode("utf-8", "surrogatepass"), 1))

    def kept(self, name: str) -> Iterator[str]:
        """Give lines that were kept, unpacking them as they are asked for: held are a tenth of their bytes."""
        data = self.folder.read(name)
        unpacker, rest = zlib.decompressobj(), b""
        for start in range(0, len(data), _PIECE):
            *whole, rest = (rest + unpacker.decompress(data[start : start + _PIECE])).split(b"\n")
            yield from (line.decode("utf-8", "surrogatepass") for line in whole)
        if rest:
            yield rest.decode("utf-8", "surrogatepass")

    def surveyed(self, number: int) -> bool:
        """Say whether pass 1 is done for a chunk."""
        return self.folder.has(f"names/{number:05}")

    def done(self) -> set[int]:
        """Name the chunks whose shards are whole."""
        return {int(name) for name in self.folder.names("done") if name.isdigit()}

    def pack(self, name: str, lines: Iterable[bytes], counts: dict[str, int] | None = None, skipped: Sequence[str] = ()) -> Shard:
        """Write a shard of lines that are sorted and end in a newline."""
        packed, total = BytesIO(), 0
        # Without the time and the name of a file, which would differ.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=packed, mtime=0) as file:
            for line in lines:
                total += 1
                file.write(line)
        whole = packed.getvalue()
        path = f"shards/{name}.nq.gz"
        self.folder.write(path, whole)
        return Shard(path, total, len(whole), hashlib.sha256(whole).hexdigest(), counts or {}, tuple(skipped))

    def shard(self, number: int) -> Shard:
        """Give the shard of a chunk that is done."""
        found: Shard = self.load(f"done/{number}")
        return found

    def publish(self, shards: Sequence[Shard], about: dict[str, Any]) -> None:
        """Write the manifest, then take away what is not needed any more: the work of this run, and other runs."""
        listed = [
            {name: value for name, value in asdict(each).items() if name not in ("counts", "skipped", "properties")}
            | {"name": f"run-{self.digest}/{each.name}"}
            for each in shards
        ]
        whole = {"kind": KIND, "format": FORMAT, **about, "shards": listed}
        self.place.write(MANIFEST, (json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        for name in self.folder.names():
            if name not in ("shards", declared.FILE):
                self.folder.remove(name)
        named = {each.name for each in shards}
        for name in self.folder.names("shards"):
            if f"shards/{name}" not in named:  # a worker that was killed wrote it
                self.folder.remove(f"shards/{name}")
        for name in self.place.names():
            if _RUN.fullmatch(name) and name != f"run-{self.digest}":
                self.place.remove(name)


@lru_cache(maxsize=4)
def job(run: Run) -> Job:
    """Give what a run is about, once for all tasks of a process.

    Raises:
        KgError: another version of kg began this run.
    """
    from kg import __version__

    found: Job = run.load("job")
    if found.kg != __version__:
        raise KgError(f"this run was begun by kg {found.kg}, and this worker has kg {__version__}", hint="install the same version on every worker")
    return found


def manifest(place: Location) -> dict[str, Any] | None:
    """Read a manifest of shards; None where there is none.

    Raises:
        KgError: there is one, and it cannot be used; or there are shards of a run that has not ended.
    """
    try:
        found = json.loads(place.read(MANIFEST))
    except (FileNotFoundError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        if any(_RUN.fullmatch(each) for each in place.names()):
            raise KgError(
                f"{place.address}: the run that makes these shards has not ended", hint="run the same kg build again; it goes on from there"
            )
        return None
    if found.get("format") != FORMAT:
        raise KgError(f"{place.address}/{MANIFEST}: made by another version of kg")
    return found


def verified(place: Location, about: dict[str, Any]) -> list[str]:
    """Give the paths of all shards of a manifest, each of which is whole.

    Raises:
        KgError: one is missing or damaged.
    """
    for each in about["shards"]:
        try:
            data = place.read(each["name"])
        except FileNotFoundError:
            raise KgError(f"{place.address}/{each['name']}: is missing", hint="run the same kg build again") from None
        if hashlib.sha256(data).hexdigest() != each["sha256"]:
            raise KgError(f"{place.address}/{each['name']}: is damaged", hint=f"remove {place.address} and run the same kg build again")
    return [each["name"] for each in about["shards"]]


def unpacked(data: bytes) -> bytes:
    """Give the lines of a shard."""
    return gzip.decompress(data)


__all__ = ["Job", "Run", "Shard", "job", "manifest", "unpacked", "verified"]
