"""Laws that hold for any vault: of shards, of exports that are loaded again, of IRIs, and of how work grows."""

from __future__ import annotations

import gzip
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, parse

import kg
from kg import cli, corpus, facts, frontmatter, markdown, shards, store
from kg import load as loads
from kg.config import DETAILS, Config, read
from kg.decided import decided
from kg.dialect import Dialect
from kg.model import Note
from kg.names import Names
from kg.offered import TALLIED, Offered, Row
from kg.passes import Workshop
from kg.rdf import _ENGINE as ENGINE
from kg.settled import context
from kg.shards import locations, run
from kg.shards.engines import Here
from kg.shards.locations import Location
from kg.vault import Skipped
from kg.world import World
from test_hostile import LINEAR
from test_incremental import MEANT, NAMES, TEXTS, VOCABULARIES

MORE = (
    "# Tab\there \u202eturned\u202c 👩\u200d💻 \"quoted\" \\ <b>&amp;</b> ]]> \\u0041 'x' \u2028 \x85 é e\u0301 in Portugal.\n",
    "---\nstars: 4\nsince: 2020-05-01\nurl: https://example.org/a b?c=é#d\nopen: true\nsize: '1.50'\nsame: [1, 01, 1.0, '1e0']\n---\n# Typed\n[[alpha]]\n",
    "---\ntype: initiative\nup: '[[beta_note]]'\n---\n# Café “Ø”\n\nknows:: [[a___b%3F]], [[no where % # ?]]\n\n| x | [[alpha\\|y]] |\n",
    "---\ntype: book\n---\n# Trust\n\n[[the alpha]] [[The Gone]] [[a beta_note]] [[Trust]] #trust \\#alpha `$x` [[gone]] `y$`\n",
)
vaults = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TEXTS + MORE), min_size=1)


@pytest.fixture(autouse=True)
def nothing_is_forced_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_force", lambda path: None)


