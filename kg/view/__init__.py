"""The graph as one HTML page: a single file, without network access, that anyone can open.

    page       a scene, or a network of networkx -> the text of the document
    data       the same -> what the page carries, for JSON

    communities, packing, naming, layout    what belongs together, where it goes, what it is called
    styles, payload                         how kinds look; what the page carries
    drawing, document                       pyvis and its vis-network; the parts put together
    page.html, page.css, script/            the page itself

Nothing here reads notes, knows RDF or writes a file. vis-network, which draws the nodes, is read
from the installed pyvis; no third-party code is kept in this tree. Three rules keep a hostile note
harmless: data is compressed, or JSON that cannot end its script block, the page shows it with text
nodes only, and the content security policy runs no script but ours, by its hash.
"""

from __future__ import annotations

import html
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from kg import scene as scenes
from kg.names import Names
from kg.scene import Scene

if TYPE_CHECKING:
    import networkx as nx

    Drawable = Scene | nx.MultiDiGraph[str]

__all__ = ["Page", "data", "page"]

ROOM, A_NODE, MOST = 885_000, 200, 6_900_000
"""Bytes of a page of up to 7,600 nodes, more for every further node, and the most."""


class Page(str):
    """The text of a page, which a notebook shows as the page itself, in a frame that can do nothing but run it."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<iframe sandbox="allow-scripts allow-popups allow-downloads" srcdoc="{html.escape(self)}" width="100%" height="620" style="border:0"></iframe>'


def page(
    drawn: Drawable,
    *,
    title: str,
    focus: str | None = None,
    depth: int = 2,
    kinds: Collection[str] = (),
    links: str = "",
    names: Names | None = None,
    mode: str = "",
    compress: bool = True,
) -> Page:
    """Write a complete offline HTML document that shows a scene, or a network of networkx.

    Nodes of a network are IRIs with the attributes ``label``, ``kind``, ``path``, ``url`` and ``aliases``; edges
    carry ``property`` and ``evidence`` (see ``kg.network.Evidence``). Missing attributes are taken
    as empty. With ``focus``, the page opens on the neighbourhood of that IRI, ``depth`` hops wide;
    otherwise on the map. ``kinds``, if any, are the only kinds of nodes shown. ``links`` is the pattern of
    addresses of notes (see ``kg.view.places``).

    The same network gives the same text, whatever order it was filled in.

    >>> import networkx as nx
    >>> network = nx.MultiDiGraph()
    >>> network.add_node("urn:a", label="A <b>", kind="note")
    >>> text = page(network, title="Notes & more")
    >>> text.startswith("<!doctype html>"), "<title>Notes &amp; more</title>" in text, "A <b>" in text
    (True, True, False)

    Raises:
        KgError: ``focus`` is not in the network, ``depth`` is not 1, 2 or 3, or pyvis is not installed or has no vis-network.
    """
    from kg.view import document

    carried = data(drawn, title=title, focus=focus, depth=depth, kinds=kinds, links=links, names=names, mode=mode)
    return Page(document.written(carried, title=title, compress=compress))


def data(
    drawn: Drawable,
    *,
    title: str,
    focus: str | None = None,
    depth: int = 2,
    kinds: Collection[str] = (),
    links: str = "",
    names: Names | None = None,
    mode: str = "",
) -> dict[str, Any]:
    """Give what a page carries, as :mod:`kg.view.payload` tells; the arguments are those of :func:`page`."""
    from kg.view import document, drawing
    from kg.view.payload import PageOptions, describe

    scene = drawn if isinstance(drawn, Scene) else scenes.of(drawn)
    room = min(MOST, ROOM + A_NODE * max(0, len(scene.nodes) - 7600)) - document.size()
    wanted = PageOptions(title, focus, depth, kinds, links, mode, names or Names(), max(1, room))
    return describe(scene, wanted, drawing.OPTIONS)
