"""What the page costs: to make, to open, to move in and to ask, in headless Chromium.

    make bench-view
    python bench/view.py -g .kg --screens build/screens
    python bench/view.py --skip-peer          # without stock pyvis

The first column is the graph of the notes that bench/build.py finds, the second the same with notes, videos
and themes repeated until there are 30,000 nodes. CPU seconds are of this process. Frames are counted while the mouse drags the
picture or turns its wheel (60 steps), main-thread milliseconds are Chromium's own (TaskDuration of CDP's Performance
domain) divided by the frames. Milliseconds in the browser are wall time: on a busy machine they are too high.
With --screens, every mode is written there as a picture, in two sizes and both themes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

from build import found_notes, run  # noqa: E402

BIG = 30_000
REPEATED = ("note", "video", "theme", "missing")
STEPS = 60
TARGETS = {
    "CPU of kg view, s": (1.5, 15.0),
    "file, MB": (0.9, 7.0),
    "drawn after opening, ms": (1000, 2500),
    "search, ms": (5, 10),
    "key to paint, ms": (50, 120),
    "focus, ms": (100, 100),
    "path, ms": (50, 50),
    "community, ms": (300, 300),
}
FRAMES, MAIN = 55.0, 8.0


class Figure(NamedTuple):
    """One line of the table; at most ``most``, or at least ``least``."""

    name: str
    value: float
    most: float = 0.0
    least: float = 0.0

    @property
    def missed(self) -> bool:
        return bool(self.most and self.value > self.most) or bool(self.least and self.value < self.least)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Measure the page of kg view.")
    parser.add_argument("-g", "--graph", type=Path, help="a graph that is there already")
    parser.add_argument("--screens", type=Path, help="write pictures of every mode into this folder")
    parser.add_argument("--skip-peer", action="store_true", help="without stock pyvis")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        folder, graph = Path(name), given.graph
        if graph is None:
            notes, remark = found_notes()
            print(remark)
            graph = folder / "graph"
            run([sys.executable, "-m", "kg", "build", notes, "-o", graph])
        measured(graph, folder, given.screens, peer=not given.skip_peer)


def measured(graph: Path, folder: Path, screens: Path | None, *, peer: bool) -> None:
    """Make both pages, open them, and print the table."""
    from playwright.sync_api import sync_playwright

    pages = [made(graph, folder / "one.html", repeated=False), made(graph, folder / "big.html", repeated=True)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        columns = [[*figures, *opened(browser, file, large)] for large, (file, figures) in enumerate(pages)]
        print(f"{'':<44}{columns[0][0].value:>12,.0f}{columns[1][0].value:>12,.0f} nodes")
        for one, big in zip(*(column[1:] for column in columns), strict=True):
            limits = f"  at most {one.most:g}; {big.most:g}" if one.most else f"  at least {one.least:g}" if one.least else ""
            print(f"{one.name:<44}{one.value:12,.2f}{big.value:12,.2f}{limits}{'   MISSED' if one.missed or big.missed else ''}")
        if peer:
            stock(browser, graph, folder / "pyvis.html")
        if screens is not None:
            pictures(browser, folder / "one.html", screens)
        browser.close()


def made(graph: Path, file: Path, *, repeated: bool) -> tuple[Path, list[Figure]]:
    """Write a page; give its nodes, CPU seconds and size."""
    import kg
    from kg import scene
    from kg.view import page

    held = kg.open(graph)
    nodes = scene.read(held.store, held.names, held.generation.index)
    if not repeated:
        held.view()  # what is only once: imports
        seconds = []
        for _ in range(3):
            start = time.process_time()
            text = str(held.view())
            seconds.append(time.process_time() - start)
        taken = median(seconds)
    else:
        nodes = many(nodes)
        start = time.process_time()
        text = str(page(nodes, title="Many notes", names=held.names))
        taken = time.process_time() - start
    file.write_text(text, encoding="utf-8")
    return file, [
        Figure("nodes", len(nodes.nodes)),
        Figure("CPU of kg view, s", taken, TARGETS["CPU of kg view, s"][repeated]),
        Figure("file, MB", file.stat().st_size / 1e6, TARGETS["file, MB"][repeated]),
    ]


def many(scene: Any) -> Any:
    """Repeat notes, videos and themes of a scene under other names, until there are 30,000 nodes; countries and the like stay."""
    from kg.scene import Scene

    own = {iri for iri, each in scene.nodes.items() if each.kind in REPEATED}
    times = max(1, -(-(BIG - len(scene.nodes)) // max(1, len(own)))) + 1
    nodes, edges = dict(scene.nodes), list(scene.edges)
    for turn in range(1, times):

        def name(iri: str, turn: int = turn) -> str:
            return f"{iri}-{turn}" if iri in own else iri

        nodes |= {name(iri): scene.nodes[iri]._replace(iri=name(iri), label=f"{scene.nodes[iri].label} {turn}") for iri in own}
        edges += [
            each._replace(
                start=name(each.start), end=name(each.end), evidence=tuple(proof._replace(note=name(proof.note)) for proof in each.evidence)
            )
            for each in scene.edges
            if each.start in own or each.end in own
        ]
    return Scene(nodes, edges)


READY = "() => window.kgView && !document.getElementById('waiting') && !kgView.busy()"
COUNT = "() => { window.frames0 = 0; const turn = () => { window.frames0 += 1; requestAnimationFrame(turn); }; requestAnimationFrame(turn); }"
PAINT = """() => { window.paints = []; addEventListener('input', (event) => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel(); port1.onmessage = () => window.paints.push(performance.now() - event.timeStamp); port2.postMessage(0); }), true); }"""


def opened(browser: Any, file: Path, large: int) -> list[Figure]:
    """Open a page, move in every mode, and ask."""
    drawn = [at_rest(browser, file, "").evaluate("() => kgView.took.complete") for _ in range(3)]
    tab = at_rest(browser, file, "")
    found = [Figure("drawn after opening, ms", median(drawn), TARGETS["drawn after opening, ms"][large])]
    tab.evaluate(COUNT)
    tab.evaluate(PAINT)
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable")
    for mode, state in states(tab):
        goto(tab, state)
        for what, act in (("pan", pan), ("zoom", zoom)) if mode not in ("table", "timeline") else (("scroll", zoom),):
            frames, busy = moved(tab, session, act)
            found += [Figure(f"{mode}, {what}: frames/s", frames, least=FRAMES), Figure(f"{mode}, {what}: main thread, ms a frame", busy, MAIN)]
    found += asked(tab, large)
    tab.context.close()
    return found


def at_rest(browser: Any, file: Path, state: str) -> Any:
    """Open a page in a context of its own and wait until all of it is drawn."""
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tab.goto(f"{file.as_uri()}{f'#{state}' if state else ''}")
    tab.wait_for_function(READY, timeout=60_000)
    tab.wait_for_timeout(400)
    return tab


def goto(tab: Any, state: str) -> None:
    """Go to a state of the page."""
    tab.evaluate("(hash) => { location.hash = hash; }", state)
    tab.wait_for_timeout(150)
    tab.wait_for_function(READY, timeout=60_000)
    tab.wait_for_timeout(600)


def states(tab: Any) -> Iterator[tuple[str, str]]:
    """Give a state of every mode: the first hub, the way from it to another node, the largest community."""
    one, other, video = tab.evaluate("() => [kgView.ids(3), kgView.ids(60), kgView.ids(0, 'Video')]")
    yield "map", "mode=map"
    yield "map, one picked", "mode=map&node=" + other
    yield "focus", f"mode=focus&node={one}&depth=1"
    yield "focus, 3 hops", f"mode=focus&node={other}&depth=3"
    yield "path", f"mode=path&from={one}&to={other}"
    yield "community", "mode=community&community=0"
    yield "timeline", f"mode=timeline&video={video}" if video else "mode=timeline"
    yield "table", "mode=table"


def moved(tab: Any, session: Any, act: Callable[[Any], None]) -> tuple[float, float]:
    """Give frames a second, and milliseconds of the main thread a frame, while something moves."""

    def figures() -> tuple[float, float, float]:
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return tab.evaluate("() => window.frames0"), metrics["Timestamp"], metrics["TaskDuration"]

    before = figures()
    act(tab)
    after = figures()
    frames, seconds, busy = (late - early for early, late in zip(before, after, strict=True))
    return frames / seconds, busy * 1000 / max(1, frames)


def pan(tab: Any, top: int = 640) -> None:
    """Drag the picture to and fro."""
    tab.mouse.move(560, top)
    tab.mouse.down()
    for step in range(STEPS):
        tab.mouse.move(560 + 3 * (step if step < STEPS // 2 else STEPS - step), top - 2 * (step if step < STEPS // 2 else STEPS - step))
        tab.wait_for_timeout(16)
    tab.mouse.up()


def zoom(tab: Any) -> None:
    """Turn the wheel to and fro."""
    tab.mouse.move(560, 500)
    for step in range(STEPS):
        tab.mouse.wheel(0, -40 if step < STEPS // 2 else 40)
        tab.wait_for_timeout(16)


def asked(tab: Any, large: int) -> list[Figure]:
    """Search, and go to a focus, a path and a community of many."""
    goto(tab, "mode=map")
    words = ["inno", "portugal", "digital gov", "zzqq", "goverment", "policy lab", "co", "a", "citizen participation", "sao tome", "trasnformation"]
    computed = []
    for word in words:
        tab.evaluate("(word) => kgView.search(word)", word)
        computed.append(min(tab.evaluate("(word) => { kgView.search(word); return kgView.took.search; }", word) for _ in range(3)))
    tab.evaluate("() => { window.paints = []; }")
    tab.locator("#search").focus()
    for letter in "innovation in government":
        tab.keyboard.type(letter)
        tab.wait_for_timeout(60)
    painted = tab.evaluate("() => window.paints")
    tab.keyboard.press("Escape")
    shown: dict[str, list[float]] = {"focus": [], "path": [], "community": []}
    for turn in range(7):
        one, other = tab.evaluate("(turn) => [kgView.ids(5 + 31 * turn), kgView.ids(20 + 57 * turn)]", turn)
        for mode, state in (("focus", f"node={one}&depth=2"), ("path", f"from={one}&to={other}"), ("community", f"community={turn}")):
            goto(tab, f"mode={mode}&{state}")
            shown[mode].append(tab.evaluate("() => kgView.took.show"))
    return [
        Figure("search, ms (slowest of 11 queries)", max(computed), TARGETS["search, ms"][large]),
        Figure("key to paint, ms", median(painted), TARGETS["key to paint, ms"][large]),
        *(Figure(f"{mode}, ms", median(values), TARGETS[f"{mode}, ms"][large]) for mode, values in shown.items()),
    ]


def stock(browser: Any, graph: Path, file: Path) -> None:
    """Draw the thousand most important nodes with pyvis and its own template, without physics, and move."""
    from pyvis.network import Network

    import kg

    network = kg.open(graph).networkx()
    chosen = sorted(network.nodes, key=lambda iri: (-network.degree(iri), iri))[:1093]
    drawn = Network(directed=True, cdn_resources="in_line")
    drawn.toggle_physics(False)
    for number, iri in enumerate(chosen):
        drawn.add_node(iri, label=network.nodes[iri].get("label", iri), x=number % 33 * 60, y=number // 33 * 60)
    inside = set(chosen)
    drawn.edges = [{"from": a, "to": b} for a, b in network.edges() if a in inside and b in inside]
    file.write_text(drawn.generate_html(), encoding="utf-8")
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    asked_for: list[str] = []
    tab.on("request", lambda request: asked_for.append(request.url) if request.url.startswith("http") else None)
    tab.route("http*://**", lambda route: route.abort())
    tab.goto(file.as_uri())
    tab.wait_for_timeout(5000)
    tab.evaluate(COUNT)
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable")
    frames, busy = moved(tab, session, lambda tab: pan(tab, 400))  # its canvas is 600 pixels high
    print(f"\nstock pyvis, {len(chosen):,} nodes and {len(drawn.edges):,} edges without physics: {frames:.1f} frames/s, {busy:.1f} ms a frame, "
          f"{file.stat().st_size / 1e6:.1f} MB, {len(set(asked_for))} requests")  # fmt: skip


def pictures(browser: Any, file: Path, screens: Path) -> None:
    """Write every mode as a picture."""
    screens.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        for width, height in ((1280, 900), (360, 740)):
            tab = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light").new_page()
            tab.goto(file.as_uri())
            tab.wait_for_function(READY, timeout=60_000)
            for mode, state in states(tab):
                goto(tab, state)
                tab.screenshot(path=screens / f"{mode.replace(', ', '-').replace(' ', '-')}-{width}-{'dark' if dark else 'light'}.png")
            tab.context.close()
    print(f"\npictures of every mode: {screens}")


if __name__ == "__main__":
    main()
