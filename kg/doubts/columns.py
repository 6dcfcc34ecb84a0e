"""Variables that never have a value, and patterns that nothing joins, so that each is paired with every other."""

from __future__ import annotations

from kg.guard import Token
from kg.patterns import Element, Group, Question


def alone(asked: Question) -> list[str]:
    """Name variables that are asked for and occur nowhere else."""
    if asked.form != "select":
        return []
    found = []
    inside = {each.text[1:] for part in asked.tree.nodes() for each in part.tokens() if each.sort == "variable" and part.rule == "values"}
    inside |= {each.text[1:] for where in asked.head.nodes("where", "modifiers") for each in where.tokens() if each.sort == "variable"}
    for column in asked.head.nodes("projected"):
        first = column.parts[0]
        if isinstance(first, Token) and first.sort == "variable" and first.text[1:] not in inside:
            found.append(f"{first.text} occurs once only, so it has no value")
        elif len(column.parts) > 1 and isinstance(column.parts[-2], Token):
            inside.add(column.parts[-2].text[1:])
    return found


def unconnected(asked: Question) -> list[str]:
    """Name patterns of one group that share no variable, neither directly nor through others."""
    found = []
    for group in asked.group.all():
        parts = _parts(group)
        if len(parts) > 1:
            first, second = (f"?{min(each)}" for each in parts[:2])
            found.append(f"nothing joins {first} and {second}: each {first} is paired with every {second}")
    return found


def _parts(group: Group) -> list[set[str]]:
    """Join the variables of a group by what holds two of them; leaves out what is tied to a thing that is named."""
    parts: list[tuple[set[str], bool]] = []
    for element in group.elements:
        names, open_ended = element.variables(), _open(element)
        if element.kind == "bind" and len(names) == 1:
            continue
        rest = []
        for known, loose in parts:
            if known & names:
                names, open_ended = names | known, open_ended and loose
            else:
                rest.append((known, loose))
        parts = [*rest, (names, open_ended)] if names else rest
    return [names for names, loose in parts if loose]


def _open(element: Element) -> bool:
    """Say whether an element may match much: a triple pattern without a named thing or text at its ends."""
    pattern = element.pattern
    if pattern is None:
        return element.kind == "filter" or element.kind == "optional"
    ends = (pattern.subject, pattern.object) if pattern.verb.text != "a" else (pattern.subject,)
    return not any(each.sort in ("iri", "literal") for each in ends)


__all__ = ["alone", "unconnected"]
