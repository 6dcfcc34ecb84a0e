"""The graph as one HTML page: a single file, without network access, that anyone can open.

    page       a network -> the text of the document

    rank       which nodes and links matter
    layout     where the nodes go
    content    what the page carries
    page.html, page.css, page.js    the page itself

Nothing here reads notes, knows RDF or writes a file. vis-network, which draws the nodes, is read
from the installed pyvis; no third-party code is kept in this tree. Three rules keep a hostile note
harmless: data is written as JSON that cannot end its script block, the page shows it with text
nodes only, and the content security policy runs no script but ours, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Collection, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.view.content import describe

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Page", "page"]

_MARKER = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE = re.compile("[<>&\u2028\u2029]")


class Page(str):
    """The text of a page, which a notebook shows as the page itself, in a frame that can do nothing but run it."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<iframe sandbox="allow-scripts allow-popups" srcdoc="{html.escape(self)}" width="100%" height="620" style="border:0"></iframe>'


def page(network: nx.MultiDiGraph[str], *, title: str, focus: str | None = None, depth: int = 2, kinds: Collection[str] = ()) -> Page:
    """Write a complete offline HTML document that shows the network.

    Nodes are IRIs with the attributes ``label``, ``kind``, ``path``, ``url`` and ``aliases``; edges
    carry ``property`` and ``evidence`` (see ``kg.network.Evidence``). Missing attributes are taken
    as empty. With ``focus``, the page opens on the neighbourhood of that IRI, ``depth`` hops wide;
    otherwise on the most important nodes. ``kinds``, if any, are the only kinds of nodes shown.

    The same network gives the same text, whatever order it was filled in.

    >>> import networkx as nx
    >>> network = nx.MultiDiGraph()
    >>> network.add_node("urn:a", label="A <b>", kind="note")
    >>> text = page(network, title="Notes & more")
    >>> text.startswith("<!doctype html>"), "<title>Notes &amp; more</title>" in text, "A <b>" in text
    (True, True, False)

    Raises:
        KgError: ``focus`` is not in the network, ``depth`` is not 1, 2 or 3, or the installed
            pyvis has no vis-network.
    """
    carried = describe(network, title=title, focus=focus, depth=depth, kinds=kinds)
    style, script, drawing = _resource("page.css"), _resource("page.js"), _vis_network()
    text = _filled(
        _resource("page.html"),
        {
            "policy": html.escape(policy(scripts=[drawing, script], styles=[style])),
            "title": html.escape(_printable(title)),
            "style": style,
            "data": embedded(carried),
            "drawing": drawing,
            "script": script,
        },
    )
    return Page(text)


def embedded(value: Any) -> str:
    r"""Write a value as JSON that is safe inside a ``<script>`` element, and valid UTF-8.

    >>> embedded({"label": "</script><!-- & \u2028"})
    '{"label":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.encode("utf-8", "replace").decode("utf-8")


def policy(*, scripts: Collection[str], styles: Collection[str]) -> str:
    """State what the page may do: run these scripts, use these styles, and reach nothing.

    vis-network sets styles of elements through the object model, which the policy does not concern,
    so no 'unsafe-inline' is needed. Trusted types forbid strings as markup in every script.

    >>> policy(scripts=["1"], styles=[""])[:60]
    "default-src 'none'; script-src 'sha256-a4ayc/80/OGda4BO/1o/V"
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + " ".join(map(_hash, styles)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _resource(name: str) -> str:
    return _unix(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _vis_network() -> str:
    """Read the newest vis-network that pyvis brings along, with its licence comment."""
    found = sorted(
        (each for each in resources.files("pyvis").joinpath("lib").iterdir() if each.name.startswith("vis-")),
        key=lambda each: [int(part) for part in re.findall(r"\d+", each.name)],
    )
    for folder in reversed(found):
        bundle = folder.joinpath("vis-network.min.js")
        text = _unix(bundle.read_text(encoding="utf-8")) if bundle.is_file() else ""
        if text and "</script" not in text.lower() and "<!--" not in text:
            return text
    raise KgError("pyvis has no vis-network that can be put into a page", hint="install pyvis 0.3.2")


def _unix(text: str) -> str:
    """Browsers read every line break as one character, and so must we, or the hashes differ."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).encode("utf-8", "replace").decode("utf-8")


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Fill the markers in one pass, so that a marker inside a part stays what it is."""
    return _MARKER.sub(lambda found: parts[found[1]], template)
