"""The page of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.serve.limits import Limits
from kg.serve.replies import Problem, Reply

if TYPE_CHECKING:
    from kg.graph import Graph


def page(graph: Graph, job: dict[str, Any], most: Limits) -> Reply:
    """Give the page of a thing."""
    del graph, job, most
    raise Problem(404, "nothing in the graph has this address")
