"""The command line: what is printed where, and the exit codes, for right use and wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def kg(*arguments: str | Path, cwd: Path | None = None, stdin: str = "", **env: str) -> tuple[int, str, str]:
    """Run kg in a process of its own; gives the exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, input=stdin, env=environment(**env), timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    code, out, err = kg("build", ROOT / "notes", "-o", folder)
    assert (code, out) == (0, "")
    assert "+ 16 added\n16 notes, 58 links, 57 resolved (98.3 %), 2 issues\n" in err
    return folder


PORTUGAL = "SELECT * {?p :names country:PT; :note ?n; :line ?l. OPTIONAL{?p :at/:second ?s}}"


def test_which_notes_mention_portugal_on_what_line_at_what_second(graph: Path) -> None:
    assert len(PORTUGAL) < 100
    code, out, err = kg("-g", graph, "query", PORTUGAL, "--format", "csv")
    assert (code, err) == (0, "")
    rows = [line.split(",") for line in out.splitlines()]
    assert rows[0] == ["p", "n", "l", "s"]
    assert ["https://example.org/kg/note/messages_for_every_audience", "13", "721"] in [row[1:] for row in rows]


def test_the_graph_may_be_named_before_and_after_and_by_the_environment(graph: Path, tmp_path: Path) -> None:
    asked = "ASK { country:PT a :Country }"
    assert kg("-g", graph, "query", asked)[1] == "yes\n"
    assert kg("query", "-g", graph, asked)[1] == "yes\n"
    assert kg("query", asked, KG_GRAPH=str(graph))[1] == "yes\n"
    assert kg("query", asked, cwd=tmp_path)[0] == 1


def test_the_nearest_graph_upward_is_used(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    assert kg("init", cwd=tmp_path / "notes")[0] == 0
    below = tmp_path / "notes" / "deep" / "down"
    below.mkdir(parents=True)
    assert kg("build", cwd=below)[0] == 0
    assert (tmp_path / "notes" / ".kg" / "CURRENT").exists()
    assert kg("query", "ASK { country:PT a :Country }", cwd=below)[1] == "yes\n"
    assert kg("stats", cwd=below)[1].startswith("notes: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["build", "nowhere"], 2, "nowhere: no such folder"),
        (["build", "file.md"], 2, "file.md: not a folder"),
        (["query", "ASK { ?s ?p ?o }"], 1, "no graph here yet\n  hint: make one with: kg build NOTES"),
        (["export"], 1, "no graph here yet"),
        (["view"], 1, "no graph here yet"),
        (["qury"], 2, "Did you mean 'query'?"),
        (["query", "--formt", "csv"], 2, "Did you mean '--format'?"),
        (["query", "ASK {}", "--format", "cvs"], 2, "unknown format 'cvs'\n  hint: did you mean csv?"),
        (["export", "--format", "turle"], 2, "unknown format 'turle'\n  hint: did you mean turtle?"),
        (["export", "-o", "x.docx"], 2, "x.docx: no format has the ending .docx"),
        (["view", "--type", "contry"], 2, "unknown kind 'contry'\n  hint: did you mean country?"),
        (["build", "--jobs", "0"], 2, "0 is not in the range"),
    ],
)
def test_wrong_use_is_answered_in_words(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    (tmp_path / "file.md").write_text("x")
    found, out, err = kg(*arguments, cwd=tmp_path)
    assert (found, out) == (code, "")
    assert said in err
    assert not (tmp_path / ".kg").exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * WERE { ?s ?p ?o }", "query:1:10: unexpected 'WERE', expected WHERE or {\n  SELECT * WERE { ?s ?p ?o }\n           ^\n"),
        ("SELECT * WERE { ?s ?p ?o }", "hint: did you mean WHERE?"),
        ("SELECT * {\n  ?s ?p ?o", "hint: add } at the end"),
        ("SELECT * { ?s :names cuntry:PT }", "query:1:22: unknown prefix cuntry:\n  SELECT * { ?s :names cuntry:PT }\n                       ^\n  hint: did you mean country: ?"),
        ("SLECT * { ?s ?p ?o }", "hint: did you mean SELECT?"),
        ("", "the query is empty"),
        ("DELETE WHERE { ?s ?p ?o }", "hint: a query only asks"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "refused: SERVICE asks another server"),
        ("SELECT * " + "{" * 5000 + "}" * 5000, "refused: more than 64 brackets"),
        ("SELECT (" + "!" * 100 + "?x AS ?y) {}", "refused: more than 64 negations"),
        ("#" * 100_001, "the query has 100,001 characters"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "hint: beside COUNT and the like, name the others: GROUP BY ?s"),
        ("SELECT ?s ?s { ?s ?p ?o }", "?s stands twice after SELECT"),
        ('SELECT * { ?s ?p "x }', 'the text that begins with " does not end'),
        ("SELECT * { ?s ?p ?o } LIMIT", "hint: a whole number follows LIMIT"),
        ("SELECT * { # x\rSERVICE <http://example.org/> { ?s ?p ?o } }", "refused: SERVICE"),
        ("SELECT * { SERVICESILENT <http://example.org/> { ?s ?p ?o } }", "refused: SERVICE"),
        ("SELECT * { SERVICEnote:y { ?s ?p ?o } }", "refused: SERVICE"),
        ("SELECT * { SERVICE:y{ ?s ?p ?o } }", "refused: SERVICE"),
    ],
)  # fmt: skip
def test_a_wrong_query_is_shown_with_its_place(graph: Path, query: str, said: str) -> None:
    code, out, err = kg("-g", graph, "query", "-f", "-", stdin=query)
    assert (code, out) == (1, "")
    assert said in err


