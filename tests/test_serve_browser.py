"""The pages of ``kg serve`` in a real browser: no message, no request to elsewhere, nothing too wide, keys reach everything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from kg import build
from serving import ROOT, Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    if os.environ.get("CI"):
        pytest.fail("chromium is not installed", pytrace=False)
    pytest.skip("chromium is not installed", allow_module_level=True)

from playwright.sync_api import Browser  # noqa: E402

PATHS = ("/", "/country/PT", "/note/oecdobservatoryofpublicsec3116", "/sparql", "/search?q=portugal", "/queries/", "/queries/countries", "/view",
         "/sparql?query=SELECT%20%3Fn%20%7B%20%3Fn%20a%20%3ANote%20%7D", "/sparql?format=graph&query=CONSTRUCT%20WHERE%20%7B%3Fa%20%3AlinksTo%20%3Fb%7D")  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("browsed")
    build(ROOT / "notes", folder)
    running = Served(folder)
    yield running
    running.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_quiet_and_fit(served: Served, browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    root = f"http://127.0.0.1:{served.port}"
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    for path in PATHS:
        response = page.goto(root + path)
        assert response is not None
        assert response.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.title()
    context.close()
    assert messages == []
    assert [each for each in requests if not each.startswith((root, "data:", "blob:"))] == []


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


def test_the_editor_completes_and_asks_by_keys(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"http://127.0.0.1:{served.port}/sparql")
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
