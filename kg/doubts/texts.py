"""Texts and numbers that a query asks for and the graph writes otherwise: in another case, another language, another type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from kg.doubts.asked import LABELS, Asked, literal, node, quoted
from kg.grammar import Node
from kg.names import STANDARD_PREFIXES, key
from kg.patterns import Element, Term, unquoted

_XSD = STANDARD_PREFIXES["xsd"]
_FEW = 40
"""As many different values can be shown or guessed from."""
_CASE = frozenset(("LCASE", "UCASE"))
_SEARCHES = {"CONTAINS": "CONTAINS(LCASE({0}), {1})", "STRSTARTS": "STRSTARTS(LCASE({0}), {1})", "STRENDS": "STRENDS(LCASE({0}), {1})"}


def unwritten(asked: Asked) -> Iterator[str]:
    """Say how the graph writes a value that a pattern asks for and nothing has."""
    for pattern in asked.needed:
        if pattern.object.sort == "literal" and len(pattern.steps) == 1 and not pattern.steps[0].inverse:
            yield from _value(asked, pattern.steps[0].term, pattern.object)


def filtered(asked: Asked) -> Iterator[str]:
    """Say the same of what a FILTER compares a variable with."""
    for element in asked.question.group.elements:
        if element.kind != "filter" or any(each.text == "||" or each.text.upper() == "NOT" for each in element.node.tokens()):
            continue
        for expression in element.node.under("expression"):
            yield from _equal(asked, expression)
        for call in element.node.under("builtin"):
            yield from _searched(asked, element, call)


def _equal(asked: Asked, expression: Node) -> Iterator[str]:
    parts = expression.parts
    if len(parts) != 3 or not isinstance(parts[0], Node) or not isinstance(parts[2], Node) or getattr(parts[1], "text", "") != "=":
        return
    for left, right in ((parts[0], parts[2]), (parts[2], parts[0])):
        text = _literal(right)
        variable, case = _variable(left)
        if text is None or not variable:
            continue
        folded = text.value.lower() if case == "LCASE" else text.value.upper() if case == "UCASE" else text.value
        if folded != text.value:
            yield f"{case} gives {'small' if case == 'LCASE' else 'capital'} letters only, so it never equals {quoted(text.value)}"
        elif not case:
            for term in _properties(asked, variable):
                yield from _value(asked, term, text)


def _searched(asked: Asked, element: Element, call: Node) -> Iterator[str]:
    """Find CONTAINS and its like that would find something if case did not count: the query is asked so."""
    name, given = call.words()[0].upper(), [next(each.nodes(), each) for each in call.nodes("expression")]
    if name not in (*_SEARCHES, "REGEX") or len(given) != 2:
        return
    text = _literal(given[1])
    subject = asked.text[given[0].start : given[0].end]
    if text is None or _variable(given[0])[1] in _CASE:
        return
    small = quoted(text.value if name == "REGEX" else text.value.lower())
    instead = f'REGEX({subject}, {small}, "i")' if name == "REGEX" else _SEARCHES[name].format(subject, small)
    changed = asked.text[element.node.start : call.start] + instead + asked.text[call.end : element.node.end]
    others = [each.text for each in asked.question.group.elements if each is not element and each.kind != "optional"]
    if asked.finds([*others, changed]):
        yield f"{name} heeds case; with {instead} there are answers"


def _literal(operand: Node) -> Term | None:
    for part in operand.nodes("literal"):
        words = part.words()
        if len(operand.parts) == 1 and words[0][0] in "\"'":
            return Term("literal", unquoted(words[0]), words[0], words[1] if len(words) == 2 else "")
    return None


def _variable(operand: Node) -> tuple[str, str]:
    """Give the variable that stands there, alone or in STR, LCASE or UCASE, and which of the latter."""
    tokens = list(operand.tokens())
    if len(tokens) == 1 and tokens[0].sort == "variable":
        return tokens[0].text[1:], ""
    if len(tokens) == 4 and tokens[2].sort == "variable" and tokens[0].text.upper() in ("STR", *_CASE):
        return tokens[2].text[1:], tokens[0].text.upper() if tokens[0].text.upper() in _CASE else ""
    return "", ""


def _properties(asked: Asked, variable: str) -> list[Term]:
    found = [each.steps[-1].term for each in asked.needed if each.object.value == variable and each.object.sort == "variable" and each.steps]
    return list(dict.fromkeys(found))


def _value(asked: Asked, term: Term, wanted: Term) -> Iterator[str]:
    if asked.has(None, node(term.value), literal(wanted)):
        return
    first = next(asked.triples(None, node(term.value)), None)
    if first is None or not hasattr(first.object, "datatype"):
        return  # things, not texts: the types tell more
    likely = next((each for each in _otherwise(wanted.value) if asked.has(None, node(term.value), each)), None)
    if likely is not None:
        yield f"{term.text} {wanted.text} is not in the graph; it is written {_written(likely)}"
        return
    for word in LABELS:
        other = next(asked.triples(None, node(word), literal(Term("literal", wanted.value, ""))), None)
        if other is not None and word != term.value:
            yield f"nothing has {term.text} {wanted.text}; it is {asked.short(word)} of {asked.short(other.subject.value)}"
            return
    values, whole = _values(asked, term, wanted.value)
    alike = next((each for each in values.values() if key(each.value) == key(wanted.value)), None)
    near = next(iter(get_close_matches(wanted.value, list(values), 1, 0.75)), "")
    if alike is not None:
        yield f"{term.text} {wanted.text} is not in the graph; it is written {_written(alike)}"
    elif near:
        yield f"nothing has {term.text} {wanted.text}; did you mean {_written(values[near])}?"
    elif whole and all(len(each) < 40 for each in values):
        yield f"nothing has {term.text} {wanted.text}; there are: {', '.join(sorted(map(_written, values.values())))}"


def _values(asked: Asked, term: Term, like: str) -> tuple[dict[str, Any], bool]:
    """Give the values of a property that begin alike and are about as long; all of them, and that they are all, if they are few."""
    few = asked.column(f"SELECT DISTINCT ?v {{ ?s <{term.value}> ?v }} LIMIT {_FEW + 1}")
    whole = 0 < len(few) <= _FEW and asked.left() > 0
    if len(few) > _FEW:
        # One expression is twice as fast as LCASE and STRLEN: every label is read, and the time is short.
        alike = f"^{re.escape(like[:2])}.{{{max(0, len(like) - 5)},{len(like) + 1}}}$"
        few = asked.column(f'SELECT DISTINCT ?v {{ ?s <{term.value}> ?v FILTER(REGEX(STR(?v), {quoted(alike)}, "i")) }} LIMIT 1000')
    return {each.value: each for each in few if hasattr(each, "datatype")}, whole


def _otherwise(text: str) -> Iterator[Any]:
    """Give the usual other ways to write a text: without a language, in one, with other capitals, as a number."""
    spelt = dict.fromkeys((text, text.capitalize(), text.title(), text.lower(), text.upper()))
    for each in spelt:
        yield literal(Term("literal", each, ""))
        for language in ("en", "fr", "es", "de", "pt", "it", "nl"):
            yield literal(Term("literal", each, "", f"@{language}"))
    if re.fullmatch(r"-?\d+", text):
        yield literal(Term("literal", text, "", _XSD + "integer"))


def _written(thing: Any) -> str:
    if thing.language:
        return f"{quoted(thing.value)}@{thing.language}"
    if thing.datatype.value in (_XSD + "integer", _XSD + "decimal", _XSD + "boolean"):
        return f"{thing.value}, without quotes"
    return quoted(thing.value)


__all__ = ["filtered", "unwritten"]
