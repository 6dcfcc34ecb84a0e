"""The page in a browser: that it reaches nothing and says nothing, finds things, and shows what is said and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browsing import BASE, TALK, Browser, Opened, Seen, expect, heading, many, names, place, sample, search, settled, status, visit
from kg import cli
from kg.network import Evidence
from kg.view import page
from server import Server

# Offline and safe


def test_the_page_reaches_nothing_and_says_nothing(opened: Opened) -> None:
    tab, seen = opened(sample())
    search(tab, "pandemic")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("Pandemic plans")
    for key in ("1", "2", "3", "0", "t", "l", "p", "f", "m", "c", "c", "Escape", "?", "Escape"):
        tab.keyboard.press(key)
        settled(tab)
    for button in ("#theme", "#fit", "#closer", "#farther"):
        tab.locator(button).click()
    tab.locator("#kind-0").focus()
    tab.keyboard.press("Space")
    tab.mouse.move(500, 400)
    settled(tab)
    assert seen == Seen([], [], [])


@pytest.mark.parametrize("compress", [True, False])
def test_the_policy_of_the_page_is_in_force(opened: Opened, compress: bool) -> None:
    tab, seen = opened(sample(), compress=compress)
    assert not seen.messages
    # In a task of the page's own, since what the debugger runs directly is exempt from the policy.
    later = "(act) => new Promise((done) => setTimeout(async () => { try { await act(); done('ran'); } catch { done('refused'); } }))"
    strange = "() => trustedTypes.createPolicy('other', {})"
    again = "() => trustedTypes.createPolicy('kg', {createScript: (text) => text})"
    acts = ["() => eval('1')", "() => { document.body.innerHTML = 'x'; }", "() => fetch('https://example.org/')", strange]
    for act in [*acts, again] if compress else acts:
        assert tab.evaluate(f"() => ({later})({act})") == "refused", act
    assert seen.messages


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "__proto__",
    "javascript:alert(3)",
    '" onmouseover="alert(4)',
    "{{data}}{% raw %}{#",
    "href\u2028alert(5)\u2029",
    "]]><svg onload=alert(6)>",
)


@pytest.mark.parametrize("compress", [True, False])
def test_hostile_words_are_shown_as_words(opened: Opened, compress: bool) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for text in HOSTILE:
        network.add_node(text, label=text, kind=text, path=text, url=text, aliases=(text + "!",), date=text)
        for other in HOSTILE:
            if other != text:
                network.add_edge(text, other, key=text, property=text, evidence=(Evidence(text, text, 1, text, text, text),))
    tab, seen = opened(network, title=HOSTILE[0], compress=compress, links="javascript:alert('{path}')")
    expect(tab.locator("h1")).to_have_text(HOSTILE[0])
    for text in HOSTILE:
        search(tab, text)
        expect(tab.locator("#hits li").first).to_contain_text(" ".join(text.split()), use_inner_text=True)
        tab.keyboard.press("Enter")
        for key in ("f", "2", "t", "l", "m"):
            tab.keyboard.press(key)
            settled(tab)
        assert tab.locator("#panel a, #times a, #rows a").count() == 0
    visit(tab, mode="path", **{"from": HOSTILE[0], "to": HOSTILE[2]})
    visit(tab, mode="map", node=HOSTILE[0], other=HOSTILE[1])
    expect(tab.locator("#panel .proof p").first).to_be_visible()
    assert tab.locator("img").count() == 0
    assert tab.locator("[onerror], [onload], [onmouseover]").count() == 0
    assert seen == Seen([], [], [])


def test_a_moment_that_is_no_web_address_is_no_link_even_if_the_data_says_so(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "forged.html"
    file.write_text(page(sample(), title="T", compress=False).replace(TALK, "javascript:alert(1)//"), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(f"{file.as_uri()}#node={BASE}pan")
    expect(heading(tab)).to_have_text("Pandemic plans")
    assert tab.locator("#panel a").count() == 0
    tab.close()


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("pandem", "Pandemic plans"),
        ("sao t", "São Tomé"),
        ("SAINT", "São Tomé"),
        ("plans crisis", "Pandemic plans"),
        ("plcylab", "Policy lab"),
        ("pölicy", "Policy lab"),
        ("padnemic", "Pandemic plans"),
        ("overviw", "Overview"),
        ("sao tomme", "São Tomé"),
    ],
)
def test_search_finds_by_name_alias_and_near_miss(opened: Opened, typed: str, found: str) -> None:
    tab, _ = opened(sample())
    search(tab, typed)
    expect(tab.locator("#hits li").first).to_contain_text(found)
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text(found)
    expect(tab.locator("#hits")).to_be_hidden()


def test_search_finds_every_name_of_a_large_page_first(opened: Opened) -> None:
    tab, _ = opened(many())
    for number in range(0, 600, 37):
        name = f"Note {number} of group {number // 100}"
        assert tab.evaluate("(text) => kgView.search(text)[0]", name.upper()) == name


def test_search_is_walked_with_the_keyboard(opened: Opened) -> None:
    tab, _ = opened(sample())
    search(tab, "e")
    found = tab.locator("#hits .name").all_text_contents()
    assert len(found) > 2
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        tab.keyboard.press(key)
    expect(tab.locator("#search")).to_have_attribute("aria-activedescendant", "hits-1")
    expect(tab.locator("#hits-1")).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text(found[1])


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


# Details


def test_details_show_the_sentence_the_place_and_the_moment(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "pan"})
    panel = tab.locator("#panel")
    expect(panel.locator(".facts")).to_contain_text("notes/pan.md")
    expect(panel.locator(".facts")).to_contain_text("crisis plans")
    groups = [" ".join(part.split()) for part in panel.locator("h3").all_inner_texts()]
    assert groups == ["→ Links to 1", "→ Mentions 1", "→ Made from 1", "← Linked from 1"]
    proof = panel.locator(".proof", has_text="The lab wrote the first plan.")
    expect(proof.locator("code")).to_have_text("notes/pan.md:12")
    play = proof.locator("a")
    assert play.inner_text().startswith("▶")
    assert [play.get_attribute(name) for name in ("href", "rel", "target")] == [f"{TALK}&t=12s", "noopener noreferrer", "_blank"]
    panel.get_by_role("button", name="Policy lab").click()
    expect(heading(tab)).to_have_text("Policy lab")


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ("file:///vault/{path}#L{line}", "file:///vault/notes/pan.md#L12"),
        ("obsidian://open?vault=V&file={path}", "obsidian://open?vault=V&file=notes%2Fpan.md"),
        ("https://example.org/site/{stem}", "https://example.org/site/notes/pan"),
    ],
)
def test_a_place_leads_to_the_note(opened: Opened, links: str, address: str) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "pan"}, links=links)
    assert tab.locator("#panel .proof", has_text="The lab wrote").locator("code a").get_attribute("href") == address


def test_iri_and_query_are_copied(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "ci"})
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.get_by_role("button", name="Copy IRI").click()
    expect(tab.locator("#said")).to_have_text("Copied")
    assert tab.evaluate("() => navigator.clipboard.readText()") == BASE + "ci"
    tab.get_by_role("button", name="Copy as SPARQL").click()
    query = tab.evaluate("() => navigator.clipboard.readText()")
    from pyoxigraph import Literal, NamedNode, Quad, Store

    store = Store()
    store.add(Quad(NamedNode(BASE + "pan"), NamedNode(BASE + "mentions"), NamedNode(BASE + "ci")))
    store.add(Quad(NamedNode(BASE + "ci"), NamedNode(BASE + "name"), Literal("São Tomé")))
    assert len(list(store.query(query))) == 2  # type: ignore[arg-type]


def test_a_line_shows_its_evidence(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "path", "from": BASE + "pan", "to": BASE + "lab"})
    one, other = place(tab, BASE + "pan"), place(tab, BASE + "lab")
    tab.mouse.click((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    expect(tab.locator("#panel .kind").first).to_have_text("Link")
    expect(tab.locator("#panel")).to_contain_text("The lab wrote the first plan.")
    expect(tab.locator("#panel code").first).to_have_text("notes/pan.md:12")


def test_a_node_is_picked_by_a_click_and_can_be_dragged(opened: Opened) -> None:
    tab, _ = opened(sample())
    x, y = place(tab, BASE + "pan")
    tab.mouse.click(x, y)
    expect(heading(tab)).to_have_text("Pandemic plans")
    settled(tab)
    x, y = place(tab, BASE + "pan")
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 90, y + 70, steps=8)
    tab.mouse.up()
    settled(tab)
    moved = place(tab, BASE + "pan")  # less than the mouse: the first pixels tell a drag from a click
    assert moved[0] - x > 60
    assert moved[1] - y > 45
    tab.keyboard.press("Escape")
    settled(tab)
    assert place(tab, BASE + "pan") == pytest.approx(moved, abs=3)


def test_pointing_at_a_node_tells_its_name(opened: Opened) -> None:
    tab, _ = opened(sample())
    tab.mouse.move(*place(tab, BASE + "ci"))
    expect(tab.locator("#tip")).to_contain_text("São Tomé")
    tab.mouse.move(5, 300)
    expect(tab.locator("#tip")).to_be_hidden()


# Keys, small windows, colours


def test_everything_that_can_be_pressed_has_a_name_and_is_reached_by_tab(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "pan", "depth": "1"})
    tab.locator("#legend summary").first.click()
    nameless = """() => [...document.querySelectorAll('button, input, a, select')]
        .filter((each) => !(each.ariaLabel || each.textContent.trim() || each.labels?.[0]?.textContent)).map((each) => each.outerHTML)"""
    assert tab.evaluate(nameless) == []
    reached = set()
    for _ in range(70):
        tab.keyboard.press("Tab")
        reached.add(
            tab.evaluate("() => document.activeElement.id || document.activeElement.dataset.mode || document.activeElement.className.split(' ')[0]")
        )
    assert {"search", "map", "table", "theme", "help", "kind-0", "closer", "fit", "go", "play", "vis-network"} <= reached


def test_the_graph_is_walked_with_arrow_keys(opened: Opened) -> None:
    tab, _ = opened(sample())
    tab.locator("#graph .vis-network").focus()
    tab.keyboard.press("ArrowRight")
    aloud = tab.locator("#aloud")
    first = aloud.text_content()
    assert first
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowDown")
    assert aloud.text_content() != ""
    said = (aloud.text_content() or "").rpartition(",")[0]
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text(said)


def test_help_opens_and_closes(opened: Opened) -> None:
    tab, _ = opened(sample())
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog")).to_contain_text("licensed under Apache-2.0 or MIT")
    tab.get_by_role("button", name="Close", exact=True).click()
    expect(tab.get_by_role("dialog")).to_be_hidden()


def test_a_hint_greets_the_reader_and_goes_with_the_first_click(opened: Opened) -> None:
    tab, _ = opened(sample())
    expect(tab.locator("#hint")).to_be_visible()
    tab.mouse.click(*place(tab, BASE + "pan"))
    expect(tab.locator("#hint")).to_be_hidden()
    other, _ = opened(sample(), at={"node": BASE + "pan"})
    expect(other.locator("#hint")).to_be_hidden()


STATES: list[dict[str, str]] = [
    {},
    {"node": BASE + "lab"},
    {"mode": "focus", "node": BASE + "lab", "depth": "2"},
    {"mode": "path", "from": BASE + "hub", "to": BASE + "gone"},
    {"node": BASE + "pan", "other": BASE + "lab"},
    {"mode": "timeline"},
    {"mode": "timeline", "video": BASE + "vid"},
    {"mode": "table"},
]


def test_a_phone_has_no_sideways_scroll_and_the_panel_is_a_sheet(opened: Opened) -> None:
    network = sample()
    network.nodes[BASE + "lab"]["label"] = "W" * 200
    tab, _ = opened(network, width=360, height=740, title="A vault with a name that is too long for a phone, and has averyveryverylongword")
    for at in STATES:
        visit(tab, **at)
        widths = tab.evaluate(
            "() => [document.documentElement, document.body, ...document.querySelectorAll('main, #panel, #list, #time')].map((each) => each.scrollWidth)"
        )
        assert max(widths) <= 360, at
    visit(tab, node=BASE + "pan")
    expect(heading(tab)).to_have_text("Pandemic plans")
    box = tab.locator("#panel").bounding_box()
    assert box
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)
    assert box["y"] > 300
    tab.get_by_role("button", name="Close details").click()
    expect(tab.locator("#panel")).to_be_hidden()


def test_a_finger_picks_and_drags_the_map(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "touch.html"
    file.write_text(page(sample(), title="T"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(file.as_uri())
    settled(tab)
    tab.locator("#hint-close").click()
    x, y = place(tab, BASE + "pan")
    tab.touchscreen.tap(x + 6, y + 6)
    expect(heading(tab)).to_have_text("Pandemic plans")
    context.close()


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


# Odd graphs


@pytest.mark.parametrize(("options", "words"), [({}, "no notes yet"), ({"kinds": ["planet"]}, "nothing of the kind planet")])
def test_an_empty_graph_is_explained(opened: Opened, options: dict[str, Any], words: str) -> None:
    tab, seen = opened(sample() if options else nx.MultiDiGraph(), **options)
    expect(tab.locator("#empty")).to_contain_text("Nothing to show yet")
    expect(tab.locator("#empty")).to_contain_text(words)
    tab.keyboard.press("t")
    assert seen == Seen([], [], [])


def test_one_node_is_a_sensible_page(opened: Opened) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node(BASE + "one", label="Alone", kind="note")
    tab, seen = opened(network)
    assert [each["text"] for each in names(tab) if each.get("node") is not None] == ["Alone"]
    for at in ({"mode": "focus"}, {"mode": "path", "from": BASE + "one", "to": BASE + "one"}, {"mode": "table"}, {"mode": "timeline"}, {}):
        visit(tab, **at)
    tab.mouse.click(*place(tab, BASE + "one"))
    expect(heading(tab)).to_have_text("Alone")
    assert seen == Seen([], [], [])


@pytest.mark.parametrize("node", ["__proto__", "constructor", "urn:nowhere", "<img src=x onerror=alert(1)>"])
def test_an_address_that_leads_nowhere_is_said_so(opened: Opened, node: str) -> None:
    wrong = {"node": node, "depth": "9", "hide": "7,x", "other": node, "community": "99", "mode": "community", "sort": "x", "video": node}
    tab, seen = opened(sample(), at=wrong)
    expect(status(tab)).to_contain_text("not in this page")
    expect(status(tab)).to_contain_text("6 of 6 nodes")
    assert (seen.messages, seen.dialogs) == ([], [])


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


def test_a_page_of_a_part_of_a_server_reaches_nothing_and_says_nothing(browser: Browser, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert cli.run(["view", "--endpoint", server.address, "--focus", "Portugal", "--depth", "1", "-o", str(file)]) == 0
    tab = browser.new_page()
    seen = Seen([], [], [])
    tab.on("request", lambda request: None if request.url == file.as_uri() else seen.requests.append(request.url))
    tab.on("console", lambda message: seen.messages.append(message.text))
    tab.on("pageerror", lambda error: seen.messages.append(str(error)))
    tab.goto(file.as_uri())
    settled(tab)
    expect(heading(tab)).to_have_text("Portugal")
    for key in ("0", "t", "l", "f", "m"):
        tab.keyboard.press(key)
        settled(tab)
    assert seen == Seen([], [], [])
    tab.close()
