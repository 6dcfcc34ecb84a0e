"""The page in a browser, for tests: Debian's Chromium, driven by Playwright, and small networks to look at.

Without either, the tests that import this are skipped, but not in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import networkx as nx
import pytest

from kg.network import Evidence
from kg.view import page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

try:
    from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("playwright is not installed", allow_module_level=True)

if CHROMIUM is None:
    if os.environ.get("CI"):
        pytest.fail("chromium is not installed", pytrace=False)
    pytest.skip("chromium is not installed", allow_module_level=True)

__all__ = ["Browser", "Page", "expect"]

BASE = "https://example.org/"
TALK = "https://www.youtube.com/watch?v=abc"


class Seen(NamedTuple):
    """What the page did that it should not do."""

    requests: list[str]
    messages: list[str]
    dialogs: list[str]


Opened = Callable[..., tuple[Page, Seen]]


def sample() -> nx.MultiDiGraph[str]:
    """Make a vault of three notes, a missing one, a country with an accent and a video."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, label, kind, path, url, aliases in (
        ("pan", "Pandemic plans", "note", "notes/pan.md", "", ("crisis plans",)),
        ("lab", "Policy lab", "note", "notes/lab.md", "", ()),
        ("hub", "Overview", "note", "notes/hub.md", "", ()),
        ("gone", "Not yet written", "missing", "", "", ()),
        ("ci", "São Tomé", "country", "", "", ("Saint Thomas",)),
        ("vid", "A talk", "video", "", TALK, ()),
    ):
        network.add_node(BASE + name, label=label, kind=kind, path=path, url=url, aliases=aliases)
    for start, end, key, line, text in (
        ("pan", "lab", "linksTo", 12, "The lab wrote the first plan."),
        ("pan", "ci", "mentions", 14, "São Tomé had one in 2015."),
        ("pan", "vid", "source", 3, ""),
        ("lab", "gone", "linksTo", 7, "Someone should write this."),
        ("hub", "pan", "linksTo", 5, "First read about plans."),
        ("hub", "lab", "linksTo", 6, "Then about the lab."),
    ):
        moment = f"{TALK}&t={line}s" if text else ""
        proof = Evidence(BASE + start, f"notes/{start}.md", line, text, f"00:00:{line:02}" if text else "", moment)
        network.add_edge(BASE + start, BASE + end, key=key, property=key, evidence=(proof,))
    return network


def many(count: int = 600, groups: int = 6) -> nx.MultiDiGraph[str]:
    """Make a network too large to be live at once: groups of notes, each a ring with chords, joined by a few links."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    size = count // groups
    for number in range(count):
        group, place = divmod(number, size)
        network.add_node(f"{BASE}{number}", label=f"Note {number} of group {group}", kind="note", path=f"{number}.md", url="", aliases=())
        for other in (place + 1, place * 7 + 3, place // 2):
            network.add_edge(f"{BASE}{number}", f"{BASE}{group * size + other % size}", key="linksTo", property="linksTo", evidence=())
        if place % 20 == 0:
            network.add_edge(f"{BASE}{number}", f"{BASE}{(number + size) % count}", key="linksTo", property="linksTo", evidence=())
    return network


def star(count: int, both: bool = True) -> nx.MultiDiGraph[str]:
    """Make one node with so many neighbours, half of which lead to it."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node(BASE + "hub", label="The hub", kind="theme")
    for number in range(count):
        network.add_node(f"{BASE}{number}", label=f"Neighbour number {number} with a longer name", kind=("note", "country", "theme")[number % 3])
        ends = (BASE + "hub", f"{BASE}{number}") if both and number % 2 else (f"{BASE}{number}", BASE + "hub")
        network.add_edge(*ends, key="linksTo", property="linksTo", evidence=())
    return network


def launched() -> Iterator[Browser]:
    """Start the browser, and stop it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opener(browser: Browser, folder: Path) -> Iterator[Opened]:
    """Give a function that opens a network in a tab of its own, and tells what the page did that it should not."""
    contexts = []

    def open_page(
        network: nx.MultiDiGraph[str],
        *,
        at: dict[str, str] | None = None,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        **options: Any,
    ) -> tuple[Page, Seen]:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce", accept_downloads=True
        )
        contexts.append(context)
        file = folder / f"graph-{len(contexts)}.html"
        file.write_text(page(network, **{"title": "A vault", **options}), encoding="utf-8")
        tab = context.new_page()
        seen = Seen([], [], [])
        tab.on("request", lambda request: None if request.url.split("#")[0] == file.as_uri() else seen.requests.append(request.url))
        tab.on("console", lambda message: seen.messages.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: seen.messages.append(f"error: {error}"))

        def dismiss(dialog: Dialog) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        tab.on("dialog", dismiss)
        tab.goto(file.as_uri() + (f"#{urlencode(at)}" if at else ""))
        settled(tab)
        return tab, seen

    yield open_page
    for context in contexts:
        context.close()


def settled(tab: Page) -> None:
    """Wait until the address has been read and the canvas drawn and at rest."""
    tab.wait_for_function("() => window.kgView && document.getElementById('waiting') === null && !kgView.busy()")
    tab.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120))")


def visit(tab: Page, **state: str) -> None:
    """Go to a state by its address."""
    tab.evaluate("(hash) => { location.hash = hash; }", urlencode(state) or "mode=map")
    settled(tab)


def search(tab: Page, text: str) -> None:
    """Type into the search field."""
    tab.keyboard.press("/")
    tab.keyboard.type(text)


def heading(tab: Page) -> Any:
    """Give what the panel is about."""
    return tab.locator("#panel h2").first


def status(tab: Page) -> Any:
    """Give the line that tells what is shown."""
    return tab.locator("#status")


def names(tab: Page) -> list[dict[str, Any]]:
    """Give the names on the canvas, with their boxes."""
    found: list[dict[str, Any]] = tab.evaluate("() => kgView.names()")
    return found


def overlaps(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give the pairs of names of which one is over the other."""
    return [
        (one["text"], other["text"])
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    ]


def place(tab: Page, iri: str) -> tuple[float, float]:
    """Tell where on the screen a live node is."""
    box = tab.locator("#graph").bounding_box()
    spot = tab.evaluate("(iri) => kgView.place(iri)", iri)
    assert box
    assert spot, f"{iri} is not live"
    return box["x"] + spot["x"], box["y"] + spot["y"]
