"""A large vault made of a small one: copies of its notes in folders of their own, with links that stay inside.

    python bench/corpus.py /tmp/large --copies 24

Every note of copy 7 gets the ending `` 07``, and so does every link to it, so that no name is met twice and
as many links resolve as in the notes themselves. Timestamps, countries and the names that notes find are the
same in every copy: they are what a large vault shares.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

_LINK = re.compile(r"(\[\[)([^\[\]|#\n]+)(?=[\]|#])")


def copied(notes: Path, folder: Path, copies: int) -> int:
    """Write copies of all notes under a new folder; give how many notes that makes."""
    texts = {path.relative_to(notes): path.read_text(encoding="utf-8", errors="replace") for path in sorted(notes.rglob("*.md"))}
    stems = {path.stem for path in texts}
    for number in range(1, copies + 1):
        for path, text in texts.items():
            target = folder / f"copy {number:02d}" / path.parent / f"{_renamed(path.stem, number)}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_LINK.sub(lambda match: _link(match, stems, number), text), encoding="utf-8")  # noqa: B023 - used at once
    return copies * len(texts)


def _renamed(stem: str, number: int) -> str:
    return f"{stem} {number:02d}"


def _link(match: re.Match[str], stems: set[str], number: int) -> str:
    """Rewrite a link to a note; one that leads nowhere leads nowhere in the copy as well."""
    target = match[2].strip()
    return f"{match[1]}{_renamed(target, number)}" if target in stems else match[0]


def main() -> None:
    """Make a corpus where the person says."""
    from build import found_notes

    parser = argparse.ArgumentParser(description="Make a large vault of copies of the OECD notes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=24)
    given = parser.parse_args()
    if given.folder.exists():
        sys.exit(f"{given.folder}: is there already")
    print(f"{copied(found_notes()[0], given.folder, given.copies):,} notes in {given.folder}")


if __name__ == "__main__":
    main()
