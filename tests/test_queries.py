"""Queries that have names: kg's own are complete, right and ordered; a vault's are found, and broken ones told."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import kg
from kg import Graph, cli, guard, parameters, queries, query, turtle
from kg.errors import KgError, UsageError
from kg.names import Names
from kg.queries import NamedQuery, header, typed

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, cwd: Path, stdin: str = "") -> tuple[int, str, str]:
    """Run kg in this process; gives the exit code, standard output and standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    with contextlib.chdir(cwd), pytest.MonkeyPatch.context() as patched:
        for name, stream in (("stdin", io.StringIO(stdin)), ("stdout", out), ("stderr", err)):
            patched.setattr(sys, name, stream)
        code = cli.run(["query", *arguments])
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
    return code, texts[0], texts[1]


SHIPPED = queries.every()
AUDIENCES = {"analyst", "journalist", "note keeper", "ontologist"}
EMPTY = {"broader-themes", "own-kinds", "people-of-organisation", "several-kinds"}
"""What the sample notes have nothing of; the vault below has."""

VAULT = {
    "notes/open_door.md": "---\ntype: initiative\ncountry: Portugal\norganisation: Ministry of Doors\n---\n# Open Door\nOpen Door runs in Portugal. #trust/privacy\n",
    "notes/startup.md": "---\ntype: startup\n---\n# Acme\nAcme is young. It works on [[privacy]].\n",
    "notes/jane.md": "---\ntype: person\norganisation: Ministry of Doors\n---\n# Jane Doe\nJane Doe works for the Ministry of Doors.\n",
    "notes/lab.md": "---\ntype: organisation\n---\n# Door Lab\nThe Door Lab.\n",
    "kg.toml": '[notes]\nfolder = "notes"\n',
    "ontology/own.ttl": "@prefix k: <https://w3id.org/kgnotes/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "<urn:own/Startup> rdfs:subClassOf k:Entity . <urn:own/Lab> rdfs:subClassOf k:Organisation , k:Initiative .\n",
    "notes/both.md": "---\ntype: lab\n---\n# Two Hats\nTwo Hats.\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in VAULT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kg.build(folder)
    return folder


def rows(graph: Graph, named: NamedQuery, arguments: list[str]) -> list[tuple[str, ...]]:
    """Ask a query, and give its rows as texts."""
    suggested = named.header.suggested or "--suggested" in arguments
    said = queries.given([each for each in arguments if each != "--suggested"], named.header.parameters)
    text = parameters.insert(named.text, queries.terms(named, said, graph.store, graph.names, suggested=suggested))
    answer = query.ask(graph.store, text, graph.names, suggested=suggested)
    return [tuple("" if each is None else str(getattr(each, "value", each)) for each in row) for row in answer.rows]


def test_python_asks_by_name(samples: Graph) -> None:
    (row,) = samples.named("who-runs", initiative="OECD OPSI Webinar").rows
    assert (row.organisation, row.line) == ("OECD", 4)
    with pytest.raises(UsageError, match="needs initiative"):
        samples.named("who-runs")
    asked = "SELECT ?note { ?p :at/:second ?second; :note ?note }"
    assert [row.note for row in samples.query(asked, parameters={"second": 1505}).rows] == ["https://example.org/kg/note/danish_quantum_leap"]


# -- those of kg -----------------------------------------------------------------------------------


def test_there_are_enough_of_them() -> None:
    assert len(SHIPPED) >= 36
    assert [each.name for each in SHIPPED.values() if each.problem] == []


@pytest.mark.parametrize("named", SHIPPED.values(), ids=list(SHIPPED))
def test_it_says_what_it_answers_and_needs(named: NamedQuery) -> None:
    said = named.header
    assert said.title == said.title.strip() != ""
    assert not said.title.endswith(".")
    assert len(said.title) <= 72
    assert said.group in queries.ORDER
    assert set(said.audience) <= AUDIENCES
    assert said.audience
    assert said.example.startswith(f"kg query --name {named.name}")
    assert all(each.words for each in said.parameters)
    assert all(each.default is not None or f" {each.name}=" in said.example for each in said.parameters)
    words = [each.text for each in guard.tokens(header.body(named.text))]
    assert words[0] == "SELECT"
    assert "ORDER" in words, "rows come in an order of their own"
    assert max(map(len, named.text.splitlines())) <= 140


@pytest.mark.parametrize("named", SHIPPED.values(), ids=list(SHIPPED))
def test_its_example_runs_and_finds_something(samples: Graph, named: NamedQuery) -> None:
    found = rows(samples, named, shlex.split(named.header.example)[4:])
    assert bool(found) != (named.name in EMPTY)
    assert len(found) == len(set(found)), "a row for each answer"


@pytest.mark.parametrize(
    ("name", "arguments", "found"),
    [
        ("broader-themes", ["privacy"], [("broader", "trust")]),
        ("broader-themes", ["trust"], [("narrower", "privacy")]),
        ("own-kinds", [], [("urn:own/Lab", "1"), ("urn:own/Startup", "1")]),
        ("several-kinds", [], [("Two Hats", "https://w3id.org/kgnotes/ontology#Initiative", "https://w3id.org/kgnotes/ontology#Organisation")]),
        ("people-of-organisation", ["Ministry of Doors"], [("Jane Doe", "true", "1", "false")]),
        ("who-runs", ["Open Door"], [("Ministry of Doors", "1", "false", "https://example.org/kg/note/open_door", "4", "")]),
        ("initiatives-of-country", ["PT"], [("Open Door", "1", "false", "https://example.org/kg/note/open_door", line, "") for line in ("3", "7")]),
    ],
)
def test_what_the_samples_have_nothing_of(vault: Path, name: str, arguments: list[str], found: list[tuple[str, ...]]) -> None:
    assert rows(kg.open(vault), SHIPPED[name], arguments) == found


def test_answers_are_right_on_the_samples(samples: Graph) -> None:
    def first(name: str, *arguments: str) -> tuple[str, ...]:
        return rows(samples, SHIPPED[name], list(arguments))[0]

    note = "https://example.org/kg/note/"
    assert first("countries") == ("Portugal", "12", "25", "0")
    assert first("broken-links") == ("innovative_response_tracker.md:26", "[[innovation_playbook]]: no note has this name")
    assert first("wanted-notes") == ("innovation_playbook", "1", "innovative_response_tracker.md")
    assert first("orphans") == (f"{note}oecdobservatoryofpublicsec3116", "oecdobservatoryofpublicsec3116", "15")
    assert first("odd-timestamps") == ("odd-timestamp", "innovative_response_tracker.md:8", "'07:38:81' is no time code that a video can have")
    evidence = first("evidence", "Estamos ON portal", "Portugal", "--suggested")
    assert evidence[1:6] == ("heading", "0.8", "true", f"{note}oecdobservatoryofpublicsec3116", "14")
    assert first("hubs") == (f"{note}estamos_on_portal", "Estamos ON portal", "6")
    assert first("compare-countries", "Portugal", "Denmark")[:2] == ("Denmark", "10")
    times = [(row[0].partition("?")[0], int(row[1])) for row in rows(samples, SHIPPED["timeline"], ["Portugal"])]
    assert times == sorted(times)
    assert {row[0] for row in rows(samples, SHIPPED["backlinks"], ["Estamos ON portal"])} == {
        f"{note}{each}"
        for each in (
            "collaborative_work_plan", "digital_divide_and_lonely_desks", "listen_to_the_doctors",
            "messages_for_every_audience", "oecdobservatoryofpublicsec3116", "portugal_in_three_directions",
        )
    }  # fmt: skip


def test_each_answers_on_the_real_notes(oecd: Graph) -> None:
    pair = "SELECT ?one ?other { ?c rdf:predicate :organisation; rdf:subject/rdfs:label ?one; rdf:object/rdfs:label ?other } ORDER BY ?one ?other LIMIT 1"
    ((one, other),) = [[str(getattr(each, "value", "")) for each in row] for row in query.ask(oecd.store, pair, oecd.names).rows]
    for named in SHIPPED.values():
        said: dict[str, str] = {}
        for each in named.header.parameters:
            said[each.name] = each.default or typed.example(each, oecd.store, oecd.names, without=said.values())
        if named.name in ("evidence", "said-of-both", "notes-with-both"):
            said = {"one": one, "other": other}
        if "words" in said:
            said["words"] = "challenge"
        if "rule" in said:
            said["rule"] = "lead-name"
        found = rows(oecd, named, ["--suggested", *(f"{name}={text}" for name, text in said.items())])
        assert found or named.name in EMPTY, named.name
        assert len(found) == len(set(found)), named.name


def test_suggestions_come_in_when_asked_for_and_are_marked(samples: Graph, place: Path) -> None:
    assert {name for name, each in SHIPPED.items() if each.header.suggested} == {"doubtful-claims", "suggestions"}
    for name, named in SHIPPED.items():
        marks = "?suggested" in [each.text for each in guard.tokens(named.text)]
        arguments = [each for each in shlex.split(named.header.example)[4:] if each != "--suggested"]
        if name not in ("suggestions", "doubtful-claims", *EMPTY):
            plain = rows(samples, named, arguments)
            assert not any("true" in row[1:] for row in plain if marks and name != "initiatives-of-theme"), name
            assert "true" not in [row[-1] for row in plain if name == "initiatives-of-theme"]
    country = SHIPPED["initiatives-of-country"]
    assert rows(samples, country, ["PT"]) == []
    assert [row[:3] for row in rows(samples, country, ["PT", "--suggested"])] == [
        ("Estamos ON portal", "0.8", "true"),
        ("COVID for kids", "0.7", "true"),
    ]
    assert "more rows are only suggested; --suggested adds them" in run("-n", "rules", cwd=place)[2]
    assert run("-n", "rules", "--suggested", cwd=place)[2] == ""
    code, _, err = run("-n", "who-runs", "COVID for kids", cwd=place)
    assert (code, err.splitlines()[1]) == (2, "  hint: --suggested lets suggestions count")
    assert samples.named("who-runs", initiative="COVID for kids", suggested=True).rows == []


# -- those of a vault ------------------------------------------------------------------------------

OWN = {
    "hubs.rq": "# title: Hubs as I like them\n# group: Mine\n\nSELECT ?note { ?note a :Note } ORDER BY ?note LIMIT 1\n",
    "young.rq": "# title: Young ones\n# param what: Startup — a startup\n# A comment that is no entry\n\nSELECT ?note { ?note :mentions ?what }\n",
    "plain.rq": "SELECT ?c { ?n :mentions ?c } ORDER BY ?c",
    "not_a_query.txt": "nothing",
}
BROKEN = {
    "b1.rq": ("# title: One\n# parm x: text\nSELECT * { ?x ?y ?z }\n", "b1.rq:2: unknown word in the header: parm\n  hint: did you mean param?"),
    "b2.rq": ("# param x: Cuntry\nSELECT * { ?x ?y ?z }\n", ""),
    "b3.rq": ("# param x: txt\nSELECT * { ?x ?y ?z }\n", "b3.rq:1: 'txt' is no type of a parameter\n  hint: did you mean text?"),
    "b4.rq": ("# param x\nSELECT * { ?x ?y ?z }\n", ""),
    "b5.rq": (
        "# param x: integer = many\nSELECT * { ?x ?y ?z }\n",
        "b5.rq:1: the default of x is 'many', which is not a whole number\n  hint: such as 12",
    ),
    "b6.rq": ("# param w: Note\nSELECT * { ?x ?y ?z }\n", "b6.rq:1: the query has no ?w\n  hint: it has ?x, ?y, ?z"),
    "b7.rq": ("# title: One\n# title: Two\nASK {}\n", "b7.rq:2: the header says title twice"),
    "b8.rq": ("# title: Nothing\n", "b8.rq: there is no query in the file"),
    "b9.rq": ("# title: Wrong\n\nSELECT * { ?x }\n", "b9.rq:3:"),
    "b10.rq": ("# suggested: perhaps\nASK {}", "b10.rq: suggested is true or false, not 'perhaps'"),
    "b11.rq": ("# param x: text\nSELECT * { BIND(1 AS ?x) }", "b11.rq:2:22: the query itself gives ?x a value"),
    "b12.rq": ("# param x: text\n# param x: text\nASK { ?y :text ?x }", "b12.rq:2: the header has the parameter x twice"),
    "b13.rq": ("# param: text\nASK { ?y :text ?x }", "b13.rq:1: a parameter needs a name and a type"),
    "b14.rq": ("ASK { SERVICE <http://example.net/> {} }", "b14.rq:1:7: refused: SERVICE asks another server"),
}


@pytest.fixture
def mine(vault: Path) -> Path:
    folder = vault / "queries"
    folder.mkdir(exist_ok=True)
    for each in folder.iterdir():
        each.unlink()
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")
    return vault


def test_a_vaults_own_are_listed_and_asked(mine: Path) -> None:
    code, out, err = run("--list", cwd=mine / "notes")
    assert (code, err) == (0, "")
    assert "\nMine\n  hubs " in out
    assert "Hubs as I like them (yours, instead of kg's)\n" in out
    assert "\nOthers\n  plain " in out
    assert "Young ones (yours)\n" in out
    assert "not_a_query" not in out
    assert "broken:" not in out
    assert run("--name", "hubs", "--format", "csv", cwd=mine)[1] == "note\r\nhttps://example.org/kg/note/both\r\n"
    assert run("-n", "Young", "acme", cwd=mine)[1] == "note\n────────────\nnote:startup\n"
    assert run("-n", "young.rq", "what=acme", cwd=mine)[0] == 0
    assert run("-n", "plain", "n=note:startup", cwd=mine)[1].endswith("\nstartup/acme\ntheme:privacy\n")


def test_values_of_a_kind_of_ones_own(mine: Path) -> None:
    code, out, err = run("-n", "young", "Portugal", cwd=mine)
    assert (code, out) == (2, "")
    assert err == "error: what is to be a startup, and 'Portugal' is a country\n  hint: such as what=Acme\n"
    assert run("-n", "young", cwd=mine)[2] == (
        "error: the query young needs what (Startup): a startup\n  hint: such as: kg query --name young what=Acme\n"
    )


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_told_and_breaks_nothing_else(mine: Path, name: str) -> None:
    text, said = BROKEN[name]
    (mine / "queries" / name).write_text(text, encoding="utf-8")
    own = mine / "queries"
    found = queries.every(own)
    assert {"hubs", "young", "countries"} <= set(found)
    named = found[name.removesuffix(".rq")]
    problem = queries.broken(named, Names())
    if name == "b2.rq":  # may be a kind of one's own, which only a graph knows
        assert problem is None
        with pytest.raises(UsageError, match="x is to be a cuntry, and the graph has none"):
            kg.open(mine).named("b2", x="PT")
        return
    assert problem
    assert str(problem).removeprefix(f"{own}/").startswith(said)
    with pytest.raises(KgError):
        list(kg.open(mine).named(named.name).rows)
    code, out, _ = run("--list", cwd=mine)
    assert code == 0
    assert f"broken: {own / name}" in out
    code, _, err = run("--name", named.name, cwd=mine)
    assert code in (1, 2)
    assert err.startswith("error: ")


def test_a_misspelt_type_is_found_at_listing(mine: Path) -> None:
    path = mine / "queries" / "typo.rq"
    path.write_text("# param x: Cuntry\nSELECT * { ?x ?y ?z }\n")
    try:
        assert "typo.rq:1: nothing in the graph is a Cuntry   hint: did you mean Country?" in run("--list", cwd=mine)[1]
    finally:
        path.unlink()
    assert "broken" not in run("--list", "young", cwd=mine)[1], "a kind of one's own is none"


def test_what_is_no_text_is_told(mine: Path) -> None:
    (mine / "queries" / "bytes.rq").write_bytes(b"ASK { ?x :text '\xff' }")
    (mine / "queries" / "long.rq").write_text("#" * 500_000)
    (mine / "queries" / "folder.rq").mkdir(exist_ok=True)
    found = queries.every(mine / "queries")
    (mine / "queries" / "folder.rq").rmdir()
    assert str(found["bytes"].problem).endswith("bytes.rq: is not UTF-8\n  hint: save it as UTF-8")
    assert "more than 100,000 characters" in str(found["long"].problem)
    assert "folder" not in found


def test_a_query_that_fails_names_its_file_and_line(mine: Path) -> None:
    (mine / "queries" / "bad.rq").write_text("# title: Bad\n\nSELECT ?x\n  { ?x nope:y ?z }\n")
    code, out, err = run("--name", "bad", cwd=mine)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {mine / 'queries' / 'bad.rq'}:4:8: unknown prefix nope:\n")


def test_settings_that_are_broken_do_not_hide_queries(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("[nonsense]\n")
    (tmp_path / "queries").mkdir()
    assert queries.home(tmp_path, tmp_path / ".kg") == tmp_path / "queries"
    assert queries.home(mine / "notes", mine / ".kg") == mine / "queries"


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    kg.build(ROOT / "notes", folder / ".kg")
    return folder


def test_the_list_needs_no_graph_and_can_be_read_by_programs(tmp_path: Path) -> None:
    code, out, err = run("--list", "--format", "json", cwd=tmp_path)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [each["name"] for each in found] == list(SHIPPED)
    (one,) = [each for each in found if each["name"] == "compare-countries"]
    assert one["parameters"][0] == {"name": "one", "type": "Country", "default": None, "description": "its name or code"}
    assert one["own"] is False
    assert one["problem"] is None
    assert run("--list", "portug", cwd=tmp_path) == (0, "", "note: no query speaks of portug\n")
    assert run("--list", "BROKEN", cwd=tmp_path)[1].startswith("Notes and links\n  broken-links  Links that lead nowhere")


def test_help_on_a_query_shows_its_sparql_and_needs_no_graph(tmp_path: Path) -> None:
    for arguments in (["--name", "passages-of-video", "--help"], ["-h", "-n", "passages-of-video"], ["--name=passages_of_video", "-h"]):
        code, out, err = run(*arguments, cwd=tmp_path)
        assert (code, err) == (0, "")
        assert out.startswith("Usage: kg query --name passages-of-video video=VIDEO [from=INTEGER] [to=INTEGER]\n\n  What notes say of a video")
        assert "  from: integer  the first second [default: 0]\n" in out
        assert "Example:\n  kg query --name passages-of-video video=yt:JkIhnK7qf-w from=900 to=1000\n" in out
        assert "\n  SELECT ?second ?note ?line ?text\n  WHERE {\n    ?at :video ?video" in out
        assert "# title" not in out


def test_the_example_is_of_things_that_are_there(vault: Path, place: Path) -> None:
    for name, here, there in (
        ("who-runs", "initiative='OECD OPSI Webinar'", "initiative='Door Lab'"),
        ("said-under-heading", "thing=Portugal words=", "thing=Portugal words="),
        ("orphans", "orphans\n", "orphans\n"),
    ):
        assert here in run("-n", name, "--help", cwd=place)[1].partition("Example:")[2].partition("The query")[0]
        assert there in run("-n", name, "--help", cwd=vault)[1].partition("Example:")[2].partition("The query")[0]
    assert "Example:" not in run("-n", "passages-of-video", "--help", cwd=vault)[1], "there is no video"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "huubs"], "error: no query is called 'huubs'\n  hint: did you mean hubs?"),
        (["-n", "zzzz"], "error: no query is called 'zzzz'\n  hint: kg query --list names them"),
        (["-n", "../queries/hubs"], "error: no query is called"),
        (["-n", "said-of", "Portgal"], "error: thing is to be an entity, and none is called 'Portgal'\n  hint: did you mean 'Portugal'?"),
        (["-n", "who-runs", "Portugal"], "error: initiative is to be an initiative, and 'Portugal' is a country\n  hint: such as initiative="),
        (["-n", "said-of", "thing=Portugal", "-p", "thing=Denmark"], "error: thing is given twice: 'Denmark' and 'Portugal'"),
        (["-n", "said-of", "Portugal", "Denmark"], "error: 'Denmark' is for no parameter\n  hint: write name=value; the query knows thing"),
        (["-n", "said-of", "-p", "tihng=Portugal"], "error: the query said-of has no parameter 'tihng'\n  hint: did you mean thing?"),
        (["-n", "said-of", "-p", "p=note:x"], "error: the query said-of has no parameter 'p'\n  hint: it has thing"),
        (["-n", "doubtful-claims", "below=much"], "error: below is a number, not 'much'\n  hint: such as below=0.9"),
        (["-n", "passages-of-video", "yt:JkIhnK7qf-w", "1.5"], "error: from is a whole number, not '1.5'"),
        (["-n", "properties-of-class", "Pasage"], "error: class is to be a class, and none is called 'Pasage'\n  hint: did you mean Passage?"),
        (
            ["-n", "domains-of-property", "mention"],
            "error: property is to be a property, and none is called 'mention'\n  hint: did you mean mentions?",
        ),
        (
            ["-n", "shared-themes", "Portugal"],
            "error: the query shared-themes needs other (Country): its name or code\n  hint: such as: kg query --name",
        ),
        (["hubs"], "error: 'hubs' is no SPARQL, but the name of a query\n  hint: kg query --name hubs\n"),
        (["said_of", "New Zealand"], "hint: kg query --name said-of 'New Zealand'\n"),
        (["-f", "none.rq"], "error: none.rq: cannot be read: No such file or directory"),
        (["ASK {}", "--format", "turtle"], "error: turtle holds triples, and this query gives rows"),
        (["ASK { ?x :text ?y }", "-p", "z=1"], "error: the query has no ?z\n  hint: it has ?x, ?y"),
        (["ASK { ?x :text ?y }", "-p", "y"], "error: 'y' is for no parameter\n  hint: write name=value"),
        (["ASK {}", "ASK {}"], "Give one query, in quotation marks"),
        (["ASK {}", "-f", "x.rq"], "Give the query as an argument or with -f, not both"),
        (["-n", "hubs", "-f", "x.rq"], "Give a query by --name or with -f, not both"),
        (["-n", "hubs", "ASK {}"], "Give a query by --name or as an argument, not both"),
        (["--list", "-n", "hubs"], "--list stands alone"),
        (["--list", "--format", "xml"], "--list is a table or --format json"),
    ],
)
def test_wrong_use_is_told(place: Path, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments, cwd=place)
    assert (code, out) == (2, "")
    assert said in err


