"""The page in a browser: what a reader sees, and that the page reaches nothing and says nothing."""

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

BASE = "https://example.org/"


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
        ("vid", "A talk", "video", "", "https://www.youtube.com/watch?v=abc", ()),
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
        moment = f"https://www.youtube.com/watch?v=abc&t={line}s" if text else ""
        proof = Evidence(BASE + start, f"notes/{start}.md", line, text, f"00:00:{line:02}" if text else "", moment)
        network.add_edge(BASE + start, BASE + end, key=key, property=key, evidence=(proof,))
    return network


def many(count: int = 320) -> nx.MultiDiGraph[str]:
    """Make a network too large to be live at once: a ring of notes with a chord each."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(count):
        network.add_node(f"{BASE}{number}", label=f"Note {number}", kind="note", path="", url="", aliases=())
        for other in (number + 1, number * 7 + 3):
            network.add_edge(f"{BASE}{number}", f"{BASE}{other % (count - 20)}", key="linksTo", property="linksTo", evidence=())
    return network


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    contexts = []

    def open_page(
        network: nx.MultiDiGraph[str], *, at: dict[str, str] | None = None, width: int = 1200, dark: bool = False, **options: Any
    ) -> tuple[Page, Seen]:
        context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme="dark" if dark else "light", reduced_motion="reduce")
        contexts.append(context)
        file = tmp_path / f"graph-{len(contexts)}.html"
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
        return tab, seen

    yield open_page
    for context in contexts:
        context.close()


def search(tab: Page, text: str) -> None:
    tab.keyboard.press("/")
    tab.keyboard.type(text)


def heading(tab: Page) -> Any:
    return tab.locator("#panel h2")


def status(tab: Page) -> Any:
    return tab.locator("#status")


def settled(tab: Page) -> None:
    """Wait until the address has been read and the canvas drawn."""
    tab.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 60))")


def middle(tab: Page) -> tuple[float, float]:
    """Where the middle of the picture is: the page leaves 30 pixels above it and 40 below."""
    box = tab.locator("#graph").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 5


def test_the_page_reaches_nothing_and_says_nothing(opened: Opened) -> None:
    tab, seen = opened(sample())
    search(tab, "pandemic")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("Pandemic plans")
    for key in ("1", "2", "3", "0", "t", "t", "Escape", "?", "Escape"):
        tab.keyboard.press(key)
        settled(tab)
    tab.locator("#theme").click()
    tab.locator("#fit").click()
    tab.locator("#kind-0").focus()
    tab.keyboard.press("Space")
    tab.mouse.move(*middle(tab))
    settled(tab)
    assert seen == Seen([], [], [])


def test_the_policy_of_the_page_is_in_force(opened: Opened) -> None:
    tab, seen = opened(sample())
    # In a task of the page's own, since what the debugger runs directly is exempt from the policy.
    later = "(act) => new Promise((done) => setTimeout(async () => { try { await act(); done('ran'); } catch { done('refused'); } }))"
    for act in ("() => eval('1')", "() => { document.body.innerHTML = 'x'; }", "() => fetch('https://example.org/')"):
        assert tab.evaluate(f"() => ({later})({act})") == "refused", act
    assert seen.messages


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("pandem", "Pandemic plans"),
        ("sao t", "São Tomé"),
        ("SAINT", "São Tomé"),
        ("plans crisis", "Pandemic plans"),
        ("plcylab", "Policy lab"),
        ("pölicy", "Policy lab"),
    ],
)
def test_search_finds_by_name_alias_and_near_miss(opened: Opened, typed: str, found: str) -> None:
    tab, _ = opened(sample())
    search(tab, typed)
    expect(tab.locator("#hits li").first).to_contain_text(found)
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text(found)
    expect(tab.locator("#hits")).to_be_hidden()


def test_search_is_walked_with_the_keyboard(opened: Opened) -> None:
    tab, _ = opened(sample())
    search(tab, "e")
    names = tab.locator("#hits .name").all_text_contents()
    assert len(names) > 2
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        tab.keyboard.press(key)
    expect(tab.locator("#search")).to_have_attribute("aria-activedescendant", "hit-1")
    expect(tab.locator("#hit-1")).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text(names[1])


def test_escape_clears_the_search_and_then_the_pick(opened: Opened) -> None:
    tab, _ = opened(sample())
    search(tab, "lab")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("Policy lab")
    search(tab, "overview")
    tab.keyboard.press("Escape")
    expect(tab.locator("#search")).to_have_value("")
    expect(heading(tab)).to_have_text("Policy lab")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    expect(heading(tab)).to_have_text("A vault")


def test_a_search_without_a_match_says_so(opened: Opened) -> None:
    tab, _ = opened(sample())
    search(tab, "zzzz")
    expect(tab.locator("#hits")).to_have_text("Nothing is called that")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("A vault")


def test_the_legend_counts_and_hides_kinds(opened: Opened) -> None:
    tab, _ = opened(sample())
    expect(status(tab)).to_have_text("6 of 6 nodes, 6 of 6 links shown")
    assert tab.locator("#kinds li").all_text_contents() == ["Note3", "Missing1", "Country1", "Video1"]
    tab.locator("#kinds label", has_text="Country").click()
    expect(status(tab)).to_have_text("5 of 6 nodes, 5 of 6 links shown")
    tab.keyboard.press("t")
    expect(tab.locator("#rows tr")).to_have_count(5)
    expect(tab.locator("#rows")).not_to_contain_text("Tomé")


def test_what_is_hidden_comes_back_when_it_is_picked(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"hide": "country"})
    expect(status(tab)).to_contain_text("5 of 6")
    search(tab, "saint")
    tab.keyboard.press("Enter")
    expect(status(tab)).to_contain_text("6 of 6")
    expect(tab.locator("#kind-2")).to_be_checked()


def test_details_show_the_sentence_the_place_and_the_moment(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "pan"})
    panel = tab.locator("#panel")
    expect(panel.locator(".facts")).to_contain_text("notes/pan.md")
    expect(panel.locator(".facts")).to_contain_text("crisis plans")
    groups = [" ".join(part.split()) for part in panel.locator("h3").all_inner_texts()]
    assert groups == ["→ outgoing: links to 1", "→ outgoing: mentions 1", "→ outgoing: source 1", "← incoming: links to 1"]
    proof = panel.locator(".proof", has_text="The lab wrote the first plan.")
    expect(proof.locator("code")).to_have_text("notes/pan.md:12")
    play = proof.locator("a")
    expect(play).to_have_text("▶ 00:00:12")
    found = [play.get_attribute(name) for name in ("href", "rel", "target")]
    assert found == ["https://www.youtube.com/watch?v=abc&t=12s", "noopener noreferrer", "_blank"]
    panel.get_by_role("button", name="Policy lab").click()
    expect(heading(tab)).to_have_text("Policy lab")


def test_a_line_shows_its_evidence(opened: Opened) -> None:
    network = sample().subgraph([BASE + "pan", BASE + "lab"]).copy()
    tab, _ = opened(network)
    settled(tab)
    tab.mouse.click(*middle(tab))
    expect(tab.locator("#panel .kind")).to_have_text("Link")
    expect(tab.locator("#panel")).to_contain_text("The lab wrote the first plan.")
    expect(tab.locator("#panel code")).to_have_text("notes/pan.md:12")


def test_a_node_is_picked_by_a_click_and_can_be_dragged(opened: Opened) -> None:
    network = sample().subgraph([BASE + "pan"]).copy()
    tab, _ = opened(network)
    settled(tab)
    x, y = middle(tab)
    tab.mouse.click(x, y)
    expect(heading(tab)).to_have_text("Pandemic plans")
    tab.keyboard.press("Escape")
    expect(heading(tab)).to_have_text("A vault")
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 120, y + 60, steps=8)
    tab.mouse.up()
    settled(tab)
    tab.mouse.click(x, y)
    settled(tab)
    expect(heading(tab)).to_have_text("A vault")
    for _ in range(2):  # the second time, what was shown anew must not have moved it back
        tab.mouse.click(x + 120, y + 60)
        expect(heading(tab)).to_have_text("Pandemic plans")
        tab.keyboard.press("Escape")
        expect(heading(tab)).to_have_text("A vault")


def test_the_neighbourhood_grows_with_its_depth(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "ci"})
    for key, count in (("1", 2), ("2", 5), ("3", 6)):
        tab.keyboard.press(key)
        expect(status(tab)).to_contain_text(f"around São Tomé: {count} nodes")
        expect(tab.locator(f"[data-depth='{key}']")).to_have_attribute("aria-pressed", "true")
    tab.get_by_role("button", name="Back to whole").click()
    expect(status(tab)).to_contain_text("6 of 6 nodes")
    expect(heading(tab)).to_have_text("São Tomé")


def test_a_neighbourhood_stays_when_one_of_it_is_picked(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "pan", "depth": "1"})
    tab.locator("#panel").get_by_role("button", name="Policy lab").first.click()
    expect(heading(tab)).to_have_text("Policy lab")
    expect(status(tab)).to_contain_text("1 hop around Pandemic plans: 5 nodes")
    tab.locator("#panel").get_by_role("button", name="Not yet written").click()
    expect(status(tab)).to_contain_text("1 hop around Not yet written: 2 nodes")


def test_a_focus_opens_on_its_neighbourhood(opened: Opened) -> None:
    tab, _ = opened(sample(), focus=BASE + "ci", depth=1)
    expect(heading(tab)).to_have_text("São Tomé")
    expect(status(tab)).to_contain_text("1 hop around São Tomé: 2 nodes")
    tab.keyboard.press("Escape")
    expect(status(tab)).to_contain_text("6 of 6 nodes")


def test_what_is_not_live_is_found_and_brought_in(opened: Opened) -> None:
    tab, seen = opened(many())
    expect(status(tab)).to_contain_text("250 of 320 nodes")
    search(tab, "note 319")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("Note 319")
    expect(status(tab)).to_contain_text("1 hop around Note 319: 3 nodes")
    tab.keyboard.press("3")
    expect(status(tab)).to_contain_text("3 hops around Note 319")
    tab.keyboard.press("0")
    expect(status(tab)).to_contain_text("250 of 320 nodes")
    assert not seen.messages


def test_a_link_to_the_page_restores_it_and_back_goes_back(opened: Opened) -> None:
    tab, _ = opened(sample())
    search(tab, "policy")
    tab.keyboard.press("Enter")
    tab.keyboard.press("2")
    expect(status(tab)).to_contain_text("2 hops around Policy lab")
    tab.locator("#panel").get_by_role("button", name="Overview").first.click()
    expect(heading(tab)).to_have_text("Overview")
    before = status(tab).text_content()
    tab.reload()
    expect(heading(tab)).to_have_text("Overview")
    expect(status(tab)).to_have_text(before)
    tab.go_back()
    expect(heading(tab)).to_have_text("Policy lab")
    tab.go_back()
    expect(status(tab)).to_contain_text("6 of 6 nodes")
    tab.go_back()
    expect(heading(tab)).to_have_text("A vault")


@pytest.mark.parametrize("node", ["__proto__", "constructor", "urn:nowhere", "<img src=x onerror=alert(1)>"])
def test_an_address_that_leads_nowhere_is_said_so(opened: Opened, node: str) -> None:
    tab, seen = opened(sample(), at={"node": node, "depth": "9", "hide": "7,x", "to": node})
    expect(status(tab)).to_contain_text("not in this page")
    expect(status(tab)).to_contain_text("6 of 6 nodes")
    assert (seen.messages, seen.dialogs) == ([], [])


def test_the_table_lists_all_and_sorts(opened: Opened) -> None:
    tab, _ = opened(many())
    tab.get_by_role("button", name="Table").click()
    expect(tab.locator("#rows tr")).to_have_count(320)
    degrees = [int(each) for each in tab.locator("#rows td:nth-child(3)").all_text_contents()]
    assert degrees == sorted(degrees, reverse=True)
    assert degrees[0] > degrees[-1]
    tab.get_by_role("button", name="Name").click()
    expect(tab.locator("th[data-column=label]")).to_have_attribute("aria-sort", "ascending")
    names = tab.locator("#rows td:first-child").all_text_contents()
    assert names == sorted(names)
    tab.locator("#rows button").first.click()
    expect(heading(tab)).to_have_text("Note 0")
    expect(tab.locator("#list")).to_be_visible()
    tab.get_by_role("button", name="Graph", exact=True).click()
    expect(tab.locator("#graph canvas")).to_be_visible()


def test_a_phone_has_no_sideways_scroll_and_the_panel_is_a_sheet(opened: Opened) -> None:
    network = sample()
    network.nodes[BASE + "lab"]["label"] = "W" * 200
    tab, _ = opened(network, width=360, title="A vault with a name that is too long for a phone, and has averyveryverylongword")
    for at in ("", f"#node={BASE}lab", f"#node={BASE}lab&depth=1", f"#node={BASE}pan&to={BASE}lab", "#view=table"):
        tab.evaluate("(at) => { location.hash = at; }", at)
        settled(tab)
        widths = tab.evaluate(
            "() => [document.documentElement, document.body, ...document.querySelectorAll('main, #panel, #list')].map((each) => each.scrollWidth)"
        )
        assert max(widths) <= 360, at
    tab.evaluate("(at) => { location.hash = at; }", f"node={BASE}pan")
    expect(heading(tab)).to_have_text("Pandemic plans")
    box = tab.locator("#panel").bounding_box()
    assert box
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)
    assert box["y"] > 300
    tab.get_by_role("button", name="Close details").click()
    expect(tab.locator("#panel")).to_be_hidden()


def test_dark_colours_follow_the_system_and_the_button(opened: Opened) -> None:
    colour = "() => getComputedStyle(document.body).backgroundColor"
    light, _ = opened(sample())
    dark, _ = opened(sample(), dark=True)
    shades = light.evaluate(colour), dark.evaluate(colour)
    assert shades[0] != shades[1]
    dark.get_by_role("button", name="Dark colours").click()
    assert dark.evaluate(colour) == shades[0]
    expect(dark.get_by_role("button", name="Dark colours")).to_have_attribute("aria-pressed", "false")
    light.emulate_media(color_scheme="dark")
    expect(light.locator("body")).to_have_css("background-color", shades[1])


@pytest.mark.parametrize(("options", "words"), [({}, "no notes yet"), ({"kinds": ["planet"]}, "nothing of the kind planet")])
def test_an_empty_graph_is_explained(opened: Opened, options: dict[str, Any], words: str) -> None:
    tab, seen = opened(sample() if options else nx.MultiDiGraph(), **options)
    expect(tab.locator("#empty")).to_contain_text("Nothing to show yet")
    expect(tab.locator("#empty")).to_contain_text(words)
    tab.keyboard.press("t")
    assert seen == Seen([], [], [])


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "__proto__",
    "javascript:alert(3)",
    '" onmouseover="alert(4)',
    "{{data}}",
    "href",
)


def test_hostile_words_are_shown_as_words(opened: Opened) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for text in HOSTILE:
        network.add_node(text, label=text, kind=text, path=text, url=text, aliases=(text + "!",))
        for other in HOSTILE:
            if other != text:
                network.add_edge(text, other, key=text, property=text, evidence=(Evidence(text, text, 1, text, text, text),))
    tab, seen = opened(network, title=HOSTILE[0])
    expect(tab.locator("h1")).to_have_text(HOSTILE[0])
    expect(heading(tab)).to_have_text(HOSTILE[0])
    for text in HOSTILE:
        search(tab, text)
        expect(tab.locator("#hits li").first).to_contain_text(text)
        tab.keyboard.press("Enter")
        expect(heading(tab)).to_have_text(text)
        expect(tab.locator("#panel .proof p").first).to_be_visible()
        tab.keyboard.press("1")
        settled(tab)
        tab.mouse.move(*middle(tab))
        assert tab.locator("#panel a").count() == 0
    tab.keyboard.press("t")
    settled(tab)
    assert tab.locator("#rows tr").count() == len(HOSTILE)
    assert tab.locator("img").count() == 0
    assert tab.locator("script").count() == 3
    assert seen == Seen([], [], [])


def test_a_moment_that_is_no_web_address_is_no_link_even_if_the_data_says_so(opened: Opened, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "forged.html"
    file.write_text(page(sample(), title="T").replace("https://www.youtube.com/watch?v=abc", "javascript:alert(1)//"), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(f"{file.as_uri()}#{urlencode({'node': BASE + 'pan'})}")
    expect(heading(tab)).to_have_text("Pandemic plans")
    assert tab.locator("#panel a").count() == 0
    tab.close()


def test_everything_that_can_be_pressed_has_a_name_and_is_reached_by_tab(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "pan", "depth": "1"})
    nameless = """() => [...document.querySelectorAll('button, input, a')]
        .filter((each) => !(each.ariaLabel || each.textContent.trim() || each.labels?.[0]?.textContent)).map((each) => each.outerHTML)"""
    assert tab.evaluate(nameless) == []
    reached = set()
    for _ in range(60):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent"))
    assert {"search", "as-table", "theme", "help", "whole", "kind-0", "closer", "fit", "go", "play", "vis-network"} <= reached


def test_help_opens_and_closes(opened: Opened) -> None:
    tab, _ = opened(sample())
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog")).to_contain_text("licensed under Apache-2.0 or MIT")
    tab.get_by_role("button", name="Close", exact=True).click()
    expect(tab.get_by_role("dialog")).to_be_hidden()


def test_a_notebook_shows_the_page_in_a_frame(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><title>N</title>{page(sample(), title='T')._repr_html_()}", encoding="utf-8")
    tab = browser.new_page()
    messages: list[str] = []
    tab.on("console", lambda message: messages.append(message.text))
    tab.goto(file.as_uri())
    frame = tab.frame_locator("iframe")
    frame.locator("#search").fill("sao tome")
    tab.keyboard.press("Enter")
    expect(frame.locator("#panel h2").first).to_have_text("São Tomé")
    assert messages == []
    tab.close()
