"""Pages written by templates, in which nothing from a note is markup."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from kg.errors import visible
from kg.serve import static

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STYLES = ("default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'")
POLICY = "; ".join((*STYLES, "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"))
"""What pages may do: use our style and scripts, ask this server, and reach nothing else."""
EDITOR_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='")
"""The same where the editor shows answers: its columns bring a style of their own, known by its hash."""


@cache
def templates() -> Environment:
    """Load the templates; what they are given is escaped, and control characters in it are made visible."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("kg.serve"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    found.filters["shown"] = visible
    found.filters["number"] = lambda count: f"{count:,}"
    found.globals.update(asset=static.address, rich=static.editor())
    return found


def markup(html: str) -> Markup:
    """Mark a text as HTML that is safe, because :mod:`kg.serve.notes` wrote it."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - that is what it is for


def render(template: str, /, **given: Any) -> bytes:
    """Fill a template."""
    return templates().get_template(template).render(**given).encode("utf-8", "replace")


__all__ = ["EDITOR_POLICY", "POLICY", "markup", "render"]