def test_an_empty_answer_says_why(graph: Path) -> None:
    code, _, err = kg("-g", graph, "query", "SELECT * { ?p :name country:PT }")
    assert (code, err) == (0, "note: the ontology has no term :name; did you mean :names?\n")
    assert kg("-g", graph, "query", "SELECT * { ?p :names country:AQ }")[2] == "note: country:AQ is not in the graph\n"


def test_a_runaway_query_ends_on_time(graph: Path) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    code, out, err = kg("-g", graph, "query", runaway, "--timeout", "1")
    assert (code, out) == (1, "")
    assert "no answer within 1 seconds" in err


def test_ctrl_c_ends_a_query_at_once_with_130(graph: Path) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "-g", graph, "query", runaway], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130


def test_a_broken_pipe_is_no_error(graph: Path) -> None:
    command = f'"{sys.executable}" -m kg -g "{graph}" export --format nquads | head -1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, 141)
    assert done.stdout.count("\n") == 1


def test_limit_says_that_there_is_more(graph: Path) -> None:
    code, out, err = kg("-g", graph, "query", "SELECT ?n { ?n a :Note } ORDER BY ?n", "--limit", "2", "--format", "tsv")
    assert (code, out.count("\n"), err) == (0, 3, "note: only the first 2 rows; --limit gives more\n")
    assert kg("-g", graph, "query", "SELECT ?n { ?n a :Note }", "--limit", "16")[2] == ""


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml", "markdown"])
def test_every_format_of_rows_is_the_same_twice(graph: Path, form: str) -> None:
    query = "SELECT ?n ?l { ?n a :Note; rdfs:label ?l } ORDER BY ?n"
    first = kg("-g", graph, "query", query, "--format", form)
    assert first == kg("-g", graph, "query", query, "--format", form.upper())
    assert "Estamos ON" in first[1]


def test_construct_gives_turtle_and_rows_do_not(graph: Path) -> None:
    query = "CONSTRUCT { ?n :mentions country:PT } { ?n :mentions country:PT }"
    code, out, _ = kg("-g", graph, "query", query)
    assert code == 0
    assert "note:estamos_on_portal :mentions country:PT .\n" in out
    assert kg("-g", graph, "query", query, "--format", "csv")[0] == 2
    assert '"@id"' in kg("-g", graph, "query", query, "--format", "json")[1]


