"""Disks that fill, files that rot, builders that meet, and readers that go on meanwhile."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg import store
from kg.errors import KgError, StoreError

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "good.md").write_text("# Good\n\n[[other]] in Portugal.\n")
    (notes / "other.md").write_text("# Other\n\nThe mayor of Lisbon spoke.\n")
    (notes / "third.md").write_text("# Third\n\n[[good]] and Denmark.\n")
    return notes


def seen(folder: Path) -> tuple[object, ...]:
    """All that a reader can see of a graph: its triples, its words, its links, its counts."""
    graph = kg.open(folder)
    hits = [str(hit) for hit in graph.search("mayor")]
    return graph.export(header=False), hits, graph.title, graph.stats().things, graph.generation.manifest.counts


def answer(folder: Path) -> object:
    """What a reader sees, or "refused" where it is told in one line and a hint that it cannot."""
    try:
        return seen(folder)
    except KgError as error:
        told = str(error)
    return told if told.count("\n") > 1 or "Errno" in told else "refused"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kg", *map(str, arguments)], env=ENVIRONMENT, capture_output=True, text=True, check=False)


def parts(folder: Path) -> list[str]:
    """Every file of a graph, but the log that the engine writes for itself and the empty locks."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("lock", "LOCK") and not path.name.startswith("LOG")
    )


def zero(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("how", [zero, half, spoil, Path.unlink], ids=lambda how: how.__name__)
def test_no_damaged_file_gives_a_wrong_answer_and_the_next_build_mends_it(vault: Path, tmp_path: Path, how: object) -> None:
    folder, kept = tmp_path / "graph", tmp_path / "kept"
    kg.build(vault, folder)
    (vault / "third.md").write_text("# Third\n\n[[other]] and Ghana.\n")
    kg.build(vault, folder)
    right = seen(folder)
    shutil.copytree(folder, kept)
    names = [name for name in parts(kept) if not name.startswith("gen-000001")]  # the one before is for readers that have it open
    anew = tmp_path / "anew"
    shutil.copytree(vault, tmp_path / "later")
    (tmp_path / "later" / "good.md").write_text("# Good\n\n[[other]] in Portugal and Chile.\n")
    kg.build(tmp_path / "later", anew)
    for name in names:
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        how(folder / name)  # type: ignore[operator]
        assert answer(folder) in (right, "refused"), name
        assert kg.build(vault, folder).notes == 3
        assert seen(folder) == right, name
        assert store.verify(store.current(folder)) == []
        if name.startswith("cache"):  # what is built on it is right, too: a cache that lies would tell here
            (vault / "good.md").write_text("# Good\n\n[[other]] in Portugal and Chile.\n")
            kg.build(vault, folder)
            assert seen(folder)[0] == seen(anew)[0], name
            (vault / "good.md").write_text("# Good\n\n[[other]] in Portugal.\n")


def test_bits_that_rot_in_silence_are_found_by_their_checksums(vault: Path, tmp_path: Path) -> None:
    kg.build(vault, tmp_path / "graph")
    generation = store.current(tmp_path / "graph")
    assert store.verify(generation) == []
    names = [name for name in parts(generation.folder) if name != "manifest.json" and (generation.folder / name).stat().st_size]
    for name in names:
        path = generation.folder / name
        data, what = path.read_bytes(), path.stat()
        spoil(path)
        os.utime(path, ns=(what.st_atime_ns, what.st_mtime_ns))
        assert store.verify(generation) == [f"{path}: is not what was written"]
        path.write_bytes(data)
    (generation.folder / names[0]).unlink()
    assert store.verify(generation) == [f"{generation.folder / names[0]}: is missing"]


def test_check_of_the_graph_tells_which_file_rotted(vault: Path, tmp_path: Path) -> None:
    kg.build(vault, tmp_path / "graph")
    generation = store.current(tmp_path / "graph")
    path = next(each for each in sorted(generation.index.glob("*.sqlite")) if each.stat().st_size)
    what = path.stat()
    spoil(path)
    os.utime(path, ns=(what.st_atime_ns, what.st_mtime_ns))
    done = run("-g", tmp_path / "graph", "check", "--graph")
    assert (done.returncode, done.stdout) == (1, f"{generation.name}/index/{path.name}: error graph-file: is not what was written\n")


def test_a_manifest_that_is_changed_is_not_believed(vault: Path, tmp_path: Path) -> None:
    kg.build(vault, tmp_path / "graph")
    path = store.current(tmp_path / "graph").folder / "manifest.json"
    path.write_text(path.read_text().replace('"title": "notes"', '"title": "votes"'))
    with pytest.raises(StoreError, match="not what was written"):
        kg.open(tmp_path / "graph")


def test_a_copied_graph_is_the_same_graph(vault: Path, tmp_path: Path) -> None:
    kg.build(vault, tmp_path / "graph")
    shutil.copytree(tmp_path / "graph", tmp_path / "copy", copy_function=shutil.copyfile)
    assert seen(tmp_path / "copy") == seen(tmp_path / "graph")


# -- no room -------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("room", [0, 4_000, 60_000])
def test_a_limit_of_file_size_leaves_the_graph_as_it_was(vault: Path, tmp_path: Path, room: int) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    before = seen(folder)
    for number in range(60):
        (vault / f"n{number}.md").write_text(f"# N{number}\n\nPortugal and Denmark, [[good]]. " * 60)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", str(vault), "-o", str(folder)], env=ENVIRONMENT, capture_output=True, text=True, preexec_fn=limited, check=False
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {folder}: cannot be written: ")
    assert done.stderr.count("\n") == 2
    assert seen(folder) == before
    assert len(list(folder.glob("gen-*"))) == 1
    kg.build(vault, folder)
    assert kg.open(folder).stats().things["Note"] == 63


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB; the graph that is built on it at the end takes 5.4, beside the one before."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True, check=False)
        if shutil.which("mount")
        else None
    )
    if done is None or done.returncode:
        pytest.skip("a small disk can only be mounted by root, where that is allowed")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("left", [0, 20, 100, 400, 900])
