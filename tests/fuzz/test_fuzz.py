"""The targets of the fuzzer for some seconds, fed by hypothesis, which is there on every Python; and two engines compared."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fuzz_targets as targets


@pytest.mark.parametrize("name", targets.TARGETS)
def test_the_corpus_that_is_kept_breaks_nothing(name: str) -> None:
    kept = targets.corpus(name)
    assert len(kept) > 4
    for data in kept:
        targets.TARGETS[name](data)


@st.composite
def changed(draw: st.DrawFn, name: str) -> bytes:
    """Cut, double, join and spoil what is kept."""
    kept = targets.corpus(name)
    data = b"".join(draw(st.lists(st.sampled_from(kept), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 40)))
        data = data[:at] + draw(st.sampled_from([b"", data[at:to] * 3, draw(st.binary(max_size=4))])) + data[to:]
    return data


@pytest.mark.parametrize("name", targets.TARGETS)
def test_no_change_of_it_breaks_anything(name: str) -> None:
    @settings(max_examples=200 if name in ("note", "front", "query", "stamps") else 100)
    @given(changed(name))
    def hold(data: bytes) -> None:
        targets.TARGETS[name](data)

    hold()


# -- two engines -----------------------------------------------------------------------------------


def pattern(chance: random.Random, depth: int = 0) -> str:
    """Write a graph pattern out of what both engines should agree on."""
    terms = ["?a", "?b", "?c", "<urn:1>", "<urn:2>", "<urn:3>"]

    def triple() -> str:
        verb = chance.choice(["<urn:p>", "<urn:q>", "<urn:p>/<urn:q>", "^<urn:p>", "(<urn:p>|<urn:q>)", "?v"])
        return f"{chance.choice(terms)} {verb} {chance.choice(terms)} ."

    text = " ".join(triple() for _ in range(chance.randint(1, 2)))
    if depth < 2:
        text += chance.choice(
            [
                "",
                f" OPTIONAL {{ {pattern(chance, depth + 2)} }}",
                f" {{ {pattern(chance, depth + 2)} }} UNION {{ {pattern(chance, depth + 2)} }}",
                f" FILTER EXISTS {{ {pattern(chance, depth + 2)} }}",
                f" FILTER NOT EXISTS {{ {pattern(chance, depth + 2)} }}",
                f" MINUS {{ {pattern(chance, depth + 2)} }}",
                " FILTER(BOUND(?a) && ?a != ?b)",
                " VALUES ?a { <urn:1> <urn:2> }",
                " FILTER(?a IN (<urn:1>, <urn:3>) || !BOUND(?b))",
            ]
        )
    return text


def test_two_engines_give_the_same_answers_to_500_queries() -> None:
    import pyoxigraph
    import rdflib

    chance = random.Random(1)
    lines = sorted({f"<urn:{chance.randint(1, 4)}> <urn:{chance.choice('pq')}> <urn:{chance.randint(1, 4)}> ." for _ in range(12)})
    engine = pyoxigraph.Store()
    engine.bulk_load("\n".join(lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    other = rdflib.Graph().parse(data="\n".join(lines), format="nt")
    some = 0
    for _ in range(500):
        text = f"SELECT {chance.choice(['', 'DISTINCT '])}?a ?b ?c WHERE {{ {pattern(chance)} }}"
        found = engine.query(text)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        one = sorted(tuple(str(getattr(term, "value", "")) for term in row) for row in found if any(row))
        two = sorted(tuple("" if term is None else str(term) for term in row) for row in other.query(text) if any(row))  # type: ignore[union-attr, arg-type]
        if "|" in text:  # where both ways lead there, one engine gives one row and the other two
            one, two = sorted(set(one)), sorted(set(two))
        assert one == two, text
        some += bool(one)
    assert some > 100
