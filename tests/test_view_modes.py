"""The ways to look at a graph: map, focus, path, community, timeline and table; filters; and that the address restores each."""

from __future__ import annotations

import networkx as nx
import pytest

from browsing import BASE, TALK, Opened, Page, Seen, expect, heading, many, names, place, sample, search, settled, star, status, visit
from kg.network import Evidence


def live(tab: Page) -> tuple[int, int]:
    """Give the numbers of live nodes and links."""
    found = tab.evaluate("() => kgView.live()")
    return found["nodes"], found["links"]


def themed() -> nx.MultiDiGraph[str]:
    """Make the sample with a theme, two countries, a suggestion and dates."""
    network = sample()
    for name, label in (("open", "Open data"), ("labs", "Laboratories")):
        network.add_node(BASE + name, label=label, kind="theme")
    network.add_node(BASE + "pt", label="Portugal", kind="country")
    network.add_edge(BASE + "pan", BASE + "open", key="about", property="about", evidence=())
    network.add_edge(BASE + "lab", BASE + "labs", key="about", property="about", evidence=(), suggested=True)
    network.add_edge(BASE + "lab", BASE + "pt", key="mentions", property="mentions", evidence=())
    network.nodes[BASE + "pan"]["date"] = "2021-03-04"
    network.nodes[BASE + "lab"]["date"] = "2023-11-30"
    return network


# Map


def test_a_small_graph_is_live_as_a_whole(opened: Opened) -> None:
    tab, _ = opened(sample())
    assert live(tab) == (6, 6)
    expect(status(tab)).to_have_text("6 of 6 nodes")


def test_never_more_is_live_than_moves_smoothly(opened: Opened) -> None:
    tab, seen = opened(many(3000, 12))
    for turn in range(7):
        nodes, links = live(tab)
        assert nodes <= 250
        assert links <= 600
        assert tab.locator("#graph canvas").count() == 1
        tab.locator("#closer").click()
        settled(tab)
        if turn == 3:
            tab.mouse.click(600, 400)
    assert not seen.messages


def test_coming_closer_shows_islands_then_parts_then_nodes(opened: Opened) -> None:
    tab, _ = opened(many(1200, 6))
    far = names(tab)
    islands = [each for each in far if each.get("island") is not None]
    assert islands
    for _ in range(6):
        tab.locator("#closer").click()
        settled(tab)
    close = [each for each in names(tab) if each.get("node") is not None]
    assert len(close) > len([each for each in far if each.get("node") is not None])


def test_a_dot_that_is_not_live_is_picked_by_a_click_near_it(opened: Opened) -> None:
    tab, _ = opened(many(900, 3))
    chosen = tab.evaluate("() => kgView.ids(899)")
    spot = tab.evaluate("(id) => kgView.dot(id)", chosen)
    box = tab.locator("#graph").bounding_box()
    assert box
    assert tab.evaluate("(id) => kgView.place(id)", chosen) is None
    tab.locator("#hint-close").click()
    tab.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(tab.locator("#panel .kind").first).to_have_text("Note")
    expect(tab).to_have_url(tab.url)
    assert "node=" in tab.url


def test_a_picked_node_and_its_neighbours_are_live_wherever_they_are(opened: Opened) -> None:
    tab, _ = opened(many(900, 3))
    chosen = tab.evaluate("() => kgView.ids(899)")
    visit(tab, node=chosen)
    assert tab.evaluate("(id) => kgView.place(id)", chosen)


def test_the_name_of_an_island_opens_it(opened: Opened) -> None:
    tab, _ = opened(many(600, 6))
    island = max((each for each in names(tab) if each.get("island") is not None), key=lambda each: each["w"])
    box = tab.locator("#graph").bounding_box()
    assert box
    tab.mouse.click(box["x"] + island["x"] + island["w"] / 2, box["y"] + island["y"] + island["h"] / 2)
    expect(tab.locator("#community-name")).not_to_be_empty()
    expect(tab.locator("#panel .kind").first).to_have_text("Community")
    settled(tab)
    assert live(tab)[0] > 10
    tab.keyboard.press("Escape")
    expect(tab.locator("#trail")).to_be_hidden()


# Focus


def test_what_leads_to_a_node_is_left_and_where_it_leads_right(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "pan"})
    middle = place(tab, BASE + "pan")[0]
    assert place(tab, BASE + "hub")[0] < middle - 30
    assert place(tab, BASE + "lab")[0] > middle + 30
    assert place(tab, BASE + "ci")[0] > middle + 30


