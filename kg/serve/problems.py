"""Problems as clients like them told: plain text, JSON, or a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.serve.negotiation import choose
from kg.serve.rendering import render
from kg.serve.replies import Problem

if TYPE_CHECKING:
    from starlette.responses import Response

_FORMS = {
    "text": ("text/plain",),
    "html": ("text/html", "application/xhtml+xml"),
    "json": ("application/json", "application/problem+json", "application/sparql-results+json"),
}
_TITLES = {
    400: "Not understood", 401: "A token is needed", 403: "Not allowed", 404: "Not found", 405: "Not that way", 406: "Not in that form", 408: "Too slow",
    413: "Too much", 415: "Not that sort", 421: "Not here", 431: "Too much", 500: "A fault", 503: "Not now",
}  # fmt: skip


def response(problem: Problem, accept: str | None) -> Response:
    """Make the response that tells of a problem."""
    from starlette.responses import Response

    form = choose(accept, _FORMS) or "text"
    title = _TITLES.get(problem.status, "A problem")
    if form == "html":
        body, media = render("problem.html", title=title, site="", problem=problem.problem, hint=problem.hint), "text/html; charset=utf-8"
    elif form == "json":
        told = {"type": "about:blank", "title": title, "status": problem.status, "detail": problem.problem, "hint": problem.hint}
        body, media = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n", "application/problem+json"
    else:
        hint = f"hint: {problem.hint}\n" if problem.hint else ""
        body, media = f"{problem.problem}\n{hint}".encode("utf-8", "replace"), "text/plain; charset=utf-8"
    return Response(body, problem.status, {**problem.headers, "content-type": media})


__all__ = ["response"]