def test_values_for_a_query_on_the_command_line(place: Path) -> None:
    asked = "SELECT ?note { ?note :mentions ?what } ORDER BY ?note LIMIT 1"
    found = "note\n──────────────────────────────────\nnote:cocreation_bootcamp_in_lisbon\n"
    assert run(asked, "--param", "what=country:PT", cwd=place) == (0, found, "")
    assert run(asked, "-p", "?what=<https://example.org/kg/country/PT>", cwd=place) == (0, found, "")
    assert run("-p", "what=country:PT", cwd=place, stdin=asked) == (0, found, "")
    (place / "q.rq").write_text(asked)
    assert run("-f", "q.rq", "-p", "what=country:PT", cwd=place) == (0, found, "")
    assert run("ASK { ?p :text ?t FILTER(CONTAINS(?t, ?w)) }", "-p", "w=Prime Minister", cwd=place)[1] == "yes\n"
    assert run("ASK { ?m :second ?s }", "-p", "s=927", cwd=place)[1] == "yes\n"


def test_errors_show_what_was_typed(place: Path) -> None:
    asked = "SELECT ?n {\n  ?n :mentions ?c, ?c .\n  FILTR(?n = ?c) }"
    _, _, err = run(asked, "-p", "c=country:PT", cwd=place)
    assert err == (
        "error: query:3:3: unexpected 'FILTR', expected a variable, a name, a text or a number\n"
        "    FILTR(?n = ?c) }\n    ^\n  hint: did you mean FILTER?\n"
    )
    _, _, err = run("SELECT ?n { ?n :nope(?c) 1 }", "-p", "c=country:PT", cwd=place)
    assert "SELECT ?n { ?n :nope(?c) 1 }\n" in err
    _, _, err = run("SELECT ?n { ?n :mentions ?c FILTER(BOUND(?c)) } LIMIT 0", "-p", "c=country:PT", cwd=place)
    assert "note: ?c has a value, so BOUND(?c) is true\n" in err


