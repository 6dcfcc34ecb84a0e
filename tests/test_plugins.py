"""Extractors from other packages: found by their entry point, run like ours, told apart by name and version."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg import extract, index, markdown
from kg.config import FILE, Config
from kg.errors import ConfigError
from kg.model import Mention, Note

ROOT = Path(__file__).resolve().parent.parent
Install = Callable[..., None]

HEAD = """
import re
from kg.extract import Placed
from kg.model import Flaw, Mention
"""
COMPANIES = """
class Companies:
    name = "companies"
    version = "1"

    def find(self, text):
        found = re.finditer(r"[A-Z]\\w+ Works", text)
        return [Mention("organisation", match[0], match[0], match.start(), match.end(), "works") for match in found]
"""
BADGES = """
class Badges:
    name = "badges"
    version = "1"
    kinds = ("organisation",)
    confidence = {"bold": 0.6}

    def survey(self, document):
        return [
            Placed(at, Mention("organisation", passage.label, passage.label, 0, len(passage.label), "bold"))
            for at, passage in enumerate(document.passages, start=1 + len(document.sections))
            if passage.label
        ]

    def flaws(self, document):
        return [Flaw("no-badge", 1, "no badge here") for _ in [0] if not any(each.label for each in document.passages)]
"""


def package(folder: Path, module: str, source: str, points: dict[str, str]) -> None:
    """Put a package into a folder as pip would: a module, and what it registers."""
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n")
    lines = "".join(f"{name} = {place}\n" for name, place in points.items())
    (about / "entry_points.txt").write_text(f"[{extract.GROUP}]\n{lines}")


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    place = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(place)

    def installed(module: str, source: str, **points: str) -> None:
        monkeypatch.delitem(sys.modules, module, raising=False)
        package(place, module, HEAD + source, {name: f"{module}:{there}" for name, there in points.items()})

    return installed


def organisations(folder: Path, *, suggested: bool = False) -> list[str]:
    rows = kg.open(folder).query("SELECT DISTINCT ?l { ?o a :Organisation; rdfs:label ?l } ORDER BY ?l", suggested=suggested).terms
    return [getattr(row[0], "value", "") for row in rows]


def issues(folder: Path) -> list[tuple[str, str, str]]:
    rows = kg.open(folder).query("SELECT ?c ?l ?t { ?i a :Issue; :code ?c; :line ?l; :text ?t } ORDER BY ?c ?l").terms
    return [(row[0].value, row[1].value, row[2].value) for row in rows]  # type: ignore[union-attr]


def write(folder: Path, text: str = "Acme Works works in Ghana.\n", settings: str = "") -> None:
    (folder / "a.md").write_text(text, encoding="utf-8")
    if settings:
        (folder / FILE).write_text(f"[extract]\n{settings}\n", encoding="utf-8")


# -- ours --------------------------------------------------------------------------------------------


def test_ours_are_registered_as_others_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"][extract.GROUP] == extract.BUILTIN
    assert project["name"] == extract.DISTRIBUTION


def test_ours_come_first_in_their_order_and_bear_their_names() -> None:
    found = extract.installed()
    assert [each.name for each in found][: len(extract.BUILTIN)] == list(extract.BUILTIN)
    assert [f"{type(each).__module__}:{type(each).__qualname__}" for each in extract.builtin()] == list(extract.BUILTIN.values())


def test_what_an_older_install_registered_is_passed_over(install: Install, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = Path(sys.path[0])
    package(place, extract.DISTRIBUTION, "", {"people": "kg.extract.folk:Folk", "birds": "kg.extract.birds:Birds"})
    with pytest.raises(ConfigError, match="birds"):  # none of ours: nobody can know what it was
        extract.installed()
    assert "people" in [each.name for each in extract.installed(Config(without=("birds",)))]


# -- others ------------------------------------------------------------------------------------------


def test_an_extractor_of_another_package_is_run(tmp_path: Path, install: Install) -> None:
    install("kg_companies", COMPANIES, companies="Companies")
    assert [each.name for each in extract.installed()] == [*extract.BUILTIN, "companies"]
    write(tmp_path, "Acme Works works in Ghana.\n\n## With Zeta Works\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    rows = graph.query("SELECT ?l ?line { ?p :names ?o; :line ?line. ?o a :Organisation; rdfs:label ?l } ORDER BY ?line").terms
    assert [(row[0].value, row[1].value) for row in rows] == [("Acme Works", "1"), ("Zeta Works", "3")]  # type: ignore[union-attr]
    assert graph.query("ASK { note:a :mentions country:GH }").truth


def test_another_version_reads_everything_again(tmp_path: Path, install: Install) -> None:
    install("kg_companies", COMPANIES, companies="Companies")
    write(tmp_path)
    kg.build(tmp_path)
    assert not kg.build(tmp_path).full
    sys.modules["kg_companies"].Companies.version = "2"
    assert kg.build(tmp_path).full


def test_one_that_sees_the_whole_note_suggests_what_it_is_less_sure_of(tmp_path: Path, install: Install) -> None:
    install("kg_badges", BADGES, badges="Badges")
    write(tmp_path, "- **Tidemark**: it grew.\n")
    (tmp_path / "b.md").write_text("Nothing here.\n")
    kg.build(tmp_path)
    assert (organisations(tmp_path), organisations(tmp_path, suggested=True)) == ([], ["Tidemark"])
    claim = "SELECT ?r ?s { ?c rdf:object :Organisation; :rule ?r; :confidence ?s }"
    ((rule, sure),) = kg.open(tmp_path).query(claim, suggested=True).terms
    assert (getattr(rule, "value", ""), float(getattr(sure, "value", ""))) == ("badges:bold", 0.6)
    assert issues(tmp_path) == [("no-badge", "1", "no badge here")]


def test_one_cannot_change_how_sure_ours_are(tmp_path: Path, install: Install) -> None:
    source = COMPANIES.replace('version = "1"', 'version = "1"\n    confidence = {"headed": 0.1, "acts": 1.0, "works": 0.95}')
    install("kg_companies", source, companies="Companies")
    ours = extract.precision(extract.builtin())
    both = extract.precision(extract.installed())
    assert {name: both[name] for name in ours} == ours
    assert both["organisation", "companies:works"] == 0.95
    assert both["person", "companies:headed"] == 0.1  # it does not say which kinds it names


def test_without_leaves_one_out(tmp_path: Path, install: Install) -> None:
    install("kg_companies", COMPANIES, companies="Companies")
    write(tmp_path)
    kg.build(tmp_path)
    assert organisations(tmp_path) == ["Acme Works"]
    write(tmp_path, settings='without = ["companies", "countries"]')
    kg.build(tmp_path)
    assert organisations(tmp_path) == []
    assert not kg.open(tmp_path).query("ASK { note:a :mentions country:GH }").truth


def test_an_unknown_name_is_an_error_with_a_guess(install: Install) -> None:
    install("kg_companies", COMPANIES, companies="Companies")
    with pytest.raises(ConfigError, match="no extractor is called 'compnies'") as caught:
        extract.installed(Config(without=("compnies",)))
    assert caught.value.hint == "did you mean 'companies'?"
    with pytest.raises(ConfigError, match="zzz") as caught:
        extract.fingerprint(Config(without=("zzz",)))
    assert "spacy" in caught.value.hint


# -- what goes wrong ---------------------------------------------------------------------------------


def test_two_of_one_name_are_an_error(install: Install) -> None:
    install("kg_companies", COMPANIES, people="Companies")
    with pytest.raises(ConfigError, match=r"two extractors are called 'people': kg\.extract\.people:People and kg_companies:Companies") as caught:
        extract.installed()
    assert "uninstall kg-companies" in caught.value.hint
    assert "people" not in [each.name for each in extract.installed(Config(without=("people",)))]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence\\nfor you')\n", "RuntimeError: no licence"),
        ("", "AttributeError"),
        ("class Companies:\n    name = 'companies'\n    find = len\n", "AttributeError.*version"),
        ("class Companies:\n    name = 'companies'\n    version = '1'\n", "AttributeError.*find"),
        (COMPANIES.replace('version = "1"', 'version = "1"\n    confidence = {"a": "much"}'), "TypeError"),
        (COMPANIES.replace('"companies"', '"firms"'), "calls itself 'firms'"),
    ],
)
def test_one_that_cannot_be_loaded_is_an_error(install: Install, source: str, reason: str) -> None:
    install("kg_companies", source, companies="Companies")
    with pytest.raises(ConfigError, match=f"the extractor 'companies' .*{reason}"):
        extract.installed()
    assert extract.installed(Config(without=("companies",)))


FOUND = """
class Companies:
    name = "companies"
    version = "1"

    def find(self, text):
        return [{found}]
