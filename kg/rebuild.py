"""What has changed is found and written: of every note, or of those that an edit concerns.

What changed since the last build is read again; what depends on it through a name is written again;
if the settings changed, the cache does not fit, or much changed, everything is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from kg import (
    __version__,
    clock,
    corpus,
    declared,
    dialect,
    extract,
    facts,
    index,
    kinds,
    lexicon,
    markdown,
    names,
    settled,
    store,
    unchanged,
    update,
    vault,
    vocabulary,
    words,
)
from kg.cache import VERSION as CACHE_VERSION
from kg.cache import Cache, Remembered
from kg.config import Config
from kg.decided import decided
from kg.dialect import Dialect
from kg.extract import Named
from kg.facts import emit
from kg.model import Note, Offer
from kg.offered import Offered
from kg.passes import Counted, Passes, Workshop, counted
from kg.unchanged import DOUBTFUL, Report
from kg.vault import Skipped
from kg.world import asked

Progress = Callable[[str, int, int], None]
"""Told the stage, how many notes are done, and how many there are."""


class Build:
    """One build, from the listing to the published generation."""

    def __init__(
        self,
        notes: Path,
        folder: Path,
        config: Config,
        cache: Cache,
        listing: vault.Listing,
        jobs: int,
        tell: Progress,
    ) -> None:
        self.notes, self.folder, self.config, self.cache = notes, folder, config, cache
        self.found = {each.path: each for each in listing.found}
        self.skipped = list(listing.skipped)
        self.jobs, self.tell = jobs, tell
        self.context = settled.context(config, notes)
        self.iris = names.Names(config.base)
        self.sides = (0, 0)  # of the bars in links, as the cache counts them
        self.began = time.time_ns()
        self.state = unchanged.state(notes, config)
        self.live = store.live(folder)
        self.vocabulary = json.dumps([each.said for each in self.context.decisions.entries], ensure_ascii=False)
        about = cache.about()
        same = self.state and self.live and (about.get("state"), about.get("generation")) == (self.state, self.live.name)
        self.before = about if same and about.get("others") == "[]" else {}
        """What the cache says of the last build, if nothing but notes can have changed since: an extractor of others may, by a version that it tells."""
        self.told, written = dialects(notes, config, self.live)
        self.read_as(written, self.before.get("settings"))

    def read_as(self, written: Dialect, settings: str | None = None) -> None:
        """Take the links to be written in a dialect; ``settings`` is the fingerprint, where it is known."""
        self.dialect = written
        self.settings = settings or fingerprint(self.config, kinds.fingerprint(settled.home(self.config, self.notes)), self.told, written)
        self.shop = Workshop(self.notes, self.config, self.context, written, bool(self.before))

    def misread(self, known: Offered | Cache) -> bool:
        """Say whether the links, which are known now, were written in another dialect than they were read in; from now on that is ours."""
        before, now = self.dialect, dialect.settled(self.told, *self.sides, known.several, self.found)
        if before.label_first != now.label_first:
            self.read_as(now)
        self.dialect = now
        return before.label_first != now.label_first

    def run(self, full: bool) -> Report:
        before = self.cache.prints()
        about = self.cache.about()
        fits = self.live and (about.get("generation"), about.get("settings")) == (self.live.name, self.settings) and "vocabulary" in about
        if full or not fits or not self.cache.sealed or not self.live or not self.live.whole():
            return self.everything(before if self.live else {})
        suspects = [path for path, each in self.found.items() if before.get(path, ("", ""))[0] != each.print]
        read: dict[str, Named] = {}
        alike: set[str] = set()
        for note in self.opened(suspects):
            # A file that was only touched, or copied, is not read as a note: its hash costs a twentieth of that.
            if before.get(note.path, ("", ""))[1] == note.sha256:
                alike.add(note.path)
            else:
                read[note.path] = self.shop.named(note)
        changed, gone = list(read), sorted(set(before) - set(self.found))
        if len(changed) + len(gone) > max(50, len(before) // 3):
            return self.everything(before, read)
        redecided = about["vocabulary"] != self.vocabulary
        touched: dict[str, Named] = {}
        if not changed and not gone and not redecided:
            return self.nothing(alike)
        if redecided:
            touched = self.redecided(self.live, about["vocabulary"])
            read = touched | read
            if len(read) > max(50, len(before) // 3):
                return self.everything(before, read)
        return self.difference(self.live, before, read, changed, gone, alike, touched.keys() if redecided else None)

    # -- reading -----------------------------------------------------------------------------

    def opened(self, paths: Sequence[str]) -> Iterator[Note]:
        """Give what files hold, in the order given; those that cannot be read are left out."""
        for done, path in enumerate(paths):
            self.tell("reading", done, len(paths))
            note = vault.read(self.notes, path, self.config.largest)
            if isinstance(note, Skipped):
                self.skip(note)
            else:
                yield note
        self.tell("reading", len(paths), len(paths))

    def read(self, paths: Sequence[str]) -> Iterator[Named]:
        """Read and name notes, in the order given; those that cannot be read are left out."""
        return map(self.shop.named, self.opened(paths))

    def skip(self, each: Skipped) -> None:
        """Leave out a note that cannot be read."""
        self.skipped.append(each)
        self.found.pop(each.path, None)

    def decided(self) -> tuple[list[Offer], list[tuple[str, str]]]:
        """Give what the author's vocabulary offers and wants."""
        return corpus.decided_offers(self.context), corpus.decided_wants(self.context)

    def touch(self, notes: Iterable[Counted]) -> None:
        """Remember files by path, hash and what was counted in them."""
        kept = list(notes)
        self.cache.touch((each.path, self.seen(each.path), *each[1:-1]) for each in kept)
        self.cache.state((each.path, each.properties) for each in kept)

    # -- the two ways ------------------------------------------------------------------------

    def everything(self, before: dict[str, tuple[str, str]], known: Mapping[str, Named] | None = None) -> Report:
        """Write a new graph of all notes; ``known`` are those that have been read already."""
        from pyoxigraph import Store

        generation = store.following(self.folder)
        self.cache.begin()
        self.cache.clear()
        total = len(self.found)
        after: dict[str, str] = {}
        with Passes(self.shop, list(self.found), generation, self.jobs, known or {}) as passes:
            # Of few notes in memory as well: asking the cache for each key costs 0.15 s on the OECD notes, in every process.
            held = None if passes.many else Offered()
            self.remembered([Remembered(corpus.VOCABULARY, "", *self.decided())], held)
            for read in passes.read():
                self.remembered(read.notes, held)
                after |= {each.path: each.sha256 for each in read.notes}
                for skipped in read.skipped:
                    self.skip(skipped)
                self.tell("reading", len(after), total)
            if not held:
                self.cache.index()
            self.sides = held.bars() if held else self.cache.sides()
            if self.misread(held or self.cache):
                self.cache.rollback()
                return self.everything(before)
            if passes.several and not held:  # they read it
                self.cache.commit()
                self.cache.begin()
            world = lru_cache(1)(lambda: self.shop.world(held or self.cache))
            writing = passes.write(world, held)
            if held:
                self.cache.index()  # while other processes write
            with update.Filling(Store(str(generation / "graph")), self.iris.suggested) as filling:
                done = 0
                for written in writing:
                    self.tell("writing", done, total)
                    filling.add(written.part)
                    self.touch(written.notes)
                    done += len(written.notes)
                if self.context.decisions.entries:
                    filling.add(update.part([decided(self.context, world())], self.iris.suggested))
                filling.end()
            del filling
        added = len(after.keys() - before.keys())
        changed = sum(1 for path, sha in after.items() if path in before and before[path][1] != sha)
        return self.publish(generation, added=added, changed=changed, removed=len(before.keys() - after.keys()), written=len(after), full=True)

    def remembered(self, notes: Sequence[Remembered], held: Offered | None) -> None:
        """Remember what notes offer and want, in the cache and, of few notes, in memory."""
        self.cache.put(notes)
        if held:
            for each in notes:
                held.add(each.path, each.offers, each.wants, each.sides)

    def nothing(self, read: Iterable[str]) -> Report:
        """Remember that files were touched without being changed."""
        self.cache.begin()
        self.cache.retouch((path, self.seen(path)) for path in read)
        self.cache.describe({"state": self.state})
        self.cache.commit()
        return self.report(self.folder, added=0, changed=0, removed=0, written=0, full=False)

    def redecided(self, live: store.Generation, before: str) -> dict[str, Named]:
        """Read the notes again in which a name stands that the vocabulary has now, or had before."""
        old = vocabulary.decisions(vocabulary.Entry._make(map(_frozen, each)) for each in json.loads(before))
        changed = vocabulary.difference(old, self.context.decisions, self.context.kinds)
        spellings = lexicon.lexicon(lexicon.Term(spelling, "", spelling, "") for spelling in changed.spellings)
        keys = set(map(extract.normal, changed.spellings))  # a page goes by the key of its title, however that is written
        titled = (
            path
            for path, offer in self.cache.offers()
            if offer.kind == "title" and (extract.normal(offer.value) in keys or spellings.find(offer.value))
        )
        holding = {*index.holding(live.index, spellings), *titled} if spellings.terms else set()
        return {named.document.path: named for named in self.read(sorted(holding & self.found.keys()))}

    def difference(
        self,
        live: store.Generation,
        before: dict[str, tuple[str, str]],
        read: dict[str, Named],
        changed: list[str],
        gone: list[str],
        alike: Collection[str],
        named_anew: Collection[str] | None,
    ) -> Report:
        """Write again what changed and what depends on it, into a copy of the live generation.

        ``alike`` are files that were touched and hold what they held, ``named_anew`` notes in which a changed vocabulary names something else; None if it is as it was.
        """
        from pyoxigraph import Store

        self.cache.begin()
        touched = sorted({*changed, *(named_anew or ())})
        affected = self.affected([read[path] for path in touched], gone, redecided=named_anew is not None)
        if self.misread(self.cache):
            self.cache.rollback()
            return self.everything(before)
        said = corpus.VOCABULARY in affected or named_anew is not None
        others = sorted({*affected, *touched} & self.found.keys() - set(changed))
        read |= {named.document.path: named for named in self.read([path for path in others if path not in read])}
        if any(path not in read or read[path].document.sha256 != before[path][1] for path in others):
            # A note was edited while the build ran: start again from what is there now.
            self.cache.rollback()
            return self.everything(before)
        written = [read[path] for path in (*changed, *others)]
        world = asked(self.context, self.shop.concepts, self.shop.precision, self.cache)
        emissions = [emit(named, world) for named in written]
        generation = store.following(self.folder)
        live.open().backup(str(generation / "graph"))
        graph = Store(str(generation / "graph"))
        update.apply(
            graph, [*emissions, *([decided(self.context, world)] if said else [])], [self.iris.note(path) for path in gone], self.iris.suggested
        )
        # Without this the next checkpoint would silently lack the update.
        graph.flush()
        del graph
        rows = [index.rows(named.document, world.table, said) for named, said in zip(written, emissions, strict=True)]
        index.update(live.index, generation / "index", rows, gone)
        self.touch(counted(each, said) for each, said in zip(written, emissions, strict=True))
        self.cache.retouch((path, self.seen(path)) for path in {*alike, *read} - set(changed))
        added = sum(1 for path in changed if path not in before)
        return self.publish(generation, added=added, changed=len(changed) - added, removed=len(gone), written=len(written), full=False)

    def affected(self, changed: Iterable[Named], gone: Sequence[str], *, redecided: bool) -> set[str]:
        """Change what the cache remembers, and give the notes that want a key whose value that changes."""
        remembered = [self.shop.remember(named) for named in changed]
        if redecided:
            remembered.append(Remembered(corpus.VOCABULARY, "", *self.decided()))
        touched = [*(each.path for each in remembered), *gone]
        answering = self.cache.answering(touched) | {offer.key for each in remembered for offer in each.offers if offer.kind in ("stem", "alias")}
        sides = self.cache.sides(touched, answering)  # no other link's can change
        keys = self.cache.keys(touched)
        for each in remembered:
            keys |= {offer.key for offer in each.offers} | {key for key, _ in each.wants}
        values = self.cache.values(keys, corpus.value)
        for path in gone:
            self.cache.forget(path)
        for each in remembered:
            self.cache.forget(each.path, file=False)
        self.cache.put(remembered)
        was, now = json.loads(self.cache.about()["sides"]), self.cache.sides(touched, answering)
        self.sides = was[0] - sides[0] + now[0], was[1] - sides[1] + now[1]
        after = self.cache.values(keys, corpus.value)
        changed_keys = {key for key in keys if values[key] != after[key]}
        names_changed = [key.removeprefix("name:") for key in changed_keys if key.startswith("name:")]
        return self.cache.wanting(changed_keys | self.cache.led(names_changed, corpus.LEADS))

    def seen(self, path: str) -> str:
        each = self.found[path]
        return "" if each.touched > self.began - DOUBTFUL else each.print

    # -- the end -----------------------------------------------------------------------------

    def publish(self, generation: Path, *, added: int, changed: int, removed: int, written: int, full: bool) -> Report:
        told = {"generation": generation.name, "settings": self.settings, "vocabulary": self.vocabulary, "state": self.state}
        self.cache.describe(told | {"others": json.dumps(self.shop.others), "sides": json.dumps(self.sides)})
        report = self.report(self.folder, added=added, changed=changed, removed=removed, written=written, full=full)
        manifest = store.Manifest(
            base=self.config.base,
            title=self.config.title or self.notes.resolve().name,
            source=str(self.notes.resolve()),
            detail=self.config.detail,
            dialect=self.dialect.name,
            settings=self.settings,
            counts={"notes": report.notes, "links": report.links, "broken": report.broken, "issues": report.issues},
            skipped=[str(each) for each in self.skipped],
            kg=__version__,
        )
        declared.save(generation, self.cache.properties(), self.config.base)
        # Should the rest fail, the cache names a generation that is not the live one, and is not used.
        self.cache.commit()
        store.publish(self.folder, generation, manifest)
        return report

    def report(self, folder: Path, *, added: int, changed: int, removed: int, written: int, full: bool) -> Report:
        notes, links, broken, issues = self.cache.counts()
        skipped = tuple(sorted(self.skipped))
        return Report(
            folder,
            added=added,
            changed=changed,
            removed=removed,
            written=written,
            notes=notes,
            links=links,
            broken=broken,
            issues=issues,
            skipped=skipped,
            full=full,
        )


def dialects(notes: Path, config: Config, live: store.Generation | None) -> tuple[Dialect, Dialect]:
    """Give the dialect that is told, and the one to read links in at first."""
    told = dialect.detect(notes, config.dialect)
    return told, dialect.remembered(told, live.manifest.dialect if live else "")


def fingerprint(config: Config, declared: str, marked: Dialect, written: Dialect) -> str:
    """Sum up everything but the notes that the graph depends on."""
    from kg import ontology

    told = {
        "kg": __version__,
        "cache": CACHE_VERSION,
        "markdown": markdown.VERSION,
        "clock": clock.VERSION,
        "facts": facts.VERSION,
        "words": words.VERSION,
        "dialect": [marked.name, written.label_first],
        "config": repr(replace(config, root=None, title="", licence="")),
        # Not the vocabulary: what that changes is worked out name by name.
        "extractors": extract.fingerprint(config),
        "kinds": declared,
        "lexicons": [sha256(each.read_bytes()).hexdigest() for each in sorted(ontology.path("countries.ttl").parent.glob("countries*.ttl"))],
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


__all__ = ["Build", "Progress", "dialects", "fingerprint"]
