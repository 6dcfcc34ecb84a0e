"""What a query may call beside SPARQL's own functions: ``:chain``, ``:steps``, ``:match``, ``:rank``, ``:hms``, ``:label``.

Nothing is read before a function is called, and what it reads stays known for the next call. What is
wrong in a call, such as a text where an IRI belongs, is an error as SPARQL has it: the value is unbound,
a filter is not passed, and the query goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.names import ONTOLOGY, Names
from kg.triples import iri_of, least_of
from kg.ways import Stop, never

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

    from kg.ways import Ways

    Term = NamedNode | BlankNode | Literal | Triple

NAMES = {
    "chain": "a, b",
    "hms": "second",
    "label": "thing",
    "match": "text, words",
    "rank": "thing",
    "steps": "a, b",
}
"""Every function by its local name, with its arguments."""
_NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
_LONGEST = 100 * 3600
"""seconds; what is more is no time of a video"""


def table(store: Store, names: Names, *, suggested: bool = False, stop: Stop = never) -> dict[NamedNode, Callable[..., Term | None]]:
    """Give the functions as the engine wants them; ``stop`` says that nobody waits for the answer any more."""
    from pyoxigraph import NamedNode

    functions = _Functions(store, names, suggested, stop)
    return {NamedNode(ONTOLOGY + name): functions.guarded(name) for name in NAMES}


class _Functions:
    """The functions over one store. What they raise is an error of SPARQL's: the engine leaves the value unbound."""

    def __init__(self, store: Store, names: Names, suggested: bool, stop: Stop) -> None:
        self.store, self.names, self.suggested, self.stop = store, names, suggested, stop
        self.sides = ("", names.suggested) if suggested else ("",)

    def guarded(self, name: str) -> Callable[..., Term | None]:
        """Give a function that does nothing once the query is left, so that the engine comes to its end the sooner."""
        function: Callable[..., Term | None] = getattr(self, name)

        def call(*given: Term) -> Term | None:
            return None if self.stop() else function(*given)

        return call

    def ways(self) -> Ways:
        """Give what joins things, looked up once for all calls."""
        from kg.paths import kept

        return kept(self.store, self.names, suggested=self.suggested)

    def chain(self, one: Term, other: Term) -> Literal | None:
        """Write the most telling of the shortest chains between two things."""
        from pyoxigraph import Literal

        from kg.paths import joined, told

        found = joined(self.ways(), _iri(one), _iri(other), most=1, stop=self.stop)
        return Literal(told(found.ways, found.chains[0])) if found.chains else None

    def steps(self, one: Term, other: Term) -> Literal | None:
        """Count the steps of the shortest chain between two things."""
        from pyoxigraph import Literal

        from kg.paths import steps

        count = steps(self.ways(), _iri(one), _iri(other), self.stop)
        return None if count is None else Literal(count)

    def match(self, text: Term, words: Term) -> Literal:
        """Say whether words stand in a text."""
        from pyoxigraph import Literal

        return Literal(_matcher(_text(words))(_text(text)))

    def rank(self, thing: Term) -> Literal | None:
        """Give the PageRank of a thing; the ranks of all things sum to 1."""
        from pyoxigraph import Literal

        from kg.ranks import importance

        share = importance(self.store, self.names, suggested=self.suggested).get(_iri(thing))
        return None if share is None else Literal(share)

    def hms(self, second: Term) -> Literal:
        """Write a second, or that of a moment, as a player shows it."""
        from pyoxigraph import Literal, NamedNode

        from kg.timecodes import hms

        at = float(least_of(self.store, iri_of(":second"), second.value) if isinstance(second, NamedNode) else _number(second))
        if not 0 <= at <= _LONGEST:
            raise ValueError("no time of a video")
        return Literal(hms(int(at)))

    def label(self, thing: Term) -> Literal:
        """Give the label of a thing, or its IRI where it has none; of a literal its text."""
        from pyoxigraph import Literal

        from kg.paths import label

        return Literal(thing.value if isinstance(thing, Literal) else label(self.store, _iri(thing), self.sides))


def _iri(given: Term) -> str:
    from pyoxigraph import NamedNode

    if not isinstance(given, NamedNode):
        raise TypeError("no IRI")
    return given.value


def _text(given: Term) -> str:
    from pyoxigraph import Literal

    if not isinstance(given, Literal):
        raise TypeError("no text")
    return given.value


def _number(given: Term) -> str:
    from pyoxigraph import Literal

    if not isinstance(given, Literal) or given.datatype.value not in [iri_of(f"xsd:{each}") for each in _NUMBERS]:
        raise TypeError("no number")
    return given.value


@lru_cache(maxsize=64)
def _matcher(words: str) -> Callable[[str], bool]:
    from kg.words import matcher, parse

    return matcher(parse(words))


__all__ = ["NAMES", "table"]
