"""RDF files of every format, read as quads: as a stream, and safely.

The engine follows brackets for as long as there is time and stack: it crashes on 30,000 triple terms inside one
another, and JSON or XML that deep takes it minutes. So nesting is looked at before the engine sees a file. Nothing
is ever fetched: a remote context of JSON-LD is refused, and so is every declaration of XML, which could name
other files or unfold without end.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import tempfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getreader
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from gzip import GzipFile
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, NoReturn, cast

from kg import guard, ontology
from kg.errors import KgError, Place, UsageError
from kg.names import STANDARD_PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Quad

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
_ENGINE = {"turtle": "TURTLE", "trig": "TRIG", "ntriples": "N_TRIPLES", "nquads": "N_QUADS", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}

DEEPEST = {"turtle": 64, "trig": 64, "ntriples": 64, "nquads": 64, "jsonld": 256, "rdfxml": 512}
"""Triple terms, brackets or elements inside one another; a hundredth of what crashes pyoxigraph 0.5.13, or what takes it 10 ms."""
SWOLLEN = 200
"""A packed file may unfold to so many times its size; N-Quads unfolds to about 30 times."""
_SMALL = 100 << 20
"""bytes; what unfolds to less is never refused"""

Told = Callable[[int], None]
"""Told how many more bytes have been read."""


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


def _endings() -> str:
    return ", ".join(f".{each}" for endings in FORMATS.values() for each in endings if each.isalpha() and len(each) < 7)


# -- reading -------------------------------------------------------------------------------------


def quads(source: Source, base: str, told: Told | None = None) -> Iterator[Quad]:
    """Read a file as quads, one after the other; ``base`` is the IRI that relative ones are relative to.

    Raises:
        KgError: the file cannot be read, is not of its format, or is refused; with the line.
    """
    from pyoxigraph import RdfFormat, parse

    try:
        with _plain(source) as file:
            start = file.tell()
            _check(source, file)
            file.seek(start)
            given = _inlined(source, file) if source.form == "jsonld" else file
            try:
                yield from parse(cast("IO[bytes]", _Counted(given, told)), format=getattr(RdfFormat, _ENGINE[source.form]), base_iri=base)
            except SyntaxError as error:
                given.seek(start if given is file else 0)
                raise _explained(source, error, given, base) from None
    except (OSError, EOFError, zlib.error) as error:
        raise KgError(f"{source.name}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


class _Counted:
    """A file that tells how much of it was read; at most ``most`` bytes at a time."""

    def __init__(self, file: IO[bytes], told: Told | None = None, most: int = 1 << 16) -> None:
        self.file, self.told, self.most, self.read_so_far = file, told, most, 0

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, self.most) if size >= 0 else self.most)
        self.read_so_far += len(data)
        if self.told:
            self.told(len(data))
        return data


@contextmanager
def _plain(source: Source) -> Iterator[IO[bytes]]:
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
        reader = getreader(encoding)(file)
        first = re.sub(r"""^(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", r"\1", reader.read(4096))
        text = (each.encode("utf-8") for each in (first, *iter(lambda: reader.read(1 << 16), "")))
        return _moved(text, stack)
    except (LookupError, UnicodeError):
        raise KgError(f"{source.name}: cannot be read as {encoding}", hint="save it as UTF-8") from None


# -- what the engine must not see ----------------------------------------------------------------


def _check(source: Source, file: IO[bytes]) -> None:
    """Refuse what would crash or stall the engine, or reach beyond the file."""
    if source.form == "rdfxml":
        _check_xml(source, file)
    elif source.form == "jsonld":
        _check_depth(source, file.read(), _JSON, b"[{", b"]}", "brackets")
    elif _holds(file, b"<<("):
        _check_depth(source, file.read(), _TERMS, b"<<", b">>", "triple terms")


def _holds(file: IO[bytes], wanted: bytes) -> bool:
    """Say whether bytes stand anywhere in a file; it is left where it was."""
    start, tail, found = file.tell(), b"", False
    while not found and (piece := file.read(1 << 20)):
        found = wanted in tail + piece
        tail = piece[-len(wanted) :]
    file.seek(start)
    return found


_JSON = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{}]', re.DOTALL)
_TERMS = re.compile(
    rb"""\"""(?:[^"\\]++|\\.|"(?!""))*+\"""|'''(?:[^'\\]++|\\.|'(?!''))*+'''|"(?:[^"\\\n\r]++|\\.)*+"|'(?:[^'\\\n\r]++|\\.)*+'"""
    rb"""|<<\(|\)>>|<[^<>"{}|^`\x00-\x20]*>|\#[^\n\r]*|\\.""",
    re.DOTALL,
)


def _check_depth(source: Source, text: bytes, pattern: re.Pattern[bytes], opening: bytes, closing: bytes, what: str) -> None:
    depth, most = 0, DEEPEST[source.form]
    for match in pattern.finditer(text):
        sign = match[0]
        if sign[:1] in opening if what == "brackets" else sign == b"<<(":
            depth += 1
            if depth > most:
                _refuse(source, text.count(b"\n", 0, match.start()) + 1, 0, f"more than {most} {what} inside one another")
        elif sign[:1] in closing if what == "brackets" else sign == b")>>":
            depth = max(0, depth - 1)


