"""Words are found in notes, the best places first, on the command line and from Python."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import kg
from kg import index, search, words
from kg.cells import cells
from kg.cli import CONTEXT, cli, run
from kg.commands.search import quoted
from kg.errors import KgError, UsageError

NOTES = {
    "harbours.md": "# Quiet harbours\n\n## Ghana\n\nA harbour opened in Ghana.\nThe second line has harbours, too.\n\nNothing here.\n",
    "sub/video.md": "---\ntitle: On video\nvideoId: JkIhnK7qf-w\n---\n## Harbour [00:25:05]\n\nSaid of a quiet bay. [00:15:27]\n\nOf no second, quiet. [99:99:99]\n",
    "sub/far.md": "# Far\n\nA quiet day, then a long way to the harbour.\n\nThe quiet harbour of Chile, and the Open Door programme.\n",
    "untitled.md": "Only text: **bold** and [[harbours|the haven]].\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    kg.build(folder)
    return folder


@pytest.fixture(scope="module")
def graph(vault: Path) -> kg.Graph:
    return kg.open(vault)


@pytest.fixture
def tell(vault: Path) -> Callable[..., Result]:
    return lambda *given: CliRunner().invoke(cli, ["search", "-g", str(vault / ".kg"), *given])


def places(graph: kg.Graph, text: str, **only: str) -> list[tuple[str, str]]:
    return [(str(hit), hit.part) for hit in graph.search(text, **only).hits]  # type: ignore[arg-type]


# -- what is found, and in which order ---------------------------------------------------------------


def test_neighbours_come_before_words_apart_and_titles_before_passages(graph: kg.Graph) -> None:
    assert places(graph, "quiet harbour") == [("harbours.md:1", "title"), ("sub/far.md:5", "passage"), ("sub/far.md:3", "passage")]


def test_whole_words_come_before_beginnings(graph: kg.Graph) -> None:
    found = places(graph, "harbour")
    assert found.index(("sub/video.md:5", "heading")) < found.index(("harbours.md:1", "title"))


def test_the_line_is_that_of_the_word(graph: kg.Graph) -> None:
    assert places(graph, "second line") == [("harbours.md:6", "passage")]


def test_a_passage_of_a_video_has_its_second_though_the_graph_leaves_it_out(graph: kg.Graph) -> None:
    (hit,) = graph.search("bay").hits
    assert (hit.second, hit.play) == (927, "https://youtu.be/JkIhnK7qf-w?t=927")
    assert (hit.title, hit.heading) == ("On video", "Harbour [00:25:05]".partition(" [")[0])
    assert [hit.second for hit in graph.search('"of no second"').hits] == [None]
    assert [hit.second for hit in graph.search("harbour", note="video").hits] == [1505]


def test_a_title_that_is_a_heading_is_found_once(graph: kg.Graph) -> None:
    assert [part for _, part in places(graph, "far")] == ["title"]


def test_what_is_found_is_lit_up(graph: kg.Graph) -> None:
    (hit,) = graph.search("haven").hits
    assert [hit.text[start:end] for start, end in hit.spans] == ["haven"]


def test_all_are_counted_though_few_are_shown(graph: kg.Graph) -> None:
    found = graph.search("quiet", most=2)
    assert (len(found.hits), found.total, found.notes) == (2, 5, 3)
    assert len(graph.search("quiet", most=None).hits) == 5


@pytest.mark.parametrize(
    ("pattern", "notes"),
    [
        ("sub", {"sub/far.md", "sub/video.md"}),
        ("sub/", {"sub/far.md", "sub/video.md"}),
        ("SUB/*", {"sub/far.md", "sub/video.md"}),
        ("far", {"sub/far.md"}),
        ("sub/far.md", {"sub/far.md"}),
        ("./sub\\far", {"sub/far.md"}),
        ("*ar*", {"harbours.md", "sub/far.md"}),
        ("[a-h]*", {"harbours.md", "sub/far.md"}),
        ("fa", set()),
        ("", {"harbours.md", "sub/far.md", "sub/video.md"}),
    ],
)
def test_only_in_notes_that_fit_a_pattern(graph: kg.Graph, pattern: str, notes: set[str]) -> None:
    assert {hit.path for hit in graph.search("quiet", note=pattern).hits} == notes


def test_only_where_something_is_named(graph: kg.Graph) -> None:
    assert places(graph, "harbour", about=["Ghana"]) == [("harbours.md:5", "passage")]  # type: ignore[arg-type]
    assert places(graph, "harbour", about=["Ghana", "Chile"]) == []  # type: ignore[arg-type]
    assert {path for path, _ in places(graph, "harbour", kind="countries")} == {"harbours.md:5", "sub/far.md:5"}
    with pytest.raises(KgError, match="no entity is called 'Ghanna'"):
        graph.search("harbour", about=["Ghanna"])
    with pytest.raises(UsageError, match="unknown kind 'contry'"):
        graph.search("harbour", kind="contry")


def test_a_kind_of_ones_own_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "own.ttl").write_text(
        "@prefix v: <https://example.org/v#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "v:Startup rdfs:subClassOf <https://w3id.org/kgnotes/ontology#Organisation> .\n"
    )
    (tmp_path / "acme.md").write_text("---\ntype: Startup\n---\n# Acme\n")
    (tmp_path / "b.md").write_text("A kite of [[acme]].\n\nA kite of nobody.\n")
    kg.build(tmp_path)
    assert places(kg.open(tmp_path), "kite", kind="startup") == [("b.md:1", "passage")]


def test_what_is_suggested_counts_if_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("**Quiet Harbour Programme**: it has a kite.\n\nNo kite.\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert graph.search("kite", about=["Quiet Harbour Programme"], suggested=True).total == 1
    assert (graph.search("kite", kind="initiative").total, graph.search("kite", kind="initiative", suggested=True).total) == (0, 1)
    with pytest.raises(KgError, match="no entity is called"):
        graph.search("kite", about=["Quiet Harbour Programme"])


def test_the_index_finds_what_the_matcher_does(samples: kg.Graph) -> None:
    folder = samples.generation.index
    texts = [text for table in (index.passages, index.sections, index.titles) for text in (row.text for row in table(folder))]
    for text in ("portugal", "port", '"public sector"', "citizen -data", "covid OR pandemic", "estamos on", "zzz"):
        wanted = words.parse(text)
        found = [each.text for each in index.matching(folder, words.expression(wanted))]
        assert set(found) == {each for each in texts if words.matcher(wanted)(each)}
        assert samples.search(text).total == index.counted(folder, words.expression(wanted)) == len(found)


def test_the_order_depends_neither_on_history_nor_on_processes(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    vault.mkdir()
    for at in range(330):
        (vault / f"n{at}.md").write_text(f"# Note {at % 7}\n\nA kite, a {'red' if at % 3 else 'blue'} kite.\n\nAnd {at % 5} kites. A kite.\n")
    kg.build(vault, tmp_path / "a", jobs=2)
    (vault / "n7.md").write_text("Gone for a while.\n")
    kg.build(vault, tmp_path / "b")
    (vault / "n7.md").write_text("# Note 0\n\nA kite, a red kite.\n\nAnd 2 kites. A kite.\n")
    assert not kg.build(vault, tmp_path / "b").full
    a, b = (kg.open(tmp_path / each).search("kite OR red", most=None) for each in "ab")
    assert a == b
    assert a.hits[:30] == kg.open(tmp_path / "a").search("kite OR red", most=30).hits


# -- nothing found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["harbuor"], "note: nothing found; did you mean 'harbour'?\n"),
        (["GAHNA"], "note: nothing found; did you mean 'ghana'?\n"),
        (["quiet", "xylophone"], "note: nothing found; no note has 'xylophone'\n"),
        (["活"], "note: nothing found; no note has '活'\n"),
        (["bay", "ghana"], "note: nothing found; no one place has all of these words: 'bay' is in 1, 'ghana' is in 2; OR joins words of which one is enough\n"),
        (["bay", "-quiet"], "note: nothing found; what you leave out stands wherever the other words do\n"),
        (["bay", "--note", "far", "--kind", "country"], "note: nothing found; there are such places without --note and --kind\n"),
        (["bay", "--note", "nowhere"], "note: nothing found; no note fits 'nowhere'\n"),
    ],
)  # fmt: skip
def test_nothing_found_says_what_to_do(tell: Callable[..., Result], given: list[str], told: str) -> None:
    result = tell(*given)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", told)


# -- the command line -------------------------------------------------------------------------------


def test_text_for_people(tell: Callable[..., Result]) -> None:
    result = tell("quiet", "-bay", "--note", "sub")
    assert result.stdout == (
        "sub/video.md:9\n"
        "  On video › Harbour\n"
        "    Of no second, quiet.\n"
        "\n"
        "sub/far.md:3\n"
        "  Far\n"
        "    A quiet day, then a long way to the harbour.\n"
        "\n"
        "sub/far.md:5\n"
        "  Far\n"
        "    The quiet harbour of Chile, and the Open Door programme.\n"
    )
    assert result.stderr == "3 places in 2 notes\n"
    assert tell("bay").stdout.startswith("sub/video.md:7  15:27  https://youtu.be/JkIhnK7qf-w?t=927\n")


def test_formats_for_programs(tell: Callable[..., Result]) -> None:
    found = json.loads(tell("bay", "--format", "json").stdout)
    assert (found["total"], found["notes"], found["hits"][0]["path"], found["hits"][0]["spans"]) == (1, 1, "sub/video.md", [[16, 19]])
    assert list(csv.reader(StringIO(tell("second line", "--format", "csv").stdout)))[1] == [
        "harbours.md", "6", "", "", "passage", "Quiet harbours", "Ghana", "A harbour opened in Ghana.\nThe second line has harbours, too.",
    ]  # fmt: skip
    assert (
        tell("second line", "--format", "tsv").stdout.split("\n")[1].split("\t")[-1]
        == "A harbour opened in Ghana. The second line has harbours, too."
    )
    assert json.loads(tell("xylophone", "--format", "json").stdout) == {"total": 0, "notes": 0, "hits": []}


def test_a_word_may_begin_with_a_minus(tell: Callable[..., Result]) -> None:
    assert tell("quiet", "-harbour").stdout == tell("quiet -harbour").stdout == tell("--", "quiet", "-harbour").stdout != ""
    assert "harbour" not in tell("quiet", "-harbour", "--note", "far").stdout
    assert tell("-ghana", "harbour").stdout == tell("harbour -ghana").stdout
    assert tell("harbour", "-h").stdout.startswith("Usage: ")


@pytest.mark.parametrize("given", ["", "!", "-x", "a " * 10_000, "x" * 1_000_000])
def test_what_cannot_be_looked_for_is_refused(given: str, vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "-g", str(vault / ".kg"), given]) == 2
    assert capsys.readouterr().err.startswith("error: there ") != (len(given) > 2000)


@pytest.mark.parametrize(
    "given", ['"', "quiet\udc80", "NEAR(a, 2)", "a AND NOT OR", "{text} : a", "quiet*", "^quiet", "a\x00b", "'; drop table words", "🚀" * 90]
)
def test_anything_else_is_looked_for(given: str, vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["search", "-g", str(vault / ".kg"), given])
    assert code == (2 if given == '"' else 0)
    assert "Traceback" not in capsys.readouterr().err


def test_what_is_found_is_lit_up_on_a_terminal_only(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["search", "-g", str(vault / ".kg"), "bay"]
    assert "\x1b" not in CliRunner().invoke(cli, given).stdout
    monkeypatch.setitem(CONTEXT, "color", True)
    assert click.style("bay", fg="cyan", bold=True) in CliRunner().invoke(cli, given).stdout


def test_places_and_seconds_are_links_where_the_terminal_knows_them(graph: kg.Graph) -> None:
    from kg.commands.search import _Page

    (hit,) = graph.search("bay").hits
    page = _Page(graph, linked=True)
    first = next(page.hit(hit))
    assert f"\x1b]8;;{Path(page.source, 'sub/video.md').as_uri()}\x1b\\" in first
    assert "\x1b]8;;https://youtu.be/JkIhnK7qf-w?t=927\x1b\\15:27\x1b]8;;\x1b\\" in first
    assert "\x1b]8;" not in "".join(_Page(graph, linked=False).hit(hit))


def test_nothing_from_a_note_steers_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\x1b[31m\n\nA kite\x1b]8;;http://x\x07 \u202eof.\n")
    kg.build(tmp_path)
    for form in ("text", "tsv"):
        shown = CliRunner().invoke(cli, ["search", "-g", str(tmp_path / ".kg"), "kite", "--format", form]).stdout
        assert "kite" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_reader_that_leaves_is_no_error(vault: Path) -> None:
    command = f"{sys.executable} -m kg search -g {vault / '.kg'} quiet OR harbour --format json | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=Path(kg.__file__).parent.parent)
    assert (done.returncode in (0, 141), done.stderr.count("Traceback")) == (True, 0)


def test_a_graph_of_an_older_version_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("A kite.\n")
    kg.build(tmp_path)
    manifest = next((tmp_path / ".kg").glob("gen-*/manifest.json"))
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 1'))
    assert run(["search", "-g", str(tmp_path / ".kg"), "kite"]) == 1
    assert "kg build --full makes it anew" in capsys.readouterr().err
    assert kg.build(tmp_path).full
    assert places(kg.open(tmp_path), "kite") == [("a.md:1", "passage")]


def test_a_damaged_index_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("A kite.\n")
    kg.build(tmp_path)
    (file,) = (tmp_path / ".kg").glob("gen-*/index/*.sqlite")
    file.write_bytes(b"no database" * 1000)
    assert run(["search", "-g", str(tmp_path / ".kg"), "kite"]) == 1
    assert "the index is damaged" in capsys.readouterr().err


# -- lines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["word", "活", "e\u0301x", "🚀"])
@pytest.mark.parametrize("width", [20, 76])
def test_a_long_passage_is_cut_around_its_words(word: str, width: int) -> None:
    for blank in (" ", ""):
        text = blank.join([word] * 300) + " needle " + blank.join([word] * 300)
        at = text.index("needle")
        lines = quoted(text, [(at, at + 6)], width)
        assert 1 <= len(lines) <= 4
        assert all(sum(cells(piece) for piece, _ in line) <= width for line in lines)
        assert [piece for line in lines for piece, lit in line if lit] == ["needle"]
        assert lines[0][0][0].startswith("…")
        assert lines[-1][-1][0].endswith("…")


def test_a_short_passage_is_shown_whole() -> None:
    assert quoted("One two three.", [(4, 7)], 20) == [[("One ", False), ("two", True), (" three.", False)]]
    assert quoted("", [], 20) == []


def test_very_many_words_in_one_passage_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("kite " * 20_000)
    kg.build(tmp_path)
    result = CliRunner().invoke(cli, ["search", "-g", str(tmp_path / ".kg"), "kite"])
    assert result.stdout.count("kite") < 60
    assert len(kg.open(tmp_path).search("kite").hits[0].spans) == 20_000


def test_hits_are_what_the_package_says() -> None:
    assert search.Hit._fields == ("path", "line", "part", "text", "spans", "title", "heading", "second", "play")


def test_the_command_writes_links_where_the_terminal_takes_them(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["search", "-g", str(vault / ".kg"), "bay"]
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    assert "\x1b]8;;file://" in CliRunner().invoke(cli, given, color=True).stdout
    monkeypatch.setenv("FORCE_HYPERLINK", "0")
    assert "\x1b]8;" not in CliRunner().invoke(cli, given, color=True).stdout


def test_nothing_found_in_a_graph_that_is_behind_its_notes_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A kite.\n")
    kg.build(tmp_path)
    given = ["search", "-g", str(tmp_path / ".kg"), "quokka"]
    assert "kg build" not in CliRunner().invoke(cli, given).stderr
    (tmp_path / "b.md").write_text("A quokka.\n")
    assert "notes were changed after this graph was built" in CliRunner().invoke(cli, given).stderr