def test_a_server_that_does_not_answer_leaves_one_error(place: Path) -> None:
    asked = [sys.executable, "-m", "kg", "query", "--allow-network", "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=place, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error"]


def test_a_name_given_as_a_text_is_told(place: Path) -> None:
    hint = "for what is called so, and not the text, write --param what=country:DK\n"
    assert run("SELECT ?note { ?note :mentions ?what }", "-p", "what=Dänemark", cwd=place)[2] == f"note: {hint}"
    code, _, err = run("SELECT ?note { ?what ?is ?note }", "-p", "what=Denmark", cwd=place)
    assert code == 1
    assert err.endswith(f"hint: {hint}")
    assert (
        run("SELECT ?note { ?note :mentions ?what }", "-p", "what=Nobody", cwd=place)[2]
        == 'note: "Nobody" is a text, but :mentions points at an Entity\n'
    )


def test_a_name_is_completed(place: Path) -> None:
    words = {"_KG_COMPLETE": "bash_complete", "COMP_WORDS": "kg query --name initiatives-of-", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "kg"], capture_output=True, text=True, cwd=place, check=False, env={**os.environ, "PYTHONPATH": str(ROOT), **words}
    )
    found = [line.partition(",")[2] for line in done.stdout.splitlines()]
    assert found == ["initiatives-of-country", "initiatives-of-organisation", "initiatives-of-theme"]