def test_a_full_disk_leaves_the_graph_as_it_was(vault: Path, small: Path, left: int) -> None:
    folder = small / "graph"
    kg.build(vault, folder)
    before = seen(folder)
    for number in range(60):
        (vault / f"n{number}.md").write_text(f"# N{number}\n\nPortugal and Denmark, [[good]]. " * 60)
    stuff = small / "stuff"
    with stuff.open("wb") as file:
        free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
        file.write(bytes(max(0, free - left * 1024)))
    done = run("build", vault, "-o", folder)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"error: {folder}: cannot be written: ")
    assert seen(folder) == before
    assert len(list(folder.glob("gen-*"))) == 1
    done = run("export", "-g", folder, "-o", small / "graph.ttl")
    assert (done.returncode, (small / "graph.ttl").exists()) in ((0, True), (1, False))
    stuff.unlink()
    kg.build(vault, folder)
    assert kg.open(folder).stats().things["Note"] == 63


@pytest.mark.skipif(os.name == "nt" or (os.geteuid() == 0 and not shutil.which("setpriv")), reason="root may write everywhere")
def test_a_graph_that_may_only_be_read_is_read_and_said_to_be_so(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (tmp_path, *tmp_path.parents):
        if path.is_relative_to(Path("/tmp")) and path != Path("/tmp"):
            path.chmod(0o755)
    somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    kept = ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"}

    def asked(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*somebody, sys.executable, "-m", "kg", *map(str, arguments)], env=kept, capture_output=True, text=True, check=False, cwd="/"
        )

    if "No module" in asked("--version").stderr or asked("--version").returncode:
        pytest.skip("nobody else may run this Python")
    try:
        asking = asked("query", "-g", folder, "SELECT ?n { ?n a :Note }", "--format", "csv")
        assert (asking.returncode, asking.stdout.count("note")) == (0, 3)
        assert asked("search", "-g", folder, "mayor").returncode == 0
        done = asked("build", vault, "-o", folder)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "cannot be written" in done.stderr
        assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