def test_strict_fails_on_broken_links(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("[[nowhere]]")
    code, _, err = kg("build", tmp_path, "-o", tmp_path / "g", "--strict")
    assert code == 1
    assert "1 broken links" in err
    assert kg("build", tmp_path, "-o", tmp_path / "g")[0] == 0


def test_another_folders_graph_is_not_written_over(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    code, _, err = kg("build", tmp_path, "-o", graph)
    assert code == 1
    assert "this graph was made from" in err


def test_a_graph_named_by_a_query_with_a_title_with_an_escape_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# \x1b[31mred\u202e\n")
    kg("build", tmp_path, "-o", tmp_path / "g")
    for out in (kg("-g", tmp_path / "g", "query", "SELECT * { ?s rdfs:label ?l }")[1], kg("-g", tmp_path / "g", "stats")[1]):
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_init_writes_settings_that_change_nothing(tmp_path: Path) -> None:
    code, _, err = kg("init", cwd=tmp_path)
    assert code == 0
    assert "next: kg build" in err
    assert kg("init", cwd=tmp_path)[0] == 1
    (tmp_path / "a.md").write_text("Portugal.")
    assert kg("build", cwd=tmp_path)[0] == 0
    (tmp_path / "kg.toml").write_text("[graph]\nbas = 1\n")
    code, _, err = kg("build", cwd=tmp_path)
    assert code == 2
    assert "unknown setting 'bas'\n  hint: did you mean 'base'?" in err


def test_stats_counts_and_gives_json(graph: Path) -> None:
    import json

    code, out, _ = kg("-g", graph, "stats", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["things"]["Note"] == 16
    assert found["issues"] == {"broken-link": 1, "odd-timestamp": 1}
    assert found["hubs"]["Country"][0][1] == "Portugal"


def test_completion_knows_the_commands() -> None:
    out = kg(_KG_COMPLETE="bash_complete", COMP_WORDS="kg qu", COMP_CWORD="1")[1]
    assert out == "plain,query\n"


def test_a_variable_without_a_value_is_told(graph: Path) -> None:
    assert kg("-g", graph, "query", "SELECT ?y { ?x a :Note }", "--limit", "1")[2].startswith("note: only the first row; ")
    assert "?y occurs once only, so it has no value" in kg("-g", graph, "query", "SELECT ?y { ?x a :Note }")[2]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_traceback(graph: Path, closed: str, tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    command = f'"{sys.executable}" -m kg -g "{graph}" stats {"" if closed == "2>&-" else f"2> {errors}"} {closed}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0
    assert "Traceback" not in (errors.read_text() if errors.exists() else "")


def test_an_old_encoding_is_no_traceback(graph: Path) -> None:
    code, out, _ = kg("-g", graph, "query", "SELECT ?n { ?n a :Note }", PYTHONIOENCODING="latin-1")
    assert (code, "─" in out) == (0, True)


def test_no_color_and_a_dumb_terminal_are_heeded(tmp_path: Path) -> None:
    for more in ({"NO_COLOR": "1"}, {"NO_COLOR": "", "TERM": "dumb"}):
        command = f"{sys.executable} -m kg -g nope stats"
        done = subprocess.run(
            ["script", "-qec", command, "/dev/null"], capture_output=True, text=True, cwd=tmp_path, env=environment(**more), check=False
        )
        assert "no graph here yet" in done.stdout
        assert "\x1b[" not in done.stdout


def test_the_detail_of_a_graph_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("plain words")
    kg("build", tmp_path, "-o", tmp_path / "g", "--detail", "passages")
    assert "nothing changed" in kg("build", tmp_path, "-o", tmp_path / "g")[2]