def test_the_neighbourhood_grows_with_its_depth(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"node": BASE + "ci"})
    for key, count in (("1", 2), ("2", 5), ("3", 6)):
        tab.keyboard.press(key)
        hops = "1 hop" if key == "1" else f"{key} hops"
        expect(status(tab)).to_contain_text(f"{hops} around São Tomé: {count} nodes")
        expect(tab.locator(f"[data-depth='{key}']")).to_have_attribute("aria-pressed", "true")
    tab.locator("#trail-focus").get_by_role("button", name="Back to the map").click()
    expect(status(tab)).to_contain_text("6 of 6 nodes")
    expect(heading(tab)).to_have_text("São Tomé")


def test_a_neighbourhood_stays_when_one_of_it_is_picked(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "pan", "depth": "1"})
    tab.locator("#panel").get_by_role("button", name="Policy lab").first.click()
    expect(heading(tab)).to_have_text("Policy lab")
    expect(status(tab)).to_contain_text("1 hop around Pandemic plans: 5 nodes")
    tab.locator("#panel").get_by_role("button", name="Not yet written").click()
    expect(status(tab)).to_contain_text("1 hop around Not yet written: 2 nodes")


def test_a_double_click_moves_the_middle(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "pan"})
    tab.mouse.dblclick(*place(tab, BASE + "lab"))
    expect(status(tab)).to_contain_text("1 hop around Policy lab")


def test_the_page_can_open_on_a_neighbourhood(opened: Opened) -> None:
    tab, _ = opened(sample(), focus=BASE + "ci", depth=2)
    expect(heading(tab)).to_have_text("São Tomé")
    expect(status(tab)).to_contain_text("2 hops around São Tomé: 5 nodes")
    tab.keyboard.press("Escape")
    expect(status(tab)).to_contain_text("6 of 6 nodes")


def test_five_thousand_neighbours_are_counted_and_listed(opened: Opened) -> None:
    tab, seen = opened(star(5000), at={"mode": "focus", "node": BASE + "hub"})
    nodes, links = live(tab)
    assert 60 < nodes <= 250
    assert links <= 600
    more = [each for each in names(tab) if "more" in each["text"]]
    assert sum(int(each["text"].split()[0].lstrip("+").replace(",", "")) for each in more) == 5001 - nodes
    assert "2,500" in tab.locator("#panel h3").first.inner_text()
    tab.keyboard.press("t")
    expect(tab.locator("#list-caption")).to_contain_text("5,001 nodes within 1 hop of The hub")
    assert not seen.messages


# Path


def test_a_path_shows_every_step_with_its_sentence(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "path", "from": BASE + "ci", "to": BASE + "gone"})
    expect(heading(tab)).to_have_text("3 steps")
    steps = tab.locator(".way-steps > li > .go").all_inner_texts()
    assert steps == ["São Tomé", "Pandemic plans", "Policy lab", "Not yet written"]
    for sentence in ("São Tomé had one in 2015.", "The lab wrote the first plan.", "Someone should write this."):
        expect(tab.locator(".way-steps")).to_contain_text(sentence)
    assert [each["text"] for each in names(tab) if each.get("node") is not None] == steps


def test_a_path_goes_round_hubs_if_it_can(opened: Opened) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, kind in (("a", "note"), ("b", "note"), ("c", "note"), ("d", "note"), ("land", "country")):
        network.add_node(BASE + name, label=name, kind=kind)
    for one, other in (("a", "land"), ("b", "land"), ("a", "c"), ("c", "d"), ("d", "b")):
        network.add_edge(BASE + one, BASE + other, property="linksTo", evidence=())
    tab, _ = opened(network, at={"mode": "path", "from": BASE + "a", "to": BASE + "b"})
    assert tab.locator(".way-steps > li > .go").all_inner_texts() == ["a", "c", "d", "b"]
    network.remove_edge(BASE + "c", BASE + "d")
    tab, _ = opened(network, at={"mode": "path", "from": BASE + "a", "to": BASE + "b"})
    assert tab.locator(".way-steps > li > .go").all_inner_texts() == ["a", "land", "b"]


def test_the_ends_of_a_path_are_searched_for_and_swapped(opened: Opened) -> None:
    tab, _ = opened(sample())
    tab.keyboard.press("p")
    tab.locator("#path-from").fill("thomas")
    tab.keyboard.press("Enter")
    tab.locator("#path-to").fill("overview")
    tab.keyboard.press("Enter")
    expect(heading(tab)).to_have_text("2 steps")
    tab.get_by_role("button", name="Swap the ends").click()
    expect(tab.locator("#path-from")).to_have_value("Overview")
    expect(tab.locator(".way-steps > li > .go").first).to_have_text("Overview")


