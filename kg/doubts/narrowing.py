"""Which part of a query leaves nothing: its parts are asked for one after the other, while time lasts."""

from __future__ import annotations

from collections.abc import Iterator

from kg import query
from kg.doubts.asked import Asked
from kg.errors import KgError
from kg.grammar import AGGREGATES
from kg.patterns import Element

_PARTS = 12
"""No more parts are tried; a person with a longer query has tried some already."""


def leftover(asked: Asked) -> Iterator[str]:
    """Name the first part with which nothing is left."""
    elements = asked.question.group.elements
    if len(elements) > _PARTS or any(each.text.upper() == "FROM" for each in asked.question.tree.tokens() if each.sort == "word"):
        return
    firm = [each for each in elements if each.kind not in ("filter", "minus", "optional")]
    last = [each for each in elements if each.kind in ("filter", "minus")]
    added = list(_added(asked))
    if len(elements) == 1 and elements[0].kind == "triple" and not added:
        return  # which would be the question itself
    kept: list[Element] = []
    for element in (*firm, *last):
        # All of them together is what was asked, and is known to have no answer; what is added up may be there, and no number.
        whole = len(kept) + 1 == len(firm) + len(last) and asked.question.group.select is None and not added
        there = False if whole else asked.finds([each.text for each in (*kept, element)])
        if there is None:
            return
        if not there:
            yield from _named(asked, element, kept)
            return
        kept.append(element)
    for name, call in added:
        told = "has no value: what it adds up is not a number in all of them" if name in ("SUM", "AVG") else "finds a value in none of them"
        yield f"there are answers, but {_short(call)} {told}"


def _added(asked: Asked) -> Iterator[tuple[str, str]]:
    """Give the aggregates of the columns, by name and as they are written."""
    for call in asked.question.head.under("builtin"):
        name = call.words()[0].upper()
        if name in AGGREGATES:
            yield name, asked.text[call.start : call.end]


def _named(asked: Asked, element: Element, kept: list[Element]) -> Iterator[str]:
    text = _short(element.text.removesuffix(" ."))
    if element.kind in ("filter", "minus"):
        yield f"there are answers without {text}, and none with it"
        return
    if not kept or asked.finds([element.text]) is False:
        hint = "; a note's own graph holds only what notes share" if element.kind == "graph" else ""
        yield f"nothing matches {text}{hint}"
        return
    joined = [each for each in kept if each.variables() & element.variables()]
    if len(joined) == 1:
        yield f"nothing matches both {_short(joined[0].text.removesuffix(' .'))} and {text}"
    else:
        yield f"{text} matches nothing together with what stands before it"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:69] + "…"


def with_suggestions(asked: Asked, text: str) -> Iterator[str]:
    """Say whether there are answers among what is only suggested."""
    if asked.suggested or asked.left() <= 0.01 or asked.question.form == "describe":
        return
    try:
        answer = query.ask(asked.store, text, asked.names, timeout=asked.left() / 2, suggested=True)
        row = next(answer.rows, None)
    except KgError:
        return
    if answer.truth or (row is not None and any(getattr(each, "value", "0") != "0" for each in row if each is not None)):
        yield "there are answers among what is only suggested: try --suggested"


__all__ = ["leftover", "with_suggestions"]
