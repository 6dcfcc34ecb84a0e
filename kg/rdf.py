"""RDF files of every format, read as quads: as a stream, and safely.

The engine follows brackets for as long as there is time and stack: it crashes on 30,000 triple terms inside one
another, and JSON or XML that deep takes it minutes. So nesting is looked at before the engine sees a file. Nothing
is ever fetched: a remote context of JSON-LD is refused, and so is every declaration of XML, which could name
other files or unfold without end.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, cast

from kg import guard, nesting, ontology
from kg.errors import KgError, Place
from kg.names import STANDARD_PREFIXES
from kg.sources import Source, plain

if TYPE_CHECKING:
    from pyoxigraph import Quad

_ENGINE = {"turtle": "TURTLE", "trig": "TRIG", "ntriples": "N_TRIPLES", "nquads": "N_QUADS", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}

DEEPEST = {**dict.fromkeys(("turtle", "trig", "ntriples", "nquads"), nesting.TERMS), "jsonld": nesting.BRACKETS, "rdfxml": 512}
"""Triple terms, brackets or elements inside one another; a hundredth of what crashes pyoxigraph 0.5.13, or what takes it 10 ms."""
Told = Callable[[int], None]
"""Told how many more bytes have been read."""


# -- reading -------------------------------------------------------------------------------------


def quads(source: Source, base: str, told: Told | None = None) -> Iterator[Quad]:
    """Read a file as quads, one after the other; ``base`` is the IRI that relative ones are relative to.

    Raises:
        KgError: the file cannot be read, is not of its format, or is refused; with the line.
    """
    from pyoxigraph import RdfFormat, parse

    try:
        with plain(source) as file:
            start = file.tell()
            _check(source, file)
            file.seek(start)
            given = _inlined(source, file) if source.form == "jsonld" else file
            try:
                yield from parse(cast("IO[bytes]", _Counted(given, told)), format=getattr(RdfFormat, _ENGINE[source.form]), base_iri=base)
            except SyntaxError as error:
                given.seek(start if given is file else 0)
                raise _explained(source, error, given, base) from None
            except MemoryError as error:
                if "buffer" in str(error):  # the engine's, of a fixed size, and no lack of memory
                    _refuse(source, 0, 0, "a single text or statement takes more than 16 MB", "take it out, or cut it into several")
                raise
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


# -- what the engine must not see ----------------------------------------------------------------


def _check(source: Source, file: IO[bytes]) -> None:
    """Refuse what would crash or stall the engine, or reach beyond the file."""
    if source.form == "rdfxml":
        _check_xml(source, file)
    elif source.form == "jsonld":
        most = DEEPEST["jsonld"]
        if line := nesting.brackets(file.read(), most):
            _refuse(source, line, 0, nesting.refused(most, "brackets"))
    elif _holds(file, b"<<("):
        most = DEEPEST[source.form]
        if line := nesting.terms(file.read(), most):
            _refuse(source, line, 0, nesting.refused(most))


def _holds(file: IO[bytes], wanted: bytes) -> bool:
    """Say whether bytes stand anywhere in a file; it is left where it was."""
    start, tail, found = file.tell(), b"", False
    while not found and (piece := file.read(1 << 20)):
        found = wanted in tail + piece
        tail = piece[-len(wanted) :]
    file.seek(start)
    return found


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
        raise _syntax_error(source, file, error.lineno, error.offset + 1, str(error).partition(":")[0]) from None


_PLAIN_XML = "write the IRIs out, or save it as Turtle with the program that made it"


def _refuse(source: Source, line: int, column: int, why: str, hint: str = "") -> NoReturn:
    raise KgError(f"refused: {why}", at=Place(source.name, line, column), hint=hint)


def _inlined(source: Source, file: IO[bytes]) -> IO[bytes]:
    """Put kg's own JSON-LD context in where a file names it, and refuse every other that would have to be fetched."""
    text = file.read()
    if b'"@context"' not in text:
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
            return {key: context(value) if key == "@context" else value if key == "@value" else walked(value) for key, value in given.items()}
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
    return _syntax_error(source, file, line, column, said)


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


def _syntax_error(source: Source, file: IO[bytes], line: int, column: int, said: str) -> KgError:
    shown = next((each for at, each in enumerate(_lines(file), 1) if at == line), b"") if line else b""
    text = shown.decode("utf-8", "replace").rstrip("\r\n")
    pointed = f"\n{guard.pointed(text, 1, max(column, 1))}" if text.strip() else ""
    return KgError(f"{said or 'is not of its format'}{pointed}", at=Place(source.name, line, column), hint=_advice(source, said))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.readline(1 << 20), b"")


def _advice(source: Source, said: str) -> str:
    if "LoadDocumentCallback" in said:
        return "it names a context that would have to be fetched; put the context into the file"
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
