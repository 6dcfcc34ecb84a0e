"""Shards hold the graph that a build makes, however names are known, whoever runs the tasks, whatever dies in between."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import kg as package
from kg import Graph, __version__, config, shards
from kg.config import Config
from kg.dialect import Dialect
from kg.errors import KgError
from kg.shards import gathered, locations, run
from kg.shards.engines import Here, Pool, dask
from kg.shards.locations import Location

ROOT = Path(__file__).resolve().parent.parent

VAULT = {
    "kg.toml": '[notes]\nfolder = "notes"\n[properties]\nland = ":country"\nup = "skos:broader"\n',
    "vocabulary.yaml": "- kind: organisation\n  name: Ministry of Doors\n  aliases: [MoD]\n",
    "notes/open_door.md": "---\ntype: initiative\nland: Chile\nstars: 4\ncountry: Portugal\norganisation: Ministry of Doors\n---\n# Open Door\nOpen Door runs in Portugal. #trust/privacy\n",
    "notes/two/Open Door.md": "# Open Door\nAnother of this name. [[open_door]] [[Nowhere At All]] [[nowhere at all]]\n",
    "notes/talk.md": "---\nvideoId: abcdefghijk\n---\n# Talk\nThe *We Are On It* (WAOI) programme began. (1:02)\nWAOI runs in Spain. (00:01:02) See [[Open Door|the door]]. [[open_door#Open Door]]\n",
    "notes/other.md": "---\nvideoId: abcdefghijk\naliases: [Alias One]\n---\n# Other\nThe MoD in Lisbon supports the We Are On It programme. (12:05)\n\nup:: Trust\n\nseen:: [[open_door]]\n",
    "notes/more.md": "# More\n[[alias one]] and [[Talk]]. The Ministry of Doors leads the We Are On It programme in Portugal.\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in VAULT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def built(notes: Path, folder: Path) -> list[str]:
    """Give the quads of an ordinary build, sorted."""
    done = subprocess.run([sys.executable, "-m", "kg", "build", str(notes), "-q", "-o", str(folder)], cwd=ROOT, check=True, env=environment())
    assert done.returncode == 0
    return quads(package.open(folder))


def quads(graph: Graph) -> list[str]:
    return sorted(graph.export(form="nquads", header=False, suggested=True).splitlines())


def lines(folder: Path) -> list[str]:
    """Give the quads of shards, sorted, each once."""
    told = run.manifest(Location(str(folder)))
    assert told
    return sorted(
        {line for name in run.verified(Location(str(folder)), told) for line in gzip.decompress((folder / name).read_bytes()).decode().splitlines()}
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def kg(*arguments: str | Path) -> tuple[int, str]:
    """Run kg in a process of its own; gives the exit code and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)], capture_output=True, text=True, timeout=180, check=False, env=environment()
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize("way", ["memory", "disk", "join"])
@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_shards_are_the_graph_of_a_build(vault: Path, tmp_path: Path, way: str, chunk: int) -> None:
    report = shards.build(str(vault / "notes"), str(tmp_path / "shards"), config.read(vault / "kg.toml"), Here(), names=way, chunk=chunk)
    expected = built(vault / "notes", tmp_path / "graph")
    assert lines(tmp_path / "shards") == expected
    counts = package.open(tmp_path / "graph").generation.manifest.counts
    assert (report.notes, report.links, report.broken, report.issues) == tuple(counts[name] for name in ("notes", "links", "broken", "issues"))