def _check_xml(source: Source, file: IO[bytes]) -> None:
    # Entities are refused at the declaration, before anything is unfolded.
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    depth = 0

    def declared(*_: object) -> NoReturn:
        _refuse(source, parser.CurrentLineNumber, 0, "a DOCTYPE may declare entities, which name other files or unfold without end", _PLAIN_XML)

    def opened(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST["rdfxml"]:
            _refuse(source, parser.CurrentLineNumber, 0, f"more than {DEEPEST['rdfxml']} elements inside one another")

    def closed(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler, parser.StartElementHandler, parser.EndElementHandler = declared, opened, closed
    start = file.tell()
    try:
        while piece := file.read(1 << 16):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        file.seek(start)
        raise _told(source, file, error.lineno, error.offset + 1, str(error).partition(":")[0]) from None


_PLAIN_XML = "write the IRIs out, or save it as Turtle with the program that made it"


def _refuse(source: Source, line: int, column: int, why: str, hint: str = "") -> NoReturn:
    raise KgError(f"refused: {why}", at=Place(source.name, line, column), hint=hint)


_CONTEXT = re.compile(rb'"@context"\s*:\s*["\[]|"@import"')


def _inlined(source: Source, file: IO[bytes]) -> IO[bytes]:
    """Put kg's own JSON-LD context in where a file names it, and refuse every other that would have to be fetched."""
    text = file.read()
    if not _CONTEXT.search(text) and b'"@context"' not in text:
        return BytesIO(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return BytesIO(text)  # the engine says what is wrong, and where
    named: list[str] = []

    def context(given: object) -> object:
        if isinstance(given, list):
            return [context(each) for each in given]
        if isinstance(given, str):
            if Path(given).name == _OWN and ("/" not in given or "kgnotes" in given):
                named.append(given)
                return json.loads(ontology.text(_OWN))["@context"]
            place = text.find(json.dumps(given).encode())
            line = text.count(b"\n", 0, place) + 1 if place >= 0 else 0
            _refuse(source, line, 0, f"the context {given} would have to be fetched, and kg stays on this machine", "put the context into the file")
        if isinstance(given, dict) and "@import" in given:
            context(str(given["@import"]))
        return walked(given)

    def walked(given: object) -> object:
        if isinstance(given, dict):
            return {key: context(value) if key == "@context" else walked(value) for key, value in given.items()}
        return [walked(each) for each in given] if isinstance(given, list) else given

    changed = walked(data)
    return BytesIO(json.dumps(changed).encode()) if named else BytesIO(text)


_OWN = "context.jsonld"


# -- errors --------------------------------------------------------------------------------------

_SAID = re.compile(r"^Parser error (?:at|between) [^:]*: ")
_UNDECLARED = re.compile(r"The prefix ([^:]*): has not been declared")
_TRACED = 4 << 20
"""bytes; of a larger file only the engine's own word on the place is given"""


def _explained(source: Source, error: SyntaxError, file: IO[bytes], base: str) -> KgError:
    """Turn the engine's complaint into a place, a reason and the line with a caret."""
    said = _SAID.sub("", error.msg or str(error))
    start = file.tell()
    line, column = error.lineno or 0, error.offset or 0
    if not line:
        line, column = _traced(source, file, base)
        file.seek(start)
    return _told(source, file, line, column, said)


def _traced(source: Source, file: IO[bytes], base: str) -> tuple[int, int]:
    """Find where the engine stops when it does not say so: read again, byte by byte."""
    from pyoxigraph import RdfFormat, parse

    text = file.read(_TRACED + 1)
    if len(text) > _TRACED:
        return 0, 0
    slow = _Counted(BytesIO(text), most=1)
    try:
        for _ in parse(cast("IO[bytes]", slow), format=getattr(RdfFormat, _ENGINE[source.form]), base_iri=base):
            pass
    except SyntaxError:
        before = text[: slow.read_so_far]
        return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
    return 0, 0


def _told(source: Source, file: IO[bytes], line: int, column: int, said: str) -> KgError:
    shown = next((each for at, each in enumerate(_lines(file), 1) if at == line), b"") if line else b""
    text = shown.decode("utf-8", "replace").rstrip("\r\n")
    pointed = f"\n{guard.pointed(text, 1, max(column, 1))}" if text.strip() else ""
    return KgError(f"{said or 'is not of its format'}{pointed}", at=Place(source.name, line, column), hint=_advice(source, said))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.readline(1 << 20), b"")


def _advice(source: Source, said: str) -> str:
    if "UTF-8" in said:
        return "save it as UTF-8"
    if "No scheme" in said and source.form in ("ntriples", "nquads"):
        return "this format has absolute IRIs only; Turtle may have relative ones"
    if source.form == "turtle" and said.startswith("{"):
        return "named graphs are TriG: --format trig"
    if source.form == "ntriples" and "followed by a dot" in said:
        return "a fourth term is N-Quads: --format nquads"
    if match := _UNDECLARED.search(said):
        return f"declare it at the top: @prefix {match[1]}: <{STANDARD_PREFIXES.get(match[1], '…')}> ."
    return ""
