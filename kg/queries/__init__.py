"""Named queries: files of SPARQL that say what they answer and what they need to know.

Those of kg lie in this folder; a vault adds its own in ``queries/`` beside its notes or its kg.toml. One of
the vault's that has the name of one of kg's takes its place.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg import guard, parameters, query
from kg import values as written
from kg.errors import ConfigError, KgError, Place, QueryError, UsageError
from kg.names import Names, key
from kg.queries import header, typed
from kg.queries.header import Header, Parameter
from kg.values import Value

if TYPE_CHECKING:
    from pyoxigraph import Store

FOLDER = "queries"
"""Where a vault keeps its own."""
HERE = Path(__file__).resolve().parent
LARGEST = guard.LONGEST
"""characters"""


@dataclass(frozen=True)
class NamedQuery:
    """A named query. ``own`` is the vault's; ``hides`` one of kg's with its name; ``problem`` is what is wrong with its file, if it is."""

    name: str
    path: Path
    text: str = ""
    header: Header = field(default_factory=Header)
    own: bool = False
    hides: bool = False
    problem: KgError | None = None

    @property
    def title(self) -> str:
        """What it answers; its name in words, if its author does not say."""
        return self.header.title or self.name.replace("-", " ").replace("_", " ").capitalize()


def home(source: Path, graph: Path) -> Path:
    """Give the folder in which the vault that a graph was made from keeps its own queries.

    ``graph`` is the folder of the graph. Settings that cannot be read do not count: a query needs none.
    """
    from kg import settled

    try:
        return settled.home(settled.settings(source, graph), source) / FOLDER
    except ConfigError:
        return source / FOLDER


def every(own: Path | None = None) -> dict[str, NamedQuery]:
    """Read all named queries, those of kg and those in a folder, by their names."""
    found = {each.stem: _named(each) for each in _files(HERE)}
    for path in _files(own) if own else ():
        found[path.stem] = _named(path, own=True, hides=path.stem in found)
    return dict(sorted(found.items()))


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.suffix.lower() == ".rq" and each.is_file() and not each.name.startswith("."))
    except OSError:
        return []


def _named(path: Path, *, own: bool = False, hides: bool = False) -> NamedQuery:
    text = ""
    try:
        text = _text(path)
        said = header.read(text, str(path))
        _check(text, said, path)
    except KgError as error:
        return NamedQuery(path.stem, path, text, own=own, hides=hides, problem=error)
    return NamedQuery(path.stem, path, text, said, own=own, hides=hides)


def _text(path: Path) -> str:
    at = Place(str(path))
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise QueryError(f"more than {LARGEST:,} characters", at=at, hint="is this a query?")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise QueryError(f"cannot be read: {error.strerror}", at=at) from None
    except UnicodeDecodeError:
        raise QueryError("is not UTF-8", at=at, hint="save it as UTF-8") from None


def _check(text: str, said: Header, path: Path) -> None:
    if not header.body(text).strip():
        raise QueryError("there is no query in the file", at=Place(str(path)), hint="such as: SELECT ?note { ?note a :Note }")
    try:
        header.filled(text, said)
    except KgError as error:
        raise in_file(error, path) from None


def in_file(error: KgError, path: Path) -> KgError:
    """Tell an error of a query as one of the file that it stands in."""
    at = error.at or Place("query")
    return QueryError(error.problem, at=Place(str(path), at.line, at.column), hint=error.hint)


def broken(named: NamedQuery, names: Names, store: Store | None = None) -> KgError | None:
    """Say what is wrong with a query, its SPARQL included; an empty graph is asked, so it takes a millisecond.

    A type that nothing in the graph ``store`` is of, and that is almost one of kg's, is misspelt.
    """
    if named.problem:
        return named.problem
    for each in named.header.parameters:
        if store is not None and (near := typed.misspelt(each, store)):
            at = Place(str(named.path), each.line)
            return QueryError(f"nothing in the graph is a {each.type}", at=at, hint=f"did you mean {near}?")
    import pyoxigraph

    try:
        for _ in query.ask(pyoxigraph.Store(), header.filled(named.text, named.header), names).rows:
            break
    except QueryError as error:
        return in_file(error, named.path)
    return None


def one(name: str, own: Path | None = None) -> NamedQuery:
    """Find a query by its name, however it is spelt; that of a vault, whose folder is ``own``, goes first.

    Raises:
        UsageError: there is none; with a guess.
        QueryError: its file is broken.
    """
    plain = name.strip().removesuffix(".rq")
    files = {each.stem: each for each in (*_files(HERE), *(_files(own) if own else ()))}
    stem = plain if plain in files else next((each for each in sorted(files) if key(each) == key(plain)), "")
    if not stem:
        near = guard.guess(plain, sorted(files)) or next((each for each in sorted(files) if plain and plain.casefold() in each), "")
        raise UsageError(f"no query is called {name!r}", hint=f"did you mean {near}?" if near else "kg query --list names them")
    found = _named(files[stem], own=files[stem].parent != HERE)
    if found.problem:
        raise found.problem
    return found


# -- values for their parameters -----------------------------------------------------------------


def given(arguments: Iterable[str], known: Sequence[Parameter] = ()) -> dict[str, str]:
    """Read ``name=value`` arguments; one without a name is the first parameter that has no value yet.

    Raises:
        UsageError: an argument has no name, or gives a second value to one.
    """
    said: dict[str, str] = {}
    bare: list[str] = []
    for each in arguments:
        name, sign, text = each.partition("=")
        name = name.strip().lstrip("?$")
        if not sign or not name.replace("_", "a").isalnum():
            bare.append(each)
        elif name in said:
            raise UsageError(f"{name} is given twice: {said[name]!r} and {text!r}", hint="leave one out")
        else:
            said[name] = text
    free = iter([each.name for each in known if each.name not in said])
    for text in bare:
        if (name := next(free, "")) == "":
            hint = f"write name=value; the query knows {', '.join(each.name for each in known)}" if known else "write name=value"
            raise UsageError(f"{text!r} is for no parameter", hint=hint)
        said[name] = text
    return said


def terms(named: NamedQuery, said: Mapping[str, str], store: Store, names: Names, *, suggested: bool = False) -> dict[str, Value]:
    """Give the terms of a query's parameters, from what is said and from defaults.

    Raises:
        UsageError: a value is missing, of another type, or for a parameter that there is not.
    """
    known = {each.name: each for each in named.header.parameters}
    others = [each for each in parameters.variables(named.text) if each not in known]
    for name in said:
        if name not in known and (known or name not in others):
            near = guard.guess(name, list(known))
            hint = f"did you mean {near}?" if near else f"it has {', '.join(known)}" if known else "it has no parameters"
            raise UsageError(f"the query {named.name} has no parameter {name!r}", hint=hint)
    found = {name: written.read(text, names, named.text) for name, text in said.items() if name not in known}
    suggested = suggested or named.header.suggested
    for name, each in known.items():
        text = said.get(name, each.default)
        if text is None:
            raise UsageError(f"the query {named.name} needs {_needed(each)}", hint=_example(named, said, store, names))
        try:
            found[name] = typed.value(each, text, store, names, suggested=suggested)
        except UsageError as error:
            if name in said:
                raise
            raise UsageError(f"{error.problem} (its default)", hint=_example(named, said, store, names)) from None
    return found


def example(named: NamedQuery, store: Store, names: Names) -> str:
    """Write a call that fits this graph: the one that the query's author gives, if its things are here, else one with things that are.

    "" where the graph has nothing for a parameter.
    """
    try:
        written = shlex.split(named.header.example)
        said = given([each for each in written[written.index(named.name) + 1 :] if not each.startswith("--")], named.header.parameters)
    except (ValueError, UsageError):  # whatever else the author wrote
        return named.header.example
    filled: dict[str, str] = {}
    for each in named.header.parameters:
        text = said.get(each.name)
        if text is not None and (each.type in header.LITERALS or _means(each, text, store, names)):
            filled[each.name] = text
        elif text is not None or each.default is None:
            filled[each.name] = typed.example(each, store, names, without=filled.values())
    if not all(filled.values()):
        return ""
    return call(named.name, filled.items()) + (" --suggested" if "--suggested" in written else "")


def _means(each: Parameter, text: str, store: Store, names: Names) -> bool:
    try:
        typed.value(each, text, store, names, suggested=True)
    except UsageError:
        return False
    return True


def _needed(each: Parameter) -> str:
    return f"{each.name} ({each.type}){f': {each.words}' if each.words else ''}"


def _example(named: NamedQuery, said: Mapping[str, str], store: Store, names: Names) -> str:
    """Write a call that would do, with things of this graph for what is missing."""
    filled: dict[str, str] = {}
    for each in named.header.parameters:
        if each.name in said:
            filled[each.name] = said[each.name]
        elif each.default is None or each.type not in header.LITERALS:
            filled[each.name] = typed.example(each, store, names, without=filled.values())
    if "" in filled.values():
        return f"kg query --name {named.name} --help says what it needs"
    return f"such as: {call(named.name, filled.items())}"


def call(name: str, said: Iterable[tuple[str, str]]) -> str:
    """Write the command that asks a query, for a shell.

    >>> call("evidence", [("thing", "Estamos ON")])
    "kg query --name evidence thing='Estamos ON'"
    """
    return " ".join(("kg query --name", name, *(f"{each}={shlex.quote(text)}" for each, text in said)))


# -- for people and programs ---------------------------------------------------------------------


def groups(found: Iterable[NamedQuery]) -> Iterator[tuple[str, list[NamedQuery]]]:
    """Put queries under their headings, in the order of :data:`ORDER`; those without one come last."""
    gathered: dict[str, list[NamedQuery]] = {}
    for each in found:
        gathered.setdefault(each.header.group or "Others", []).append(each)
    yield from sorted(gathered.items(), key=lambda each: (ORDER.index(each[0]) if each[0] in ORDER else len(ORDER), each[0] == "Others", each[0]))


ORDER = (
    "Countries",
    "Initiatives",
    "Themes",
    "People and organisations",
    "What is said, and when",
    "Notes and links",
    "Facts and their grounds",
    "The graph itself",
)
"""Headings of kg's own queries, as the list shows them."""

__all__ = [
    "FOLDER",
    "HERE",
    "ORDER",
    "NamedQuery",
    "Parameter",
    "broken",
    "call",
    "every",
    "example",
    "given",
    "groups",
    "home",
    "in_file",
    "one",
    "terms",
]