def test_no_path_is_said_so(opened: Opened) -> None:
    network = sample()
    network.add_node(BASE + "far", label="Far away", kind="note")
    tab, _ = opened(network, at={"mode": "path", "from": BASE + "pan", "to": BASE + "far"})
    expect(heading(tab)).to_have_text("No path")


# Timeline


def talk() -> nx.MultiDiGraph[str]:
    """Make two notes that tell of one video, in another order than it went."""
    network = themed()
    for note, second, text in (("pan", 4000, "The end."), ("lab", 65, "The beginning."), ("pan", 700, "The middle.")):
        proof = Evidence(BASE + note, f"notes/{note}.md", 9, text, "", f"{TALK}&t={second}s")
        network.add_edge(BASE + note, BASE + "vid", key=f"source-{second}", property="source", evidence=(proof,))
    return network


def test_what_was_said_in_a_video_stands_in_order_of_time(opened: Opened) -> None:
    tab, _ = opened(talk(), at={"mode": "timeline", "video": BASE + "vid"})
    texts = [" ".join(each.split()) for each in tab.locator(".times li p").all_inner_texts()]
    assert [each for each in texts if each.startswith("The ") and each.endswith(("ning.", "ddle.", "end."))] == [
        "The beginning.",
        "The middle.",
        "The end.",
    ]
    play = tab.locator(".times li", has_text="The end.").locator("a.play")
    expect(play).to_have_text("▶ 1:06:40")
    assert play.get_attribute("href") == f"{TALK}&t=4000s"


def test_without_a_video_there_are_videos_and_dates(opened: Opened) -> None:
    tab, _ = opened(talk(), at={"mode": "timeline"})
    expect(tab.locator("#times")).to_contain_text("A talk")
    assert tab.locator(".months strong").all_inner_texts() == ["November 2023", "March 2021"]
    tab.locator("#times").get_by_role("button", name="A talk").click()
    expect(tab.locator("#times h2")).to_have_text("A talk")


# Table


def test_the_table_lists_what_the_canvas_shows_and_sorts(opened: Opened) -> None:
    tab, _ = opened(many())
    tab.get_by_role("button", name="Table", exact=True).click()
    expect(tab.locator("#rows tr")).to_have_count(200)
    for _ in range(2):
        tab.locator("#more-rows").click()
    expect(tab.locator("#rows tr")).to_have_count(600)
    expect(tab.locator("#more-rows")).to_be_hidden()
    tab.get_by_role("button", name="Neighbours").click()
    expect(tab.locator("th[data-column=degree]")).to_have_attribute("aria-sort", "descending")
    degrees = [int(each) for each in tab.locator("#rows .of-degree").all_text_contents()]
    assert degrees == sorted(degrees, reverse=True)
    assert degrees[0] > degrees[-1]
    tab.get_by_role("button", name="Name", exact=True).click()
    expect(tab.locator("th[data-column=label]")).to_have_attribute("aria-sort", "ascending")
    found = tab.locator("#rows .of-label").all_text_contents()
    assert found == sorted(found)
    tab.locator("#rows button").first.click()
    expect(heading(tab)).to_have_text("Note 0 of group 0")
    expect(tab.locator("#list")).to_be_visible()


@pytest.mark.parametrize(
    "state",
    [{"mode": "focus", "node": BASE + "pan", "depth": "1"}, {"mode": "map", "hide": "Country"}, {"mode": "map"}],
)
def test_the_table_has_the_nodes_of_the_canvas(opened: Opened, state: dict[str, str]) -> None:
    tab, _ = opened(sample(), at=state)
    nodes = live(tab)[0]
    tab.keyboard.press("t")
    expect(tab.locator("#rows tr")).to_have_count(nodes)


# Filters


def test_the_legend_counts_and_hides_kinds(opened: Opened) -> None:
    tab, _ = opened(sample())
    assert tab.locator("#kinds li").all_text_contents() == ["Notes3", "Missing notes1", "Countries1", "Videos1"]
    tab.locator("#kinds label", has_text="Countries").click()
    expect(status(tab)).to_have_text("5 of 6 nodes")
    settled(tab)
    assert live(tab) == (5, 5)
    tab.keyboard.press("t")
    expect(tab.locator("#rows tr")).to_have_count(5)
    expect(tab.locator("#rows")).not_to_contain_text("Tomé")
    tab.keyboard.press("m")
    tab.get_by_role("button", name="Clear filters").click()
    expect(status(tab)).to_have_text("6 of 6 nodes")


