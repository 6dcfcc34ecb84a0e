"""The headers of kg's own exports, in files that are loaded: known by what they say, and set aside.

:mod:`kg.export.header` writes them. An export counts anew what it holds, so a header that stayed as data would be stale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.terms import bare, term

if TYPE_CHECKING:
    from pyoxigraph import Store

_KEPT = ("dcterms:license", "dcterms:rights", "dcterms:modified", "dcterms:conformsTo")
_OWN = (
    *_KEPT, "rdf:type", "rdfs:label", "dcterms:title", "prov:wasGeneratedBy", "void:uriSpace", "void:vocabulary", "void:triples",
    "void:entities", "void:classes", "void:properties", "void:classPartition", "void:propertyPartition",
)  # fmt: skip
"""Predicates of the whole data set; what else is said of it is not kg's."""


def set_aside(store: Store) -> list[str]:
    """Take the headers of kg's own exports out of a store that such files were read into; gives what no new one could know.

    A header is kg's if it says that kg made it; those of others stay.
    """
    from pyoxigraph import NamedNode

    def node(name: str) -> NamedNode:
        return NamedNode(bare(term(name)))

    own, lasting = ({term(name) for name in names} for names in (_OWN, _KEPT))
    kept: list[str] = []
    spaces = [each for each in store.quads_for_pattern(None, node("void:uriSpace"), None, None) if isinstance(each.subject, NamedNode)]
    for whole, _, base, graph in spaces:
        if whole.value != f"{getattr(base, 'value', '')}dataset":
            continue
        activity, tool = NamedNode(f"{whole.value}#export"), NamedNode(f"{whole.value}#kg")
        made = store.quads_for_pattern(whole, node("prov:wasGeneratedBy"), activity, graph)
        if not [*made] or not [*store.quads_for_pattern(activity, node("prov:wasAssociatedWith"), tool, graph)]:
            continue
        gone = [each for each in store.quads_for_pattern(whole, None, None, graph) if str(each.predicate) in own]
        parts = [each.object for each in gone if isinstance(each.object, NamedNode) and each.object.value.startswith(f"{whole.value}#")]
        # The engine writes Z for the +00:00 of a time.
        kept += [f"{each.predicate}\t{each.object}".replace('Z"^^', '+00:00"^^') for each in gone if str(each.predicate) in lasting]
        for part in {tool, *parts}:
            gone += store.quads_for_pattern(part, None, None, graph)
        for each in gone:
            store.remove(each)
    return kept


__all__ = ["set_aside"]
