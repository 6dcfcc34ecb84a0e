"""What is fuzzed: functions of bytes that end, whatever the bytes are.

``python tests/fuzz_targets.py note -max_total_time=600`` runs one under atheris (``make fuzz`` runs all), from the
corpus that is kept beside; where atheris has no wheel, tests/fuzz/test_fuzz.py feeds them by hypothesis.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg import clock, extract, frontmatter, guard, markdown, rdf, timecodes, vault, vocabulary
from kg.config import Config
from kg.errors import KgError, QueryError, VocabularyError
from kg.model import Note
from kg.names import DEFAULT_BASE, KINDS
from kg.sources import FORMATS, Source

HERE = Path(__file__).resolve().parent / "fuzz"
LONGEST = 21_600


def note(data: bytes) -> None:
    """Read a note: nothing is raised, and every link stands where it says."""
    text, flaws = vault._decoded(data)
    document = markdown.read(Note("n.md", text, "", flaws))
    lines = text.count("\n") + text.count("\r") + 1
    for part in document.parts:
        assert 1 <= part.line <= lines
        for link in part.links:
            assert 0 <= link.start < link.end <= len(text)
            assert text[link.start : link.end].startswith(("[", "!", "<", "(("))
    assert all(1 <= flaw.line <= lines for flaw in document.flaws)


def front(data: bytes) -> None:
    """Read front matter and what a note says and links there: nothing is raised, lines are lines of the note, links stand where they say."""
    text = f"---\n{data.decode('utf-8', 'replace')}\n---\n"
    found = frontmatter.read(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert 0 <= found.body <= len(text)
    told = [each.line for each in found.properties.values()] + [each.line for each in found.flaws]
    assert all(1 <= each <= lines for each in told + [each.line for each in frontmatter.said(found.properties)])
    for line in frontmatter.links(text[: found.body]):
        assert 1 <= line.line <= lines
        assert all(text[link.start : link.end].lstrip("!").startswith("[[") for link in line.links)
    named = extract.named(markdown.read(Note("n.md", text, "")), extractors())
    assert [each for each in named.flaws if each.code in ("failed", "extractor")] == []
    for part, mentions in zip(extract.texts(named.document), named.mentions, strict=True):
        assert all(part[each.start : each.end] == each.surface for each in mentions)


@cache
def extractors() -> tuple[Any, ...]:
    """Give the extractors that everyone has."""
    return tuple(extract.builtin(Config()))


def query(data: bytes) -> None:
    """Guard a query: it passes, or is refused with a reason; what passes is within the limits."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(QueryError):
        guard.check(text)
        depth = deepest = 0
        for token in guard.tokens(text):
            depth += (token.sort == "open") - (token.sort == "close")
            deepest = max(deepest, depth)
        assert deepest <= guard.DEEPEST + text.count("\\u") + text.count("\\U")


def stamps(data: bytes) -> None:
    """Cover the timestamps of a text and say which seconds they mean: the rest of the text stays, and no second is beyond what a video has."""
    text = data.decode("utf-8", "replace").replace(timecodes.MARK, "")
    covered = timecodes.cover(text)
    pieces = covered.text.split(timecodes.MARK)
    assert len(pieces) == len(covered.stamps) + 1
    assert "".join(each for pair in zip(pieces, [*covered.written, ""], strict=True) for each in pair) == text
    assert all(one.line <= two.line for one, two in pairwise(covered.stamps))
    raws = [each.raw for each in covered.stamps] + text.split("\n")[:20]
    cited = clock.certain(raws[: len(data) % 9], LONGEST)
    seconds = tuple(cited)
    length = timecodes.length(text[:20])
    for known in (clock.Evidence(), *(clock.evidence(clock.cited(*each)) for each in (({seconds: 2},), ({seconds: 1}, length)))):
        for reading in clock.settle(raws, known, LONGEST):
            assert (reading.second is None) == (reading.status == "odd")
            assert all(0 <= each <= LONGEST for each in (*reading.others, reading.second or 0))
    assert timecodes.length(text) >= 0


def triples(data: bytes) -> None:
    """Read RDF of any format: it is refused in words, or what was read can be written and read again."""
    form = list(FORMATS)[data[0] % len(FORMATS)] if data else "nquads"
    file, other = place() / "given", place() / "again"
    file.write_bytes(data[1:])
    with contextlib.suppress(KgError):
        found = list(rdf.quads(Source("given", file, form), DEFAULT_BASE))
        other.write_text("".join(f"{quad} .\n" for quad in found), encoding="utf-8")
        assert list(rdf.quads(Source("again", other, "nquads"), DEFAULT_BASE)) == found


def decisions(data: bytes) -> None:
    """Read a vocabulary of any form, and decide more in it: it is refused in words, or says that and all that it said."""
    file = place() / f"vocabulary{list(vocabulary.FORMS)[data[0] % 3 if data else 0]}"
    file.write_bytes(data[1:])
    more = vocabulary.Entry("theme", "Zebra crossings", aliases=("zebras",))
    with contextlib.suppress(VocabularyError):
        before = vocabulary.read(file, DEFAULT_BASE, KINDS).entries
        text = vocabulary.written(before, file, DEFAULT_BASE)
        vocabulary.change(file, [more], DEFAULT_BASE, KINDS)
        after = vocabulary.read(file, DEFAULT_BASE, KINDS).entries
        assert {each.key for each in after} == {each.key for each in before} | {more.key}
        file.write_text(text, encoding="utf-8")
        again = vocabulary.read(file, DEFAULT_BASE, KINDS).entries
        assert {each.key for each in again} == {each.key for each in vocabulary.complete(before)}


@cache
def place() -> Path:
    """Give a folder for the files of one run."""
    made = tempfile.mkdtemp(prefix="kg-fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "note": note, "front": front, "query": query, "stamps": stamps, "triples": triples, "decisions": decisions
}  # fmt: skip


def corpus(name: str) -> list[bytes]:
    """Give what is kept for a target, and what every run begins with."""
    return [path.read_bytes() for path in sorted((HERE / "corpus" / name).iterdir())]


if __name__ == "__main__":
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    target = TARGETS[sys.argv.pop(1)]
    atheris.instrument_all()
    atheris.Setup([*sys.argv, str(HERE / "corpus" / target.__name__)], target)
    atheris.Fuzz()