# -- others at the same time ---------------------------------------------------------------------


def test_builds_at_once_make_one_graph(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "kg", "build", "-q", "--full", str(vault), "-o", str(folder)], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [process.communicate()[1] for process in running]
    for process, text in zip(running, said, strict=True):
        assert process.returncode == (1 if text else 0)
        assert text in ("", f"error: {folder}: another build of this graph is running\n  hint: wait for it to end\n")
    assert [process.returncode for process in running].count(0) >= 1
    assert store.verify(store.current(folder)) == []


def test_readers_go_on_while_builds_publish(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    stop = threading.Event()
    wrong: list[object] = []
    reads: list[int] = []

    def read() -> None:
        while not stop.is_set():
            try:
                graph = kg.open(folder)
                count = len(graph.query("SELECT ?n { ?n a :Note }").terms)
                time.sleep(0.01)
                hits = len(list(graph.search("mayor")))
                if (count, hits) != (3, 1):
                    wrong.append((count, hits))
                reads.append(count)
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is what the test is about
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    ended = time.monotonic() + float(os.environ.get("KG_SOAK", "4"))
    turn = 0
    while time.monotonic() < ended or turn < 5:
        turn += 1
        (vault / "third.md").write_text(f"# Third\n\n[[good]] and Denmark, for the {turn}th time.\n")
        kg.build(vault, folder, full=turn % 5 == 0)
    stop.set()
    for each in readers:
        each.join()
    assert wrong == []
    assert len(reads) > 10
    kg.build(vault, folder, full=True)
    assert len(list(folder.glob("gen-*"))) <= 2


def test_a_graph_that_is_open_stays_as_it_is_through_any_number_of_builds(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    graph = kg.open(folder)
    for turn in range(4):
        (vault / "other.md").write_text(f"# Other\n\nNobody spoke, {turn}.\n")
        kg.build(vault, folder)
    assert [str(hit) for hit in graph.search("mayor")] == ["other.md:3"]
    assert len(graph.query("SELECT ?n { ?n a :Note }").terms) == 3
    del graph
    kg.build(vault, folder, full=True)
    assert len(list(folder.glob("gen-*"))) == 2


def test_a_vault_that_changes_under_the_build_is_read_as_it_is_in_the_end(vault: Path, tmp_path: Path) -> None:
    folder, stop = tmp_path / "graph", threading.Event()

    def churn() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            (vault / f"new{turn % 20}.md").write_text(f"# New {turn}\n\n[[good]] {turn}\n")
            if turn % 3 == 0:
                (vault / f"new{(turn + 7) % 20}.md").unlink(missing_ok=True)
            if turn % 5 == 0 and (vault / f"new{turn % 20}.md").exists():
                (vault / f"new{turn % 20}.md").rename(vault / f"moved{turn % 4}.md")

    writer = threading.Thread(target=churn)
    writer.start()
    try:
        for _ in range(6):
            kg.build(vault, folder)
            kg.open(folder)
    finally:
        stop.set()
        writer.join()
    kg.build(vault, folder)
    kg.build(vault, tmp_path / "anew")
    assert seen(folder)[0] == seen(tmp_path / "anew")[0]


def test_a_clock_that_is_set_back_hides_no_edit(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    for at, text in enumerate(["Ghana", "Chile", "Wales"]):
        path = vault / "third.md"
        path.write_text(f"# Third\n\n[[good]] and {text}.\n")
        os.utime(path, (1_000_000 - at, 1_000_000 - at))  # the time of the edit is long before the last build
        assert kg.build(vault, folder).changed == 1
        assert text in kg.open(folder).export(header=False)