# -- headers ---------------------------------------------------------------------------------------


def test_a_header_is_read() -> None:
    text = (
        '# title: A\n# description: one\n#     two\n#    three\n# audience: analyst , journalist\n#param a: text = "x y" - words\n'
        "# param ?b: organization — who\n# param c: boolean = true\n# TODO: write more\n# see http://example.net/\n# Suggested: TRUE\n"
        "\n# title: B\nSELECT * { ?a ?b ?c }"
    )
    found = header.read(text, "x.rq")
    assert (found.title, found.description, found.audience, found.suggested) == ("A", "one two three", ("analyst", "journalist"), True)
    assert [each[:4] for each in ((p.name, p.type, p.default, p.words) for p in found.parameters)] == [
        ("a", "text", "x y", "words"),
        ("b", "Organisation", None, "who"),
        ("c", "boolean", "true", ""),
    ]
    assert header.body(text) == "# title: B\nSELECT * { ?a ?b ?c }"


@pytest.mark.parametrize("kind", header.LITERALS)
def test_the_example_of_a_type_is_of_the_type(kind: str) -> None:
    pattern, _, example, _ = header.LITERALS[kind]
    assert pattern.fullmatch(example)


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("integer", "-3", True), ("integer", "3.0", False), ("integer", "٣", False), ("decimal", ".5", True), ("decimal", "5.", False),
        ("decimal", "1e3", False), ("boolean", "True", False), ("date", "2020-13-01", False), ("date", "2020-5-7", False), ("text", "a\nb", True),
    ],
)  # fmt: skip
def test_a_literal_is_checked(samples: Graph, kind: str, text: str, right: bool) -> None:
    parameter = header.Parameter("x", kind)
    if right:
        assert typed.value(parameter, text, samples.store, samples.names).literal
    else:
        with pytest.raises(UsageError, match="x is "):
            typed.value(parameter, text, samples.store, samples.names)