def written(notes: dict[str, str], folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in notes.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


# -- shards --------------------------------------------------------------------------------------


class Anyhow(Here):
    """Runs tasks in any order, and some of them twice."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def each(self, task: Any, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        wanted = list(numbers)
        again = self.chance.sample(wanted, len(wanted) // 3)
        self.chance.shuffle(wanted)
        for at, number in enumerate([*wanted, *again]):
            found = task(run, number)
            if at < len(wanted):
                yield found


def lines(folder: Path) -> list[str]:
    told = run.manifest(Location(str(folder)))
    assert told
    found = (gzip.decompress((folder / name).read_bytes()).decode() for name in run.verified(Location(str(folder)), told))
    return sorted({line for text in found for line in text.splitlines()})


@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(vaults, st.randoms(use_true_random=False))
def test_the_order_of_shards_is_irrelevant(notes: dict[str, str], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = written(notes, Path(name) / "notes")
        kg.build(folder, Path(name) / "graph")
        whole = sorted(kg.open(Path(name) / "graph").export(form="nquads", header=False, suggested=True).splitlines())
        listed = locations.listed

        def shuffled(*given: Any) -> Any:
            found, skipped = listed(*given)
            return chance.sample(found, len(found)), skipped

        patch.setattr(shards, "listed", shuffled)
        for turn, way in enumerate(("memory", "disk", "join")):
            to = Path(name) / f"shards{turn}"
            shards.build(str(folder), str(to), None, Anyhow(chance), chunk=chance.randint(1, len(notes)), names=way)
            assert lines(to) == whole


# -- out and in ----------------------------------------------------------------------------------


@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(vaults)
def test_what_is_exported_is_loaded_as_the_same_set(notes: dict[str, str]) -> None:
    from pyoxigraph import RdfFormat

    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        kg.build(written(notes, here / "notes"), here / "graph")
        graph = kg.open(here / "graph")
        quads, triples = (
            {str(each) for each in parse(graph.export(form=form).encode(), format=RdfFormat.N_QUADS)} for form in ("nquads", "ntriples")
        )
        for form, engine in ENGINE.items():
            text = graph.export(form=form)
            file = here / f"file.{form}"
            file.write_text(text, encoding="utf-8", newline="")
            assert {str(each) for each in parse(text.encode(), format=getattr(RdfFormat, engine))} >= (
                quads if form in ("trig", "nquads") else triples
            )
            report = loads.load([str(file)], here / form, form=form)
            assert (report.base, report.title) == (graph.names.base, graph.title)
            again = kg.open(here / form)
            for other in ENGINE:
                if form in ("trig", "nquads") or other not in ("trig", "nquads"):
                    one, two = (
                        {str(each) for each in parse(each.export(form=other, header=False).encode(), format=getattr(RdfFormat, ENGINE[other]))}
                        for each in (graph, again)
                    )
                    assert one == two, (form, other)


# -- names ---------------------------------------------------------------------------------------

odd = st.text(st.sampled_from("aA b_-.%/~:é\u0301²#?&\u202e\U0001f600\ufdd0"), max_size=6)


@settings(max_examples=300)
@given(st.lists(st.one_of(odd, st.text(st.characters(exclude_categories=["Cs"]), max_size=6)), unique=True, max_size=8))
def test_no_two_names_share_an_iri(texts: list[str]) -> None:
    names = Names()
    found = [names.note(f"{each}.md") for each in texts]
    assert len(set(found)) == len(texts)
    assert [each for each in found if NamedNode(each).value != each] == []


# -- how work grows ------------------------------------------------------------------------------


def calls(work: Callable[[], object]) -> int:
    """Count the calls of functions, Python's and C's, that some work takes."""
    count = 0

    def called(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", LINEAR)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    def read(many: int) -> int:
        text = LINEAR[name](many)
        return calls(lambda: (markdown.read(Note("n.md", text, "")), frontmatter.read(f"---\n{text}\n---\n")))

    read(100)  # what is loaded and remembered once
    assert read(8_000) < 3 * read(4_000)


@pytest.mark.parametrize("link", ["[a](b.md)", "[[gone]] ", "[[#gone]] ", "((64a0b1c2-0000-4000-8000-000000000001))", "[[bad]]\n\n"])
def test_twice_as_much_that_is_wrong_is_twice_the_work_of_a_check(tmp_path: Path, capsys: pytest.CaptureFixture[str], link: str) -> None:
    def check(many: int) -> int:
        notes = tmp_path / f"notes{many}"
        notes.mkdir()
        (notes / "bad.md").write_text(link * many)
        kg.build(notes)
        return calls(lambda: cli.run(["check", str(notes), "-g", str(notes / ".kg")]))

    check(10)
    few, many = check(200), check(400)
    assert many < 3 * few
    assert "bad.md:1" in capsys.readouterr().out


def test_twice_the_headings_and_links_to_them_are_twice_the_work(tmp_path: Path) -> None:
    def build(many: int) -> int:
        notes = tmp_path / f"notes{many}"
        notes.mkdir()
        (notes / "n.md").write_text("\n\n".join(f"# H {at}\n\nx [[#h {at + 1}]]" for at in range(many)))
        return calls(lambda: kg.build(notes, tmp_path / f"graph{many}"))

    build(10)
    assert build(400) < 3 * build(200)


def test_twice_the_notes_are_twice_the_work(tmp_path: Path) -> None:
    def build(many: int) -> int:
        notes = tmp_path / f"notes{many}"
        notes.mkdir()
        for at in range(many):
            others = " ".join(f"[[n{(at * 7 + k) % many}|x]]" for k in range(4))
            (notes / f"n{at}.md").write_text(
                f"# Note {at}\n\nThe mayor of Lisbon met Denmark. {others} [[gone {at % 9}]]\n\n- **Talk Cardiff {at}** in Wales.\n"
            )
        return calls(lambda: kg.build(notes, tmp_path / f"graph{many}", full=True))

    build(10)
    assert build(160) < 3 * build(80)


@pytest.mark.parametrize("deep", [10, 60_000])
def test_an_answer_of_a_server_is_read_only_as_deep_as_the_engine_can(deep: int) -> None:
    from kg import remote
    from kg.endpoint import Endpoint
    from kg.errors import KgError
    from server import answering

    iri = '{"type": "uri", "value": "urn:a"}'
    term = f'{{"type": "triple", "value": {{"subject": {iri}, "predicate": {iri}, "object": ' * deep + iri + "}}" * deep
    rows = f'{{"head": {{"vars": ["a"]}}, "results": {{"bindings": [{{"a": {term}}}]}}}}'
    triples = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * deep + "1" + " )>>" * deep + " ."
    for query, kind, text in (
        ("SELECT ?a { ?a ?b ?c }", "application/sparql-results+json", rows),
        ("CONSTRUCT WHERE { ?a ?b ?c }", "text/turtle", triples),
    ):
        with answering(lambda _, kind=kind, text=text: (200, kind, text.encode())) as address:  # type: ignore[misc]
            server = Endpoint(address)
            if deep > 64:
                with pytest.raises(KgError, match="refused: more than"):
                    list(remote.ask(server, query, Names(), seconds=20).rows)
            else:
                assert len(list(remote.ask(server, query, Names(), seconds=20).rows)) == 1


COUNTRIES = (
    "# Portugal\n",
    "---\ntype: country\n---\n# Portuguese Republic\n",
    "[[Portugal]] and [[Portuguese Republic]], [[Denmark]].\n",
    "---\ntype: country\ntitle: Open Door\nup: Trust\nland: Denmark\n---\n## Spain\n\nWords.\n",
)


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from((*NAMES, "Portugal", "Portuguese Republic")), st.sampled_from(TEXTS + MORE + COUNTRIES), min_size=1),
    st.sampled_from(DETAILS),
    st.sampled_from(VOCABULARIES),
)
def test_a_note_wants_every_key_that_it_is_written_with(notes: dict[str, str], detail: str, vocabulary: str) -> None:
    """And so does the vocabulary; or those that it wants lead there: else an update would miss that another note changed what it says, and a join not give it."""
    with tempfile.TemporaryDirectory() as top:
        folder = written(notes, Path(top, "v"))
        (folder / "kg.toml").write_text(f'{MEANT}\n[graph]\ndetail = "{detail}"\n')
        (folder / "vocabulary.csv").write_text(vocabulary)
        settled = context(read(folder / "kg.toml"), folder)
        shop = Workshop(folder, settled.config, settled, Dialect("obsidian", ""))
        read_ones = [shop.read(f"{path}.md") for path in sorted(notes)]
        named = [each for each in read_ones if not isinstance(each, Skipped)]
        remembered = [shop.remember(each) for each in named]
        known = Offered()
        known.add(corpus.VOCABULARY, corpus.decided_offers(settled))
        for each in remembered:
            known.add(each.path, each.offers, each.wants)
        world = shop.world(known)
        for note, each in zip(named, remembered, strict=True):
            assert asked(world, partial(facts.emit, note)) <= led_to(known, each.wants)
        assert asked(world, partial(decided, settled)) <= led_to(known, corpus.decided_wants(settled))


def asked(world: World, emit: Callable[[World], object]) -> set[str]:
    """Name the keys whose values something is written with."""
    found: set[str] = set()

    def value(key: str) -> object:
        found.add(key)
        return world.value(key)

    emit(replace(world, value=value))
    return found


def led_to(known: Offered, wants: Iterable[tuple[str, str]]) -> set[str]:
    """Name the keys that are wanted, and those to which these lead."""
    wanted = {key for key, _ in wants}
    pending = list(wanted)
    while pending:
        led = {f"name:{value}" for kind, value, _ in known.offered(pending.pop()) if kind in corpus.LEADS} - wanted
        wanted |= led
        pending += led
    return wanted


@pytest.mark.parametrize("way", ["memory", "disk", "join", "an update"])
def test_a_name_in_every_note_is_no_more_to_read_than_one_in_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    rows: list[int] = []
    value = corpus.value

    def reading(key: str, offers: Sequence[Row], spelling: str | None) -> object:
        if key.startswith(TALLIED):
            rows.append(len(offers))
        return value(key, offers, spelling)

    monkeypatch.setattr(corpus, "value", reading)
    most = []
    for many in (4, 24):
        notes = tmp_path / f"notes{many}"
        notes.mkdir()
        for number in range(many):
            text = f'---\nvideo: JkIhnK7qf-w\n---\nThe "Open Door" programme in Ghana <a class="yt-timestamp" data-t="00:12:05">[00:12:05]</a>. {number}\n'
            (notes / f"n{number}.md").write_text(text)
        if way == "an update":
            kg.build(notes, tmp_path / f"graph{many}")
            (notes / "n0.md").write_text('The "Open Door" programme in Ghana.\n')
        rows.clear()
        if way == "an update":
            kg.build(notes, tmp_path / f"graph{many}")
        else:
            shards.build(str(notes), str(tmp_path / f"shards{many}"), Config(), Here(), chunk=2, names=way)
        most.append(max(rows))
    assert most[0] == most[1] > 1