"""


@pytest.mark.parametrize(
    ("found", "code", "line", "said"),
    [
        ('Mention("organisation", "x", "Acme", 1, 5, "r")', "unverified-mention", "1", "names 'Acme', which is not where it says (and 1 more)"),
        ('Mention("organisation", "x", "", 1, 1, "r")', "unverified-mention", "1", "names '', which"),
        ('Mention("organisation", "x", "s", -1, None, "r")', "extractor-failed", "1", "failed: TypeError"),
        ('Mention("robot", "x", "Acme", 0, 4, "r")', "extractor-failed", "1", "of the kind 'robot', which is not among its kinds"),
        ('("organisation", "x")', "extractor-failed", "1", "failed: "),
        ('Mention("organisation", 5, "Acme", 0, 4, "r")', "extractor-failed", "1", "failed: TypeError"),
        ("1 / 0", "extractor-failed", "1", "failed: ZeroDivisionError: division by zero"),
    ],
)
def test_what_one_gets_wrong_costs_an_issue_and_not_the_build(tmp_path: Path, install: Install, found: str, code: str, line: str, said: str) -> None:
    install("kg_companies", FOUND.format(found=found), companies="Companies")
    write(tmp_path)
    kg.build(tmp_path)
    assert [(each[0], each[1]) for each in issues(tmp_path)] == [(code, line)]
    assert said in issues(tmp_path)[0][2]
    assert (organisations(tmp_path), kg.open(tmp_path).query("ASK { note:a :mentions country:GH }").truth) == ([], True)


def test_a_kind_that_the_vault_does_not_know_comes_to_nothing_for_a_reason(tmp_path: Path, install: Install) -> None:
    source = FOUND.replace('version = "1"', 'version = "1"\n    kinds = ("robot", "country")')
    install(
        "kg_companies",
        source.format(found='Mention("robot", "x", "Acme", 0, 4, "r"), Mention("country", "XX", "Works", 5, 10, "r")'),
        companies="Companies",
    )
    (tmp_path / "a.md").write_text("---\ntitle: Acme Works\n---\nAcme Works\n")
    kg.build(tmp_path)
    live = kg.open(tmp_path).generation.index
    why = {each.why for each in index.mentions(live) if each.rule == "companies:r"}
    assert why == {"robot is no kind of the ontology, and none that ontology/*.ttl of this vault declares", "XX is the code of no country"}


def test_keys_are_made_normal_but_for_codes_of_countries() -> None:
    class Two:
        name = "two"
        version = "1"

        def find(self, text: str) -> list[Mention]:
            return [Mention("country", "GH", text, 0, len(text), "r"), Mention("person", "The Ada  Quill", text, 0, len(text), "again")]

    named = extract.named(markdown.read(Note("a.md", "x", "")), [Two()])
    assert [(each.kind, each.key, each.rule) for each in named.mentions[0]] == [("country", "GH", "two:r"), ("person", "adaquill", "again")]