# -- questions that a person can type ----------------------------------------------------------------

QUESTIONS = [
    tuple(part.strip("\n") for part in block.split("\n---\n"))
    for block in (ROOT / "tests" / "golden" / "queries" / "questions.md").read_text(encoding="utf-8").split("\n===\n")
]
"""Who asks what, the query, and its rows on the sample notes, as a table shows their terms."""


@pytest.mark.parametrize(("question", "asked", "rows"), QUESTIONS, ids=[each[0] for each in QUESTIONS])
def test_a_question_has_its_answer(samples: Graph, question: str, asked: str, rows: str) -> None:
    answer = query.ask(samples.store, asked, samples.names, suggested=question.endswith("(suggestions too)"))
    shorten = turtle.shortener(samples.names)

    def shown(term: object) -> str:
        value = str(getattr(term, "value", "" if term is None else term))
        return shorten(f"<{value}>").strip("<>") if isinstance(term, NamedNode) else value

    found = [" | ".join(map(shown, row)).rstrip() for row in answer.rows] if answer.kind == "select" else ["yes" if answer.truth else "no"]
    assert "\n".join(found) == rows


def test_questions_can_be_typed() -> None:
    assert len(QUESTIONS) >= 28
    assert {each[0].partition(":")[0] for each in QUESTIONS} == AUDIENCES
    lengths = [len(asked) for _, asked, _ in QUESTIONS]
    assert statistics.median(lengths) < 100
    assert max(lengths) < 130
    assert all(rows for _, _, rows in QUESTIONS)
