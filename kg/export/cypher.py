"""A script for Neo4j: a constraint, then nodes and relationships in batches, which may be run again and again.

Every node is a ``Thing`` with its IRI as ``id``, and has the label of its class as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from kg.export.tables import Edge, Node, Tables, columns, plain
from kg.network import KINDS

BATCH = 500
"""Rows in a statement: few enough for the memory of a small server."""
_LABELS = {kind: name for name, kind in KINDS.items()}
_SPECIAL = re.compile(r"\\u|[\\'\x00-\x1f\x7f\u2028\u2029]")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\u": "\\\\\\u0075"}


def as_cypher(told: Tables) -> Iterator[str]:
    """Write the script, for ``cypher-shell -f FILE``."""
    yield "CREATE CONSTRAINT kg_thing_id IF NOT EXISTS FOR (thing:Thing) REQUIRE thing.id IS UNIQUE;\n"
    fields = columns(Node, told)
    for kind, nodes in groupby(sorted(told.nodes, key=lambda each: (each.kind, each.id)), key=lambda each: each.kind):
        yield from _batches(list(nodes), fields, f"MERGE (thing:Thing {{id: row.id}}) SET thing:{_LABELS[kind]}, thing += row")
    fields = [name for name in columns(Edge, told) if name != "property"]
    for name, edges in groupby(sorted(told.edges, key=lambda each: (each.property, each)), key=lambda each: each.property):
        ends = "MATCH (one:Thing {id: row.source}) MATCH (other:Thing {id: row.target})"
        values = ", ".join(f"link.{each} = row.{each}" for each in fields if each not in ("source", "target"))
        yield from _batches(list(edges), fields, f"{ends}\nMERGE (one)-[link:{_relationship(name)}]->(other) SET {values}")


def _batches(rows: Sequence[Node | Edge], fields: list[str], work: str) -> Iterator[str]:
    for start in range(0, len(rows), BATCH):
        listed = ",\n".join(f"  {_map(row, fields)}" for row in rows[start : start + BATCH])
        yield f"\nUNWIND [\n{listed}\n] AS row\n{work};\n"


def _map(row: Node | Edge, fields: list[str]) -> str:
    told = ((name, getattr(row, name)) for name in fields)
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in told if value != "") + "}"


def _value(value: str | float) -> str:
    return quoted(value) if isinstance(value, str) else plain(value)


def quoted(text: str) -> str:
    r"""Write a string of Cypher.

    Old parsers look for backslash and u before they look for strings, even after another backslash: the u is
    written as a number, or ``\u0027`` in a note would end the string.

    >>> print(quoted("it's"), quoted("\\n"), quoted("\\u0027"))
    'it\'s' '\\n' '\\\u00750027'
    """
    escaped = _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", text)
    return f"'{escaped}'"


def _relationship(name: str) -> str:
    """Write a property as relationships are called.

    >>> _relationship("linksTo")
    'LINKS_TO'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
