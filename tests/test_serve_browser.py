"""The pages of ``kg serve`` in a real browser: no message, no request to elsewhere, nothing too wide, axe-core content, keys reach everything."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import hatch_build
from kg import build
from serving import ROOT, Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    if os.environ.get("CI"):
        pytest.fail("chromium is not installed", pytrace=False)
    pytest.skip("chromium is not installed", allow_module_level=True)

from playwright.sync_api import Browser, Page, expect  # noqa: E402

expect.set_options(timeout=30_000)
AXE = ROOT / "build" / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
MANY = "SELECT ?n ?c { ?n :mentions ?c }"
PATHS = ("/", "/country/PT", "/note/oecdobservatoryofpublicsec3116", "/sparql", "/search?q=portugal", "/queries/", "/queries/countries", "/queries/said-of", "/view",
         "/sparql?query=SELECT%20%3Fn%20%7B%20%3Fn%20a%20%3ANote%20%7D", "/sparql?format=graph&query=CONSTRUCT%20WHERE%20%7B%3Fa%20%3AlinksTo%20%3Fb%7D")  # fmt: skip
WRONG = {"/nothing": 404, "/sparql?query=SELECT%20oops": 400, "/queries/nonesuch": 404}


class Opened(NamedTuple):
    """A page, what its console said, and what it asked of others."""

    page: Page
    root: str
    messages: list[str]
    elsewhere: list[str]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browsed")
    build(ROOT / "notes", folder)
    return folder


@pytest.fixture(scope="module")
def served(graph: Path) -> Iterator[Served]:
    """A server with the editor, where it can be had."""
    trouble = hatch_build.fetch(ROOT)
    if trouble and os.environ.get("CI"):
        pytest.fail(trouble, pytrace=False)
    running = Served(graph, "--timeout", "60")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def plain(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a kg that was built without npm."""
    home = tmp_path_factory.mktemp("plain")
    shutil.copytree(ROOT / "kg", home / "kg", ignore=shutil.ignore_patterns("editor", "__pycache__"))
    shutil.copytree(ROOT / "ontology", home / "ontology")
    running = Served(graph, "--timeout", "60", PYTHONPATH=str(home), PYTHONSAFEPATH="1")
    yield running
    running.stop()


@pytest.fixture
def tab(served: Served, browser: Browser) -> Iterator[Opened]:
    yield from opened(served, browser)


def opened(served: Served, browser: Browser, width: int = 1280, *, dark: bool = False) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light")
    found = Opened(context.new_page(), f"http://127.0.0.1:{served.port}", [], [])
    found.page.on("console", lambda message: found.messages.append(message.text))
    found.page.on("pageerror", lambda error: found.messages.append(str(error)))
    found.page.on("request", lambda request: None if request.url.startswith((found.root, "data:", "blob:")) else found.elsewhere.append(request.url))
    yield found
    context.close()
    assert found.messages == []
    assert found.elsewhere == []


