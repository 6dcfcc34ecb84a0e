"""What pyvis does for the page: its settings of vis-network, and the library itself.

pyvis is imported here only, and late: it brings IPython along (0.3 s). Its own page would load scripts
from two servers; ours is written with our template.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from typing import Any

from kg.errors import KgError

_MISSING = "pyvis is not installed, which brings the drawing of the page"
_HINT = "pip install pyvis"

OPTIONS: dict[str, Any] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 3600000,
        "zoomSpeed": 0.6,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 1.5, "chosen": False, "labelHighlightBold": False, "physics": False},
    "edges": {
        "smooth": False,
        "width": 1,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "chosen": False,
        "physics": False,
        "arrows": {"to": {"enabled": False}},
    },
}
"""For vis-network. Nothing moves by itself; a node can still be dragged."""


def network() -> Any:
    """Give a network of pyvis with our options.

    It stays empty: `Network.add_node` looks through all nodes for every one (5.5 s for 31,000), and the page
    makes its few live nodes from the data as the reader moves.

    Raises:
        KgError: pyvis is not installed.
    """
    try:
        from pyvis.network import Network
    except ImportError:
        raise KgError(_MISSING, hint=_HINT) from None
    drawn = Network(directed=True)
    drawn.set_options(json.dumps(OPTIONS))
    return drawn


@lru_cache(maxsize=1)
def library() -> str:
    """Read the newest vis-network that pyvis brings along, with its licence comment.

    Raises:
        KgError: pyvis is not installed, or has none.
    """
    try:
        root = resources.files("pyvis")
    except ModuleNotFoundError:
        raise KgError(_MISSING, hint=_HINT) from None
    found = sorted(
        (each for each in root.joinpath("lib").iterdir() if each.name.startswith("vis-")),
        key=lambda each: [int(part) for part in re.findall(r"\d+", each.name)],
    )
    for folder in reversed(found):
        bundle = folder.joinpath("vis-network.min.js")
        text = unix(bundle.read_text(encoding="utf-8")) if bundle.is_file() else ""
        if text and "</script" not in text.lower() and "<!--" not in text:
            return text
    raise KgError("pyvis has no vis-network that can be put into a page", hint="install pyvis 0.3.2")


def unix(text: str) -> str:
    """Browsers read every line break as one character, and so must we, or the hashes differ."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
