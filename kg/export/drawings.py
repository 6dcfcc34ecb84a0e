"""GraphML and GEXF: the tables as graphs that Gephi, Cytoscape, yEd and networkx open.

Written here, for networkx puts the day of today into every GEXF, and lets through characters that make the file unreadable. XML
cannot hold control characters; they become U+FFFD, since these files are to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kg.export.rdfxml import NOT_XML
from kg.export.tables import Edge, Node, Tables, columns, plain

_TYPES = {"rank": "double", "suggested": "boolean"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def as_graphml(told: Tables) -> Iterator[str]:
    """Write GraphML; the ids of nodes are their IRIs."""
    fields = _fields(Node, told), _fields(Edge, told)
    yield f'{_HEAD}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for part, names in zip(("node", "edge"), fields, strict=True):
        yield from (f'  <key id="{part}-{name}" for="{part}" attr.name="{name}" attr.type="{_type(name)}"/>\n' for name in names)
    yield f'  <graph id="G" edgedefault="directed">\n    <desc>{_text(told.title)}</desc>\n'
    for node in told.nodes:
        yield f"    <node id={_attribute(node.id)}>{_data(node, fields[0], 'node')}</node>\n"
    for number, edge in enumerate(told.edges):
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f'    <edge id="e{number}" {ends}>{_data(edge, fields[1], "edge")}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def as_gexf(told: Tables) -> Iterator[str]:
    """Write GEXF 1.2, which Gephi has read since 0.8."""
    nodes = [name for name in _fields(Node, told) if name != "label"]
    edges = [name for name in _fields(Edge, told) if name != "weight"]
    yield f'{_HEAD}<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield f"  <meta><creator>kg</creator><description>{_text(told.title)}</description></meta>\n"
    whole = "integer"
    yield '  <graph defaultedgetype="directed" mode="static">\n'
    for part, names in (("node", nodes), ("edge", edges)):
        yield f'    <attributes class="{part}">\n'
        yield from (f'      <attribute id="{name}" title="{name}" type="{_type(name, whole)}"/>\n' for name in names)
        yield "    </attributes>\n"
    yield "    <nodes>\n"
    for node in told.nodes:
        yield f"      <node id={_attribute(node.id)} label={_attribute(node.label)}>{_values(node, nodes)}</node>\n"
    yield "    </nodes>\n    <edges>\n"
    for number, edge in enumerate(told.edges):
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f'      <edge id="{number}" {ends} label="{edge.property}" weight="{edge.weight}">{_values(edge, edges)}</edge>\n'
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _type(name: str, whole: str = "int") -> str:
    return _TYPES.get(name, "string") if name != "weight" else whole


def _fields(row: type[Node | Edge], told: Tables) -> list[str]:
    return [name for name in columns(row, told) if name not in ("id", "source", "target")]


def _data(row: Node | Edge, names: list[str], part: str) -> str:
    told = ((name, plain(getattr(row, name))) for name in names)
    return "".join(f'<data key="{part}-{name}">{_text(value)}</data>' for name, value in told if value)


def _values(row: Node | Edge, names: list[str]) -> str:
    told = ((name, plain(getattr(row, name))) for name in names)
    return "<attvalues>" + "".join(f'<attvalue for="{name}" value={_attribute(value)}/>' for name, value in told if value) + "</attvalues>"


def _text(value: str) -> str:
    return escape(NOT_XML.sub("\ufffd", value), {"\r": "&#xD;"})


def _attribute(value: str) -> str:
    return quoteattr(NOT_XML.sub("\ufffd", value))