def broken(page: Page) -> list[object]:
    """Give what axe-core finds, each with the elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(  # type: ignore[no-any-return]
        "async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes.slice(0, 4).map(({html, failureSummary}) => [html, failureSummary])])"
    )


def examined(found: Opened, width: int) -> None:
    """See that a page fits, has a title, and that axe-core finds nothing in it."""
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width, found.page.url
    assert found.page.title()
    if AXE.is_file() or os.environ.get("CI"):
        assert broken(found.page) == [], found.page.url


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_quiet_and_fit_and_axe_finds_nothing(served: Served, browser: Browser, width: int, dark: bool) -> None:
    for found in opened(served, browser, width, dark=dark):
        for path in PATHS:
            response = found.page.goto(found.root + path)
            assert response is not None
            assert response.status == 200, path
            examined(found, width)
        for path, status in WRONG.items():
            response = found.page.goto(found.root + path)
            assert response is not None
            assert response.status == status, path
            examined(found, width)
            assert [each for each in found.messages if f"status of {status}" not in each] == []
            found.messages.clear()  # Chromium tells of every status that is no success


def test_all_of_it_works_without_javascript(served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/")
    page.get_by_role("textbox", name="Search names and passages").or_(page.get_by_role("searchbox", name="Search names and passages")).last.fill(
        "portugal"
    )
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Portugal", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Portugal"
    page.get_by_role("link", name="SPARQL").click()
    page.get_by_label("Query").fill("SELECT ?c { ?c a :Country } ORDER BY ?c")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("link", name="country:PT").click()
    assert page.url.endswith("/country/PT")
    page.get_by_role("link", name="Turtle").click()
    context.close()


def test_the_plain_editor_completes_and_asks_by_keys(plain: Served, browser: Browser) -> None:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"http://127.0.0.1:{plain.port}/sparql")
    area = page.get_by_label("Query")
    area.fill("SELECT ?n { ?n ")
    area.press_sequentially(":menti")
    page.get_by_role("option", name=":mentions").wait_for()
    area.press("ArrowDown")
    area.press("Enter")
    area.press_sequentially("portug")
    page.get_by_role("option", name="country:PT").wait_for()
    area.press("ArrowDown")
    area.press("Tab")
    area.press_sequentially("}")
    assert area.input_value() == "SELECT ?n { ?n :mentions country:PT }"
    area.press("Control+Enter")
    page.get_by_role("columnheader", name="n").wait_for()
    assert "format=html" in page.url
    page.close()
    assert messages == []


# -- the editor ----------------------------------------------------------------------------------------


def write(page: Page, text: str) -> None:
    page.locator(".yasgui .CodeMirror").click(position={"x": 200, "y": 100})
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def written(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.yasgui .CodeMirror').CodeMirror.getValue()"))


def ready(found: Opened) -> Page:
    if hatch_build.fetch(ROOT):
        pytest.skip("the editor could not be had here")
    found.page.goto(f"{found.root}/sparql")
    found.page.locator(".yasgui .CodeMirror").wait_for()
    return found.page


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_editor_is_quiet_and_fits_and_axe_finds_nothing(served: Served, browser: Browser, width: int, dark: bool) -> None:
    for found in opened(served, browser, width, dark=dark):
        page = ready(found)
        write(page, "SELECT ?n ?c { ?n :menti")
        page.locator(".CodeMirror-hint").first.wait_for()
        examined(found, width)
        page.keyboard.press("Escape")
        write(page, MANY)
        page.keyboard.press("Control+Enter")
        page.locator("#answers a.page").first.wait_for()
        examined(found, width)
        page.get_by_role("button", name="Shows Response view").click()
        page.locator("#answers .CodeMirror").wait_for()
        examined(found, width)
        write(page, "ASK {}")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answers")).to_contain_text("true")
        examined(found, width)


def test_the_editor_completes_from_this_graph(tab: Opened) -> None:
    page = ready(tab)
    write(page, "SELECT ?n { ?n :menti")
    expect(page.get_by_role("option", name=":mentions")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(" portug")
    expect(page.get_by_role("option", name="country:PT Portugal (country)")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(" . ?n :nam")
    expect(page.locator(".CodeMirror-hint").first).to_be_visible()
    page.keyboard.press("Escape")
    assert written(page) == "SELECT ?n { ?n :mentions country:PT . ?n :nam"
    write(page, "PREFIX scho")
    page.keyboard.press("Backspace")
    expect(
        page.get_by_role("option", name="schema: <http://schema.org/>").or_(page.get_by_role("option", name="schema: <https://schema.org/>"))
    ).to_be_visible()


def test_what_is_offered_can_be_taken_while_more_is_asked_for(tab: Opened) -> None:
    """The answer to the last letter never comes: Enter takes what is seen, and what is typed next stands after it."""
    page = ready(tab)
    write(page, "SELECT ?n { ?n :mentions portu")
    expect(page.get_by_role("option", name="country:PT Portugal (country)")).to_be_visible()
    page.route(re.compile(r"/complete\?q=portug$"), lambda route: None)
    page.keyboard.type("g")
    page.keyboard.press("Enter")
    page.keyboard.type(" . ?n")
    assert written(page) == "SELECT ?n { ?n :mentions country:PT . ?n"
    page.unroute_all(behavior="ignoreErrors")


def test_the_editor_knows_our_prefixes_and_says_what_is_wrong(tab: Opened) -> None:
    page = ready(tab)
    write(page, "SELECT ?n { ?n :mentions country:PT }")
    expect(page.locator(".parseErrorIcon")).to_have_count(0)
    page.goto(f"{tab.root}/sparql?query=SELECT%20%3Fc%20%7B%20%3Fc%20a%20%3ACountry%20%7D")
    expect(page.locator(".yasgui .CodeMirror")).to_contain_text(":Country")
    expect(page.locator(".parseErrorIcon")).to_have_count(0)
    write(page, "SELECT ?n { ?n nonesuch:at ?m }")
    page.locator(".parseErrorIcon").hover()
    expect(page.locator(".parseErrorIcon")).to_have_attribute("title", "Prefix 'nonesuch' is not defined")
    write(page, "SELECT oops")
    page.locator(".parseErrorIcon").hover()
    expect(page.locator(".parseErrorIcon")).to_have_attribute("title", re.compile("^expected here: "))


def test_answers_lead_to_pages_and_drawings(tab: Opened) -> None:
    page = ready(tab)
    write(page, "SELECT ?n ?c ?k { ?n :mentions ?c . ?c a ?k FILTER(?c = country:PT && ?k = :Country) }")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("link", name="country:PT").first).to_have_attribute("href", "/country/PT")
    expect(page.get_by_role("link", name=":Country", exact=True).first).to_have_attribute("href", re.compile(r"^/about\?iri="))
    page.get_by_role("link", name=":Country", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("country")
    page.go_back()  # the address is that of the answer, so it is there again, from the server
    page.get_by_role("link", name="country:PT").first.click()
    expect(page.locator("h1")).to_have_text("Portugal")
    ready(tab)
    write(page, "CONSTRUCT { ?n :mentions ?c } { ?n :mentions ?c }")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="as a graph").click()
    expect(page.locator("canvas").first).to_be_visible()


def test_what_cannot_be_answered_is_told_in_words(tab: Opened) -> None:
    page = ready(tab)
    write(page, "SELECT ?n { ?n :mentoins ?c")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answers .problem")).to_contain_text("expected")
    expect(page.get_by_role("status").first).to_have_text("That cannot be answered.")
    assert [each for each in tab.messages if "status of 400" not in each] == []
    tab.messages.clear()


def test_a_cut_answer_says_so_and_a_long_one_can_be_stopped(graph: Path, browser: Browser) -> None:
    running = Served(graph, "--max-rows", "3")
    try:
        for found in opened(running, browser):
            page = ready(found)
            write(page, MANY)
            page.keyboard.press("Control+Enter")
            expect(page.get_by_role("status").first).to_have_text("only the first 3 rows")
            write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
            page.keyboard.press("Control+Enter")
            page.get_by_role("button", name="Stop").click()
            expect(page.get_by_role("status").first).to_have_text("Stopped.")
            expect(page.get_by_role("button", name="Ask")).to_be_visible()
    finally:
        running.stop()


def test_keys_lead_out_of_the_editor(tab: Opened) -> None:
    page = ready(tab)
    write(page, "ASK {}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask")).to_be_focused()
