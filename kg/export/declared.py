"""Declarations of the properties that a vault makes of its own keys, for tools that expect every property to be declared."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.names import Names
from kg.terms import LABEL, TYPE, literal, term

if TYPE_CHECKING:
    from kg.export.said import Said


def declared(said: Said, names: Names) -> Said:
    """Declare the properties under ``vault:`` that some data uses: of things, of values, or of both.

    >>> declared({"<https://example.org/kg/property/made-by>": ["<a>\\t<b>"]}, Names())[TYPE]
    ['<https://example.org/kg/property/made-by>\\t<http://www.w3.org/2002/07/owl#ObjectProperty>']
    """
    start = f"<{names.prefixes()['vault']}"
    own = {each: {row.partition("\t")[2][:1] == "<" for row in rows} for each, rows in said.items() if each.startswith(start) and rows}
    sorts: dict[tuple[bool, ...], str] = {(True,): "owl:ObjectProperty", (False,): "owl:DatatypeProperty"}
    return {
        TYPE: [f"{each}\t{term(sorts.get(tuple(found), 'rdf:Property'))}" for each, found in sorted(own.items())],
        LABEL: [f"{each}\t{literal(unquote(each[len(start) : -1]).replace('-', ' '))}" for each in sorted(own)],
    } if own else {}  # fmt: skip
