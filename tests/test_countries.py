"""The reviewed words for countries: no form means two of them, in any language; every country leads to the same thing elsewhere."""

from __future__ import annotations

from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import config, lexicon, ontology
from kg.config import LANGUAGES, Config
from kg.errors import ConfigError, OntologyError
from kg.extract import builtin
from kg.extract.countries import Countries
from kg.lexicon import Lexicon

EVERY = Countries(LANGUAGES)


def known(*languages: str) -> Lexicon:
    return lexicon.read(ontology.path("countries.ttl"), "country", languages)


@pytest.mark.parametrize("languages", [*((each,) for each in LANGUAGES), LANGUAGES], ids=" ".join)
def test_no_form_means_two_countries(languages: tuple[str, ...]) -> None:
    words = known(*languages)
    meant: dict[str, set[str]] = {}
    for term in chain(*words.terms.values()):
        meant.setdefault(term.surface, set()).add(term.key)
    assert {form: keys for form, keys in meant.items() if len(keys) > 1} == {}


def test_every_country_has_labels_matches_and_one_thing_of_wikidata() -> None:
    concepts = [concept for (_, _), concept in known("en").concepts.items()]
    assert len(concepts) == 250
    assert {tuple(language for language, _ in each.labels) for each in concepts} == {LANGUAGES}
    assert [each.key for each in concepts if len(each.matches) != 2] == []
    things = [iri for each in concepts for iri in each.same]
    assert len(things) == len(set(things)) == 250
    assert all(iri.startswith("http://www.wikidata.org/entity/Q") for iri in things)


@pytest.mark.parametrize(
    ("code", "thing"),
    {
        "PT": 45, "DK": 35, "FR": 142, "DE": 183, "ZA": 258, "NL": 55, "US": 30, "GB": 145, "CN": 148, "TW": 865, "PS": 219060, "GE": 230,
        "CD": 974, "CG": 971, "KR": 884, "KP": 423, "XK": 1246, "GP": 17012, "SH": 192184,
    }.items(),
)  # fmt: skip
def test_wikidata_knows_a_country_as(code: str, thing: int) -> None:
    assert known("en").concepts["country", code].same == (f"http://www.wikidata.org/entity/Q{thing}",)


def test_the_languages_of_the_settings_are_those_of_the_files() -> None:
    folder = ontology.path("countries.ttl").parent
    assert {each.stem.partition("-")[2] for each in folder.glob("countries-*.ttl")} | {"en"} == set(LANGUAGES)


def test_members_of_the_united_nations_have_an_adjective_in_every_language() -> None:
    for language in LANGUAGES:
        words = known(language)
        terms = chain(*words.terms.values())
        named = {term.key for term in terms if term.rule == "demonym" and term.language == ("" if language == "en" else language)}
        assert len(named) >= 150, language


def test_what_other_languages_add_takes_nothing_from_english() -> None:
    english = {term.surface for term in chain(*known("en").terms.values())}
    both = {term.surface for term in chain(*known("en", "it").terms.values())}
    assert english <= both


def test_a_broken_lexicon_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.ttl").write_text(
        '@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<a:b> skos:notation "B" ; skos:prefLabel "Bee"@en .\n'
    )
    assert [each.key for each in lexicon.read(tmp_path / "words.ttl", "insect").find("A Bee.")] == ["B"]
    (tmp_path / "words-fr.ttl").write_text("<a:b> oops")
    with pytest.raises(OntologyError, match=r"words-fr\.ttl"):
        lexicon.read(tmp_path / "words.ttl", "insect", ("fr",))


def test_extractors_are_given_the_languages() -> None:
    (countries,) = [each for each in builtin(Config(language="fr")) if isinstance(each, Countries)]
    assert [each.key for each in countries.find("L'Allemagne et le ministère portugais")] == ["DE", "PT"]


def test_the_language_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[notes]\nlanguage = "fr, en"\n')
    assert config.read(tmp_path / "kg.toml").languages == ("en", "fr")
    assert Config().languages == ("en",)


@pytest.mark.parametrize("code", ["fi", "EN", "", "en, sv", "en fr"])
def test_a_language_that_kg_does_not_know_is_an_error(tmp_path: Path, code: str) -> None:
    (tmp_path / "kg.toml").write_text(f'[notes]\nlanguage = "{code}"\n')
    with pytest.raises(ConfigError, match="unknown language") as raised:
        config.read(tmp_path / "kg.toml")
    assert raised.value.hint == "known: de, en, es, fr, it, nl, pt"


PIECES = (
    "Jordan Chad Peterson le français Français deutsche Georgia Texas , . US TELL Paris Agreement in into – Côte d’Ivoire South Korea Roma eSwatini"
)
words = st.sampled_from(PIECES.split())


@given(st.lists(words | st.text(max_size=5), max_size=20))
def test_what_is_found_is_what_stands_there(parts: list[str]) -> None:
    text = " ".join(parts)
    found = EVERY.find(text)
    assert [text[each.start : each.end] for each in found] == [each.surface for each in found]
    assert all(one.end <= other.start for one, other in pairwise(found))
