"""RDF files: which they are, in which format, and each opened as plain UTF-8, however it is packed and encoded."""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getreader
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import IO, NamedTuple

from kg import guard
from kg.errors import KgError, UsageError

FORMATS = {
    "turtle": ("ttl", "turtle"),
    "trig": ("trig",),
    "ntriples": ("nt", "ntriples", "n-triples"),
    "nquads": ("nq", "nquads", "n-quads"),
    "jsonld": ("jsonld", "json-ld", "json"),
    "rdfxml": ("rdf", "owl", "rdf/xml", "xml"),
}
"""Every format: its endings, and other names it answers to."""
_UNSURE = ("json", "xml")
"""Endings that other files have as well: of a folder, such files are not loaded."""
SWOLLEN = 200
"""A packed file may unfold to so many times its size; N-Quads unfolds to about 30 times."""
_SMALL = 100 << 20
"""bytes; what unfolds to less is never refused"""


class Source(NamedTuple):
    """A file to be read: its name for people, where it is (None for standard input), its format."""

    name: str
    path: Path | None
    form: str

    @property
    def size(self) -> int:
        """Its size in bytes; 0 if it is not known."""
        return self.path.stat().st_size if self.path else 0


# -- which files, in which format ----------------------------------------------------------------


def format_of(name: str) -> str:
    """Find a format by one of its names, in any case.

    Raises:
        UsageError: there is none; with a guess.

    >>> format_of("N-Quads"), format_of("ttl")
    ('nquads', 'turtle')
    """
    folded = name.strip().lower()
    found = next((main for main, others in FORMATS.items() if folded == main or folded in others), "")
    if found:
        return found
    near = guard.guess(folded, [each for main, others in FORMATS.items() for each in (main, *others)])
    raise UsageError(f"unknown format {name!r}", hint=f"did you mean {near}?" if near else f"known: {', '.join(FORMATS)}")


def _by_ending(path: Path) -> str:
    """Give the format that a file's ending stands for, or "".

    >>> _by_ending(Path("a.NT.gz")), _by_ending(Path("a.txt"))
    ('ntriples', '')
    """
    ending = Path(path.name.lower().removesuffix(".gz")).suffix[1:]
    return next((main for main, endings in FORMATS.items() if ending and ending in endings), "")


def sources(given: Sequence[str], form: str = "") -> list[Source]:
    """List the files to be read; a folder stands for the RDF files in it, ``-`` for standard input.

    Raises:
        UsageError: a file is not there, or its format is not known.
    """
    form = format_of(form) if form else ""
    return [source for name in given for source in _found(name, form)]


def _found(name: str, form: str) -> Iterator[Source]:
    if name == "-":
        if not form:
            raise UsageError("the format of standard input is not known", hint=f"say which with --format: {', '.join(FORMATS)}")
        yield Source("standard input", None, form)
        return
    path = Path(name)
    if path.is_dir():
        # Before all else: a folder of shards says itself which of its files count.
        if shards := _shards(path):
            yield from (Source(str(each), each, "nquads") for each in shards)
            return
        within = [each for each in sorted(path.rglob("*")) if not any(part.startswith(".") for part in each.relative_to(path).parts)]
        files = [each for each in within if _by_ending(each) and not each.name.lower().removesuffix(".gz").endswith(_UNSURE) and each.is_file()]
        if not files:
            raise UsageError(f"{path}: no RDF file is in this folder", hint=f"endings: {_endings()}")
        yield from (Source(str(each), each, _by_ending(each)) for each in files)
        return
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    known = form or _by_ending(path)
    if not known:
        ending = "".join(path.suffixes[-2:])
        what = f"no format has the ending {ending}" if ending else "has no ending that tells its format"
        raise UsageError(f"{path}: {what}", hint=f"endings: {_endings()}; or say which with --format")
    yield Source(name, path, known)


def _shards(folder: Path) -> list[Path]:
    """Name the shards that a folder says are whole; none if it is no folder of shards."""
    if not ((folder / "manifest.json").is_file() or any(folder.glob("run-*"))):
        return []
    from kg.shards import run
    from kg.shards.locations import Location

    place = Location(str(folder))
    told = run.manifest(place)
    return [folder / each for each in run.verified(place, told)] if told else []


def _endings() -> str:
    return ", ".join(f".{each}" for endings in FORMATS.values() for each in endings if each.isalpha() and len(each) < 7)


# -- opening -------------------------------------------------------------------------------------


@contextmanager
def plain(source: Source) -> Iterator[IO[bytes]]:
    """Open a file as UTF-8, at its first character; what is packed, piped or encoded otherwise is unfolded into nameless files first."""
    with ExitStack() as stack:
        if source.path:
            raw: IO[bytes] = stack.enter_context(open(source.path, "rb"))
        else:
            raw = sys.stdin.buffer
        file = raw
        if not source.path or not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            file = _moved(iter(lambda: raw.read(1 << 16), b""), stack)
        if file.read(2) == b"\x1f\x8b":
            file.seek(0)
            file = _moved(_unpacked(source, file), stack)
        file.seek(0)
        yield _decoded(source, file, stack)


def _moved(pieces: Iterable[bytes], stack: ExitStack) -> IO[bytes]:
    to = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    to.writelines(pieces)
    to.seek(0)
    return to


def _unpacked(source: Source, file: IO[bytes]) -> Iterator[bytes]:
    most = max(_SMALL, SWOLLEN * os.fstat(file.fileno()).st_size)
    done = 0
    with GzipFile(fileobj=file) as packed:
        while piece := packed.read(1 << 16):
            done += len(piece)
            if done > most:
                raise KgError(f"{source.name}: refused: it unfolds to more than {SWOLLEN} times its size", hint="unpack it yourself, if you trust it")
            yield piece


_BOMS = ((BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"), (BOM_UTF8, ""))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def _decoded(source: Source, file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    """Give a file as UTF-8, without a byte order mark and without another encoding's name in its XML declaration."""
    head = file.read(1024)
    mark, encoding = next(((mark, name) for mark, name in _BOMS if head.startswith(mark)), (b"", ""))
    if source.form == "rdfxml" and not mark:
        declared = _DECLARED.match(head)
        encoding = declared[1].decode("ascii") if declared else "utf-16-le" if head[1:2] == b"\0" else "utf-16-be" if head[:1] == b"\0" else ""
    if encoding.lower() in ("", "utf-8", "utf8"):
        file.seek(len(mark))
        return file
    file.seek(0)
    try:
        # Python also knows bz2, zip and uu for encodings, and some that take the square of the time.
        "x".encode("none" if encoding.lower() in ("punycode", "idna", "undefined") else encoding)
        reader = getreader(encoding)(file)
        first = re.sub(r"""^(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", r"\1", reader.read(4096))
        text = (each.encode("utf-8") for each in (first, *iter(lambda: reader.read(1 << 16), "")))
        return _moved(text, stack)
    except (LookupError, UnicodeError):
        raise KgError(f"{source.name}: cannot be read as {encoding}", hint="save it as UTF-8") from None


__all__ = ["FORMATS", "Source", "format_of", "plain", "sources"]
