"""Fixtures that many tests share: the vault of samples, the real notes where they are, a graph of each."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from kg import Graph, build
from kg import open as open_graph

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from browsing import Opened
    from server import Server

ROOT = Path(__file__).resolve().parent.parent
BESIDE = Path("shared", "corpus", "oecd")
OECD = Path(os.environ.get("KG_OECD") or next((each / BESIDE for each in ROOT.parents if (each / BESIDE).is_dir()), ROOT.parent / BESIDE))

settings.register_profile("kg", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.load_profile("kg")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts in the background so, and what we start would inherit it: nothing would end at Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_graph_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of ``notes/``."""
    folder = tmp_path_factory.mktemp("samples")
    build(ROOT / "notes", folder)
    return open_graph(folder)


@pytest.fixture(scope="module")
def server(samples: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real SPARQL server that holds the graph of the samples."""
    from kg import endpoint, push
    from server import serving

    with serving(tmp_path_factory.mktemp("server")) as found:
        push.push(samples.generation, samples.store, endpoint.endpoint(found.address), push.PushOptions(), told=pytest.fail)
        yield found


@pytest.fixture(scope="session")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of ``docs/ontology/vault``: three notes whose front matter, kinds and vocabulary state what the samples do not."""
    folder = tmp_path_factory.mktemp("stated")
    shutil.copytree(ROOT / "docs" / "ontology" / "vault", folder, dirs_exist_ok=True)
    build(folder)
    return open_graph(folder)


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of the 878 real notes; tests on them are skipped where it is not."""
    if not OECD.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the tests on the OECD notes may not be skipped here; say where the notes are with KG_OECD")
        pytest.skip("the OECD notes are not beside the checkout")
    return OECD


@pytest.fixture(scope="session")
def oecd(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of the real notes, built once for all processes that test."""
    above = tmp_path_factory.getbasetemp()
    above = above.parent if os.environ.get("PYTEST_XDIST_WORKER") else above
    with (above / "oecd.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        build(real, above / "oecd")  # who comes later has nothing to do
    return open_graph(above / "oecd")


@pytest.fixture(scope="session")
def third(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of every third of the real notes, for what makes many graphs of them; their order on disk is another."""
    folder = tmp_path_factory.mktemp("third")
    for path in reversed(sorted(real.glob("*.md"))[::3]):
        shutil.copyfile(path, folder / path.name)
    return folder


ODD = {
    "plain.md": '# A "quoted" \\ title\n\nSaid\ttabbed \u2028 in Portugal. [[nowhere % # ?]]\n',
    "with space & more.md": "---\naliases: ['x y', \"é\"]\n---\n[[plain]]\n",
    "50%.md": "[[plain]]",
    "sub/..md": "hidden",
    "sub/dots...md": "[[plain#a b|c]]",
    "nasty.md": "# Tab\there \u202eright to left\u202c שלום \u200d 👩\u200d💻\n\n<b>&amp;</b> ]]> \\u0041 'x' \"y\" in Portugal. \x85 \u2028.\n",
    "long.md": f"# {'Long ' * 400}\n\n{'word ' * 4000}in Portugal.\n",
    "e\u0301.md": "decomposed",
    "\u00e9.md": "composed [[e\u0301]]",
    "😀 ²x.md": "[[50%]] in 'Denmark'",
    "a:b.md": "# a:b\n\n[[a:b]] [[😀 ²x]]",
    "-dash.md": "[[_under]]",
    "_under.md": "[[-dash]]",
}


CONTROLS = {"controls.md": "# Bell \x07\n\nBackspace \x08, form feed \x0c, delete \x7f and \ufffe in Portugal.\n"}


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A vault of names and texts that writers get wrong."""
    return _vault(tmp_path_factory.mktemp("odd"), ODD)


@pytest.fixture(scope="session")
def controls(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The same, and characters that XML cannot hold."""
    return _vault(tmp_path_factory.mktemp("controls"), ODD | CONTROLS)


def _vault(folder: Path, notes: dict[str, str]) -> Graph:
    for name, text in notes.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    build(folder)
    return open_graph(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of one module: while it runs, no other loop of events can, which other modules want."""
    from browsing import launched

    yield from launched()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """A function that opens a network as a page."""
    from browsing import opener

    yield from opener(browser, tmp_path)
