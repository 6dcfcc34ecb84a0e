"""The page as one document: its parts put together so that nothing in them can break out.

    written     data -> the text of the document

The document is pyvis's, with our template: autoescape is on, only texts of our own pass it. Data is compressed and
written in base64, or as JSON that cannot end its script block. The content security policy runs no script
but ours and vis-network, by their hashes, and reaches nothing.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Collection
from functools import lru_cache
from importlib import resources
from typing import Any

from kg.view import drawing

SCRIPTS = (
    "unpack", "data", "make", "state", "colours", "canvas", "labels", "links", "layers", "map", "focus", "path",
    "table", "timeline", "evidence", "panel", "search", "legend", "export", "keys", "start",
)  # fmt: skip
"""The files of our script, in the order in which they are joined."""

_UNSAFE = re.compile("[<>&\u2028\u2029]")


def written(data: Any, *, title: str, compress: bool = True) -> str:
    """Write the document.

    Raises:
        KgError: pyvis is not installed, or has no vis-network.
    """
    from markupsafe import Markup  # with Jinja, which comes with pyvis

    network = drawing.network()
    style, script = resource("page.css"), joined()
    with resources.as_file(resources.files(__package__)) as folder:
        network.set_template_dir(str(folder), "page.html")
        network.templateEnv.autoescape = True
        network.templateEnv.globals.update(
            policy=policy(scripts=[drawing.library(), script], styles=[style]),
            title=printable(title),
            style=Markup(style),  # noqa: S704 - our own files, and what cannot end an element
            script=Markup(script),  # noqa: S704
            data=Markup(_data(data, compress)),  # noqa: S704
            drawing=Markup(_drawing(compress)),  # noqa: S704
        )
        return str(network.generate_html())


def size() -> int:
    """Tell how many bytes a page takes without its data."""
    return sum(len(each.encode()) for each in (resource("page.html"), resource("page.css"), joined(), _drawing(compress=True)))


def embedded(value: Any) -> str:
    r"""Write a value as JSON that is safe inside a ``<script>`` element, and valid UTF-8.

    >>> embedded({"label": "</script><!-- & \u2028"})
    '{"label":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", _json(value).decode())


def policy(*, scripts: Collection[str], styles: Collection[str]) -> str:
    """State what the page may do: run these scripts, use these styles, and reach nothing.

    vis-network sets styles of elements through the object model, which the policy does not concern,
    so no 'unsafe-inline' is needed. Trusted types forbid strings as script and markup, but for the one
    that the policy ``kg`` of our script lets pass: vis-network, whose hash is named here.

    >>> policy(scripts=["1"], styles=[""])[:60]
    "default-src 'none'; script-src 'sha256-a4ayc/80/OGda4BO/1o/V"
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + " ".join(map(_hash, styles)),
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types kg",
        )
    )


def printable(text: str) -> str:
    """Give a text without control characters and lone surrogates."""
    return "".join(letter if letter.isprintable() else " " for letter in text).encode("utf-8", "replace").decode("utf-8")


def joined() -> str:
    """Give our script: its files in one function, so that no name of them is seen outside."""
    return "(() => {\n'use strict';\n" + "\n".join(resource("script", f"{name}.js") for name in SCRIPTS) + "\n})();\n"


@lru_cache(maxsize=32)
def resource(*path: str) -> str:
    """Read a file that comes with this package."""
    return drawing.unix(resources.files(__package__).joinpath(*path).read_text(encoding="utf-8"))


def _data(data: Any, compress: bool) -> str:
    if compress:
        return f'<script type="application/octet-stream;base64" id="data">{_packed(_json(data))}</script>'
    return f'<script type="application/json" id="data">{embedded(data)}</script>'


@lru_cache(maxsize=2)
def _drawing(compress: bool) -> str:
    library = drawing.library()
    if compress:
        return f'<script type="application/octet-stream;base64" id="drawing">{_packed(library.encode())}</script>'
    return f"<script>{library}</script>"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def _packed(found: bytes) -> str:
    # Level 9 takes 0.2 s longer and saves one byte in a hundred.
    return base64.b64encode(gzip.compress(found, 6, mtime=0)).decode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