def test_what_is_hidden_comes_back_when_it_is_picked(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"hide": "Country"})
    expect(status(tab)).to_contain_text("5 of 6")
    search(tab, "saint")
    tab.keyboard.press("Enter")
    expect(status(tab)).to_contain_text("6 of 6")
    expect(tab.locator("#kind-2")).to_be_checked()


def test_properties_themes_countries_and_suggestions_are_filters(opened: Opened) -> None:
    tab, _ = opened(themed())
    assert live(tab) == (9, 9)
    tab.locator("#filters summary").click()
    tab.locator("#properties label", has_text="Mentions").click()
    settled(tab)
    assert live(tab) == (9, 7)
    tab.locator("#unfilter").click()
    tab.locator("#guesses").focus()
    tab.keyboard.press("Space")
    settled(tab)
    assert live(tab)[1] == 8
    tab.locator("#unfilter").click()
    tab.locator("#only-country").select_option(label="Portugal")
    settled(tab)
    assert live(tab) == (2, 1)
    tab.locator("#only-country").select_option(label="any")
    tab.locator("#only-theme").select_option(label="Open data")
    expect(status(tab)).to_have_text("2 of 9 nodes")


def test_colours_tell_kinds_or_communities(opened: Opened) -> None:
    tab, _ = opened(many())
    tones = "() => [...document.querySelectorAll('#kinds .swatch')].map((each) => each.getAttribute('class'))"
    expect(tab.locator("[data-colour=community]")).to_have_attribute("aria-pressed", "true")
    assert tab.evaluate(tones) == ["swatch tone-8"]
    expect(tab.locator("#communities li").first).to_be_visible()
    tab.keyboard.press("c")
    expect(tab.locator("[data-colour=kind]")).to_have_attribute("aria-pressed", "true")
    assert tab.evaluate(tones) == ["swatch tone-0"]
    expect(tab.locator("#communities")).to_be_hidden()


# The address

STATES: list[dict[str, str]] = [
    {"node": BASE + "lab"},
    {"node": BASE + "pan", "other": BASE + "lab"},
    {"mode": "focus", "node": BASE + "lab", "depth": "2"},
    {"mode": "focus", "node": BASE + "hub", "around": BASE + "pan", "depth": "3"},
    {"mode": "path", "from": BASE + "hub", "to": BASE + "gone"},
    {"mode": "community", "community": "0"},
    {"mode": "timeline"},
    {"mode": "timeline", "video": BASE + "vid"},
    {"mode": "table", "sort": "-label"},
    {"mode": "table", "around": BASE + "pan", "depth": "1"},
    {"mode": "table", "community": "0"},
    {"hide": "Video"},
    {"without": "mentions"},
    {"theme": BASE + "open"},
    {"country": BASE + "pt"},
    {"suggested": "no"},
    {"colour": "kind"},
    {"mode": "focus", "node": BASE + "pan", "depth": "1", "hide": "Country", "without": "source", "suggested": "no"},
]

SEEN = """() => [document.body.dataset.mode, document.querySelector('#status').textContent, document.querySelector('#panel').innerText, kgView.live(),
    document.querySelector('#rows').innerText, document.querySelector('#times').innerText, document.querySelector('#trail').innerText, document.querySelector('#legend').innerText,
    [...document.querySelectorAll('input, select')].map((each) => each.checked + each.value)]"""


@pytest.mark.parametrize("state", STATES, ids=lambda state: "&".join(f"{key}={value.removeprefix(BASE)}" for key, value in state.items()))
def test_a_link_to_the_page_restores_it(opened: Opened, state: dict[str, str]) -> None:
    tab, seen = opened(themed(), at=state)
    if {"mode", "community", "colour"} & state.keys():
        tab.locator("#legend").evaluate("(each) => { each.open = true; }")
    before = tab.evaluate(SEEN)
    # A click that changes nothing writes the whole address anew.
    written = tab.evaluate("() => kgView.address()")
    # Where there are no communities, kinds have the colours anyway; a page that is as it opens says only that it is the map.
    assert written == ({"mode": "map"} if state == {"colour": "kind"} else state)
    tab.goto("about:blank")
    tab.go_back()
    settled(tab)
    visit(tab, **written)
    if {"mode", "community", "colour"} & state.keys():
        tab.locator("#legend").evaluate("(each) => { each.open = true; }")
    assert tab.evaluate(SEEN) == before
    assert seen == Seen([], [], [])


def test_back_goes_back_and_forward_forward(opened: Opened) -> None:
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
    tab.go_forward()
    expect(heading(tab)).to_have_text("Policy lab")
