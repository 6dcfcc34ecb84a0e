"""What JavaScript reads in an export is what the store holds: N3.js and jsonld, where ``make javascript`` has installed them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

import kg

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "build" / "javascript" / "node_modules"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(not NODE or not (PACKAGES / "jsonld").is_dir(), reason="no node, or no readers: make javascript installs them")


def read(path: Path) -> set[Quad]:
    assert NODE
    done = subprocess.run(
        [NODE, str(ROOT / "tests" / "javascript" / "read.cjs"), str(path)],
        capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, "NODE_PATH": str(PACKAGES)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(parse(done.stdout.encode("utf-8"), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("vault", ["samples", "controls"])
@pytest.mark.parametrize("ending", ["ttl", "trig", "nt", "nq", "jsonld"])
def test_javascript_reads_what_the_store_holds(ending: str, vault: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    graph: kg.Graph = request.getfixturevalue(vault)
    graph.export(tmp_path / f"graph.{ending}", header=False)
    graphs = ending in ("trig", "nq")
    suggested = NamedNode(graph.names.suggested)
    expected = {each for each in graph.store if each.graph_name == DefaultGraph() or (graphs and each.graph_name != suggested)}
    assert read(tmp_path / f"graph.{ending}") == expected
