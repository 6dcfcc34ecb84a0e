"""What is fuzzed: functions of bytes that end, whatever the bytes are.

``python tests/fuzz_targets.py note -max_total_time=600`` runs one under atheris (``make fuzz`` runs all), from the
corpus that is kept beside; where atheris has no wheel, tests/fuzz/test_fuzz.py feeds them by hypothesis.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from kg import frontmatter, guard, markdown, vault
from kg.errors import QueryError
from kg.model import Note

HERE = Path(__file__).resolve().parent / "fuzz"


def note(data: bytes) -> None:
    """Read a note: nothing is raised, and every link stands where it says."""
    text, flaws = vault._decoded(data)
    document = markdown.read(Note("n.md", text, "", flaws))
    lines = text.count("\n") + text.count("\r") + 1
    for part in document.parts:
        assert 1 <= part.line <= lines
        for link in part.links:
            assert 0 <= link.start < link.end <= len(text)
            assert text[link.start : link.end].startswith(("[", "!", "<"))
    assert all(1 <= flaw.line <= lines for flaw in document.flaws)


def front(data: bytes) -> None:
    """Read front matter: nothing is raised, and its lines are lines of the note."""
    text = f"---\n{data.decode('utf-8', 'replace')}\n---\n"
    found = frontmatter.read(text)
    assert 0 <= found.body <= len(text)
    assert all(1 <= each.line <= text.count("\n") + text.count("\r") + 1 for each in found.properties.values())


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


TARGETS: dict[str, Callable[[bytes], None]] = {"note": note, "front": front, "query": query}


def corpus(name: str) -> list[bytes]:
    """Give what is kept for a target, and what every run begins with."""
    return [path.read_bytes() for path in sorted((HERE / "corpus" / name).iterdir())]


if __name__ == "__main__":
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    target = TARGETS[sys.argv.pop(1)]
    atheris.instrument_all()
    atheris.Setup([*sys.argv, str(HERE / "corpus" / target.__name__)], target)
    atheris.Fuzz()