def test_the_links_tell_the_dialect_of_shards_too(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for at in range(6):
        (notes / f"part.{at}.md").write_text(f"# Part {at}\nSee [[the next one|part.{(at + 1) % 6}]].\n")
    shards.build(str(notes), str(tmp_path / "shards"), None, Here(), chunk=2)
    assert lines(tmp_path / "shards") == built(notes, tmp_path / "graph")
    assert package.open(tmp_path / "graph").generation.manifest.counts["broken"] == 0


def test_loading_shards_gives_the_graph_of_a_build(samples: Graph, tmp_path: Path) -> None:
    code, err = kg("build", ROOT / "notes", "-o", tmp_path / "shards", "--engine", "pool")
    assert (code, "16 notes" in err) == (0, True)
    assert kg("load", tmp_path / "shards", "-o", tmp_path / "graph")[0] == 0
    assert quads(package.open(tmp_path / "graph")) == quads(samples)


def test_the_same_notes_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shards.build(str(ROOT / "notes"), str(tmp_path / name), None, Here(), chunk=5)
    found = [{path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()} for name in ("a", "b")]
    assert found[0] == found[1]
    assert not [path for path in found[0] if path.name != "manifest.json" and path.parts[1] not in ("shards", "properties.ttl")]


def test_a_shard_is_gzip_whose_bytes_tell_no_time_and_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"<urn:{number:04}> <urn:p> <urn:o> .\n".encode() for number in range(3000)]
    one = run.Run(Location(str(tmp_path / "one")), "0" * 16)
    packed = one.pack("00000", lines)
    data = one.folder.read(packed.name)
    assert (gzip.decompress(data), packed.lines, packed.bytes) == (b"".join(lines), 3000, len(data))
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    other = run.Run(Location(str(tmp_path / "other")), "1" * 16)
    assert other.folder.read(other.pack("suggested", lines).name) == data
    assert data[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


def test_real_notes_in_all_three_ways(third: Path, tmp_path: Path) -> None:
    expected = built(third, tmp_path / "graph")
    for way in ("memory", "disk", "join"):
        shards.build(str(third), str(tmp_path / way), None, Pool(2), names=way)
        assert lines(tmp_path / way) == expected


# -- what is cut off ---------------------------------------------------------------------------------


class Stopped(Exception):
    pass


class Failing(Here):
    """Stops before the ``after``-th task."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.ran = 0

    def each(self, task: Any, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        for number in numbers:
            if not self.left:
                raise Stopped
            self.left -= 1
            self.ran += 1
            yield task(run, number)


def test_a_run_that_was_cut_off_anywhere_goes_on_and_nobody_reads_the_half(tmp_path: Path) -> None:
    notes = str(ROOT / "notes")
    shards.build(notes, str(tmp_path / "whole"), None, Here(), chunk=5, names="join")
    expected = lines(tmp_path / "whole")
    total = Failing(1000)
    shards.build(notes, str(tmp_path / "count"), None, total, chunk=5, names="join")
    for after in range(1, total.ran):
        to = tmp_path / str(after)
        with pytest.raises(Stopped):
            shards.build(notes, str(to), None, Failing(after), chunk=5, names="join")
        with pytest.raises(KgError, match="has not ended"):
            run.manifest(Location(str(to)))
        engine = Failing(1000)
        shards.build(notes, str(to), None, engine, chunk=5, names="join")
        assert lines(to) == expected
        assert engine.ran < total.ran


def test_what_a_killed_worker_had_half_written_does_not_stay(tmp_path: Path) -> None:
    notes = str(ROOT / "notes")
    with pytest.raises(Stopped):
        shards.build(notes, str(tmp_path), None, Failing(7), chunk=5)
    (folder,) = tmp_path.glob("run-*")
    (folder / "shards").mkdir(exist_ok=True)
    (folder / "shards" / "00001.nq.gz.ab12.part").write_bytes(b"half")
    shards.build(notes, str(tmp_path), None, Here(), chunk=5)
    told = run.manifest(Location(str(tmp_path)))
    assert told
    assert sorted(path.relative_to(tmp_path).as_posix() for path in folder.rglob("*.gz*")) == sorted(each["name"] for each in told["shards"])


def test_another_run_never_mixes_with_what_an_older_one_left(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    shutil.copytree(ROOT / "notes", notes)
    with pytest.raises(Stopped):
        shards.build(str(notes), str(tmp_path / "to"), None, Failing(7), chunk=2)
    next(notes.glob("*.md")).unlink()
    shards.build(str(notes), str(tmp_path / "to"), None, Here(), chunk=5)
    assert lines(tmp_path / "to") == built(notes, tmp_path / "graph")
    assert len([each for each in (tmp_path / "to").iterdir() if each.is_dir()]) == 1


def killer(run: Any, number: int) -> int:
    """Kill the process that does it, the first time."""
    mark = Path(run) / str(number)
    if number == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    mark.touch()
    return number


def test_a_worker_of_the_pool_that_is_killed_is_replaced(tmp_path: Path) -> None:
    assert sorted(set(Pool(2).each(killer, str(tmp_path), range(6)))) == [0, 1, 2, 3, 4, 5]


def always(run: Any, number: int) -> int:
    del run, number
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_workers_that_are_killed_again_and_again_end_the_run_in_words(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="killed again and again"):
        list(Pool(1).each(always, str(tmp_path), [1]))


# -- Dask --------------------------------------------------------------------------------------------


@contextmanager
def cluster(folder: Path, workers: int = 2, code: Path = ROOT) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler and workers, which have the kg in ``code``, as processes of their own that speak TCP; the scheduler is the first."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    begin = [sys.executable, "-m", "distributed.cli."]
    quiet: dict[str, Any] = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**environment(), "PYTHONPATH": str(code)},
        "cwd": folder,
    }
    started = [subprocess.Popen([*begin[:-1], f"{begin[-1]}dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)]
    command = [*begin[:-1], f"{begin[-1]}dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
    started += [subprocess.Popen(command, **quiet) for _ in range(workers)]
    try:
        yield address, started
    finally:
        for each in started:
            each.kill()
            each.wait()


@pytest.fixture(autouse=True)
def workers_are_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "20s")


def awaited_at(address: str, workers: int = 1) -> Any:
    """Give a client of a scheduler, once its workers are there."""
    from distributed import Client

    client = Client(address, timeout=60)  # type: ignore[no-untyped-call]
    if workers:
        client.wait_for_workers(workers, timeout=60)
    return client


def test_dask_over_tcp_with_a_worker_killed_in_the_middle(samples: Graph, tmp_path: Path) -> None:
    killed = False
    with cluster(tmp_path) as (address, workers):
        awaited_at(address, 2).close()

        def progress(_stage: str, done: int, _total: int) -> None:
            nonlocal killed
            if not killed and done:
                workers[1].kill()
                killed = True

        with dask(address, 2) as engine:
            shards.build(str(ROOT / "notes"), str(tmp_path / "shards"), None, engine, chunk=2, progress=progress)
    assert killed
    assert lines(tmp_path / "shards") == quads(samples)


def test_dask_with_workers_of_our_own(samples: Graph, tmp_path: Path) -> None:
    with socket.socket() as other:
        with suppress(OSError):  # somebody has it already
            other.bind(("127.0.0.1", 8787))  # where Dask likes to be
            other.listen()
        code, err = kg("build", ROOT / "notes", "-o", tmp_path / "shards", "--engine", "dask", "--jobs", "2", "--names", "join")
    assert (code, "8787" in err) == (0, False), err
    assert lines(tmp_path / "shards") == quads(samples)


def test_a_scheduler_that_is_killed_leaves_what_the_next_one_goes_on_from(tmp_path: Path) -> None:
    from dask import config as dask_settings

    to, notes = tmp_path / "shards", str(ROOT / "notes")
    shards.build(notes, str(tmp_path / "whole"), None, Here(), chunk=1)

    def all_of(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def made() -> dict[str, tuple[int, int]]:
        """When what is done was written: surveys, and shards that are committed."""
        (folder,) = to.glob("run-*")
        done = {path.name.zfill(5) for path in folder.glob("done/*")}
        found = [*folder.glob("names/0*"), *(path for path in folder.glob("shards/0*") if path.name[:5] in done)]
        return {path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}

    with cluster(tmp_path) as (address, processes), dask_settings.set({"distributed.comm.timeouts.connect": "2s"}):
        awaited_at(address, 2).close()

        def progress(stage: str, done: int, _total: int) -> None:
            if stage.startswith("writing") and done == 2:  # of 17; those that run go on, and the news of what is done come late on a busy machine
                processes[0].send_signal(signal.SIGKILL)

        with pytest.raises(KgError, match="the scheduler is lost"), dask(address, 2) as engine:
            shards.build(notes, str(to), None, engine, chunk=1, progress=progress)
    before = made()
    assert 2 <= len([name for name in before if name.startswith("shards/")]) < 17
    with pytest.raises(KgError, match="has not ended"):
        run.manifest(Location(str(to)))
    ran: list[str] = []
    with cluster(tmp_path) as (address, _):
        awaited_at(address, 2).close()
        with dask(address, 2) as engine:
            report = shards.build(notes, str(to), None, engine, chunk=1, progress=lambda stage, *_: ran.append(stage))
    assert report.kept == len([name for name in before if name.startswith("shards/")])
    assert (len([each for each in ran if each == "reading"]), len(ran)) == (0, 17 - report.kept)
    assert all_of(to) == all_of(tmp_path / "whole")
    (folder,) = to.glob("run-*")
    assert {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name in before if (path := folder / name).exists()} == {
        name: when for name, when in before.items() if name.startswith("shards/")
    }


@pytest.mark.parametrize(
    ("code", "words"), [('__version__ = "0.0.1"\n', f"this is kg {__version__}, and workers have 0.0.1"), ("", "the workers have no kg")]
)
def test_workers_of_another_version_or_without_one_are_refused(tmp_path: Path, code: str, words: str) -> None:
    (tmp_path / "old" / "kg").mkdir(parents=True)
    (tmp_path / "old" / "kg" / "__init__.py").write_text(code, encoding="utf-8")
    with cluster(tmp_path, 1, code=tmp_path / "old") as (address, _):
        kept = awaited_at(address)
        code_, err = kg("build", ROOT / "notes", "-o", tmp_path / "shards", "--engine", "dask", "--scheduler", address)
        kept.close()
    assert (code_, words in err, "on every worker" in err) == (1, True, True), err
    assert not (tmp_path / "shards").exists()


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with cluster(tmp_path, 0) as (address, _):
        awaited_at(address, 0).close()
        code, err = kg("build", ROOT / "notes", "-o", tmp_path / "shards", "--engine", "dask", "--scheduler", address)
    assert (code, "the scheduler has no workers" in err, "dask worker" in err) == (1, True, True), err


def test_a_task_of_a_run_that_another_version_began_is_refused(tmp_path: Path) -> None:
    there = run.Run(Location(str(tmp_path)), "0" * 16)
    there.save("job", run.Job(Location("x"), None, None, "0.0.1"))  # type: ignore[arg-type]
    with pytest.raises(KgError, match=r"begun by kg 0\.0\.1"):
        run.job(there)


def test_no_scheduler_there(tmp_path: Path) -> None:
    """All are waited for at once, since Dask tries for ten seconds."""

    def ask(address: str) -> tuple[int, str]:
        return kg("build", ROOT / "notes", "-o", tmp_path / "shards", "--engine", "dask", "--scheduler", address)

    addresses = ("nonsense://x", "tcp://127.0.0.1:9", "tcp://nowhere.invalid:8786")
    with ThreadPoolExecutor() as together:
        for address, (code, err) in zip(addresses, together.map(ask, addresses), strict=True):
            assert (code, f"{address}: no scheduler of Dask answers" in err) == (1, True), err
    assert not (tmp_path / "shards").exists()


# -- places ------------------------------------------------------------------------------------------


def test_notes_in_an_archive_with_their_settings(vault: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "notes.zip", "w") as archive:
        for name, text in VAULT.items():
            archive.writestr(name, text)
        archive.writestr("notes/.hidden.md", "hidden")
    shards.build(f"zip://::{tmp_path / 'notes.zip'}", str(tmp_path / "shards"), None, Pool(2), chunk=2)
    assert lines(tmp_path / "shards") == built(vault / "notes", tmp_path / "graph")


def packed(path: Path, notes: dict[str, str]) -> Path:
    """Pack notes as ``git archive`` does: below a folder of their own, folders as entries."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("vault/", "")
            for name, text in notes.items():
                archive.writestr(f"vault/{name}", text)
        return path
    with tarfile.open(path, "w") as tar:
        for name in sorted({"vault", *(f"vault/{each.rpartition('/')[0]}".rstrip("/") for each in notes)}):
            folder = tarfile.TarInfo(name)
            folder.type = tarfile.DIRTYPE
            tar.addfile(folder)
        for name, text in notes.items():
            file = tarfile.TarInfo(f"vault/{name}")
            file.size = len(text.encode())
            tar.addfile(file, io.BytesIO(text.encode()))
    return path


TREE = {f"{folder}/n{at}.md": f"# {folder} {at}\n[[n{at + 1}]]\n" for folder in ("a", "b/c", "b/d", "e") for at in range(3)} | {
    "top.md": "# Top\n",
    "a/.hidden/x.md": "x",
    ".git/y.md": "y",
    "skipped/z.md": "z",
    "a/no.txt": "",
}


class Counting(Here):
    """Keeps which tasks ran."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, int]] = []

    def each(self, task: Any, run: Any, numbers: Iterable[int]) -> Iterator[Any]:
        for number in numbers:
            self.ran.append((getattr(task, "__name__", ""), number))
            yield task(run, number)


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_every_folder_at_the_top_of_a_place_is_listed_by_a_task(tmp_path: Path, form: str) -> None:
    path = packed(tmp_path / f"notes.{form}", TREE)
    place, engine = Location(f"{form}://::{path}").anew(), Counting()
    found, skipped = locations.listed(place, ["vault/skipped/**"], engine)
    wanted = sorted(f"vault/{name}" for name in TREE if name.endswith(".md") and not re.search(r"(^|/)[.]|^skipped/", name))
    assert ([each.path for each in found], skipped) == (wanted, [])
    assert engine.ran == [("contents", number) for number in range(3)]  # a, b and e, below the only folder at the top


def test_an_archive_in_place_of_another_is_opened_anew(tmp_path: Path) -> None:
    """Workers outlive a build."""
    for number, text in enumerate(("# One\nIn Portugal.\n", "# Two\nIn Denmark.\n")):
        packed(tmp_path / "next.zip", {"a.md": text}).replace(tmp_path / "notes.zip")
        shards.build(f"zip://::{tmp_path / 'notes.zip'}", str(tmp_path / f"{number}"), None, Here())
    assert not [line for line in lines(tmp_path / "1") if "Portugal" in line]
    assert [line for line in lines(tmp_path / "1") if "Denmark" in line]


def test_shards_in_a_place_that_is_no_folder(samples: Graph, tmp_path: Path) -> None:
    import fsspec

    to = "memory://shards"
    shards.build(str(ROOT / "notes"), to, None, Here(), chunk=5, names="disk")
    told = run.manifest(Location(to))
    assert told
    found = {line for name in run.verified(Location(to), told) for line in gzip.decompress(Location(to).read(name)).decode().splitlines()}
    assert sorted(found) == quads(samples)
    fsspec.filesystem("memory").rm("/shards", recursive=True)


@pytest.mark.parametrize("address", ["zip://::/nowhere.zip", "nonsense://place", "https://127.0.0.1:9/x"])
def test_a_place_that_is_not_there_is_told(address: str, tmp_path: Path) -> None:
    code, err = kg("build", address, "-o", tmp_path / "shards", "--engine", "pool")
    assert code in (1, 2)
    assert err.startswith("error:")
    assert not (tmp_path / "shards").exists()


def test_a_place_that_wants_credentials_is_told(tmp_path: Path) -> None:
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem

    class Closed(MemoryFileSystem):  # type: ignore[misc]
        protocol = "closed"

        def ls(self, *_: Any, **__: Any) -> Any:
            raise PermissionError("Access Denied")

        exists = info = find = ls

    fsspec.register_implementation("closed", Closed, clobber=True)
    words = "closed://x: cannot be reached: Access Denied\n  hint: are the address and the credentials right?"
    with pytest.raises(KgError) as error:
        shards.build("closed://x", str(tmp_path / "shards"), None, Here())
    assert str(error.value) == words
    with pytest.raises(KgError) as error:
        shards.build(str(ROOT / "notes"), "closed://x", None, Here())
    assert str(error.value) == words
    assert not (tmp_path / "shards").exists()


def test_wrong_usage(tmp_path: Path) -> None:
    assert kg("build", ROOT / "notes", "--engine", "pool")[0] == 2
    assert kg("build", "s3://x/y", "-o", tmp_path)[0] == 2
    assert kg("build", ROOT / "notes", "-o", tmp_path, "--engine", "pool", "--scheduler", "tcp://x:1")[0] == 2
    (tmp_path / "mine.txt").write_text("mine")
    code, err = kg("build", ROOT / "notes", "-o", tmp_path, "--engine", "pool")
    assert (code, "holds other files (mine.txt)" in err) == (1, True)


def test_shards_that_are_damaged_or_missing_are_not_loaded(tmp_path: Path) -> None:
    shards.build(str(ROOT / "notes"), str(tmp_path / "shards"), None, Here(), chunk=5)
    first = min((tmp_path / "shards").glob("run-*/shards/*.gz"))
    whole = first.read_bytes()
    first.write_bytes(whole[:-9] + b"x" + whole[-8:])
    code, err = kg("load", tmp_path / "shards", "-o", tmp_path / "graph")
    assert (code, "is damaged" in err) == (1, True)
    first.unlink()
    code, err = kg("load", tmp_path / "shards", "-o", tmp_path / "graph")
    assert (code, "is missing" in err) == (1, True)
    told = json.loads((tmp_path / "shards" / "manifest.json").read_text())
    (tmp_path / "shards" / "manifest.json").write_text(json.dumps({**told, "format": 99}))
    assert "another version" in kg("load", tmp_path / "shards", "-o", tmp_path / "graph")[1]


def test_a_note_that_breaks_the_reader_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import markdown

    read = markdown.read

    def breaking(note: Any, **options: Any) -> Any:
        if note.path == "estamos_on_portal.md":
            raise RecursionError("too deep")
        return read(note, **options)

    monkeypatch.setattr(markdown, "read", breaking)
    report = shards.build(str(ROOT / "notes"), str(tmp_path / "shards"), None, Here())
    assert report.skipped == ("estamos_on_portal.md:1: cannot be read: RecursionError: too deep [failed]",)
    assert report.notes == 15


def test_the_way_names_are_known_depends_on_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    for memory, disk in ((10**6, 10**7), (1, 10**7), (1, 2)):
        monkeypatch.setattr(gathered, "MEMORY", memory)
        monkeypatch.setattr(gathered, "DISK", disk)
        there = run.Run(Location(str(tmp_path / str(len(taken)))), "1" * 16)
        from kg import corpus
        from kg.shards import survey

        there.begin(
            run.Job(Location(str(ROOT / "notes")), corpus.Context(Config()), Dialect("obsidian", ""), __version__), [["estamos_on_portal.md"]]
        )
        run.job.cache_clear()
        for number in range(2):
            survey.survey(there, number)
        taken.append(gathered.gather(there, 2, "auto", Here()))
    assert taken == ["memory", "disk", "join"]
