"""Faults on purpose: every call that touches the disk fails in turn, or is the last thing a process does."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
STRIDE = {
    "a first build": 83,
    "an update": 83,
    "a full build": 113,
    "a load": 61,
    "a page": 3,
    "a decision": 2,
    "an export": 2,
    "an export of two files": 3,
}
"""Every so many calls of a build in a usual run; ``make faults`` tries each (KG_FAULTS_STRIDE=1)."""


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, compiled; where it cannot be, its tests are skipped, but not in CI."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    missing = "" if sys.platform == "linux" else "the shim is for Linux"
    missing = missing or ("" if compiler else "no C compiler is here (cc)")
    if missing:
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"the faults may not be skipped here: {missing}")
        pytest.skip(missing)
    made = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run([str(compiler), "-shared", "-fPIC", "-O1", "-o", str(made), str(HERE / "shim.c"), "-ldl"], check=True)
    return made


@pytest.fixture
def fast(tmp_path: Path) -> Path:
    """A folder in memory, where there is one: what is asked is what is there after a fault, not how fast the disk is."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        return tmp_path
    folder = memory / f"kg-faults-{os.getpid()}-{tmp_path.name}"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def run(shim: Path, name: str, folder: Path) -> object:
    stride = os.environ.get("KG_FAULTS_STRIDE") or str(STRIDE.get(name, 1))
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / "trials.py"), name, str(folder)],
            env=ENVIRONMENT | {"LD_PRELOAD": str(shim), "KG_FAULTS_STRIDE": stride}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "name", ["a first build", "an update", "a full build", "a load", "an export", "an export of two files", "a page", "a decision"]
)
def test_whatever_call_fails_the_old_or_the_new_is_there_whole(shim: Path, name: str, fast: Path) -> None:
    found = run(shim, name, fast)
    assert isinstance(found, dict)
    assert found["wrong"] == []
    assert found["trials"] > 15


def test_all_is_forced_to_disk_before_it_is_named(shim: Path, fast: Path) -> None:
    calls = run(shim, "trace", fast)
    assert isinstance(calls, list)
    calls = [call.replace("/graph.tmp", "/graph") for call in calls]  # the engine makes a copy there, and renames it
    named = calls.index("rename CURRENT")
    written = {call.removeprefix("write ") for call in calls[:named] if call.startswith("write gen-")}
    engine = {name for name in written if name.endswith(".dbtmp") or "/LO" in name}  # renamed, or its log
    last = {name: max(at for at, call in enumerate(calls) if call == f"write {name}") for name in written - engine}
    assert len(last) > 5
    assert [name for name, at in last.items() if f"fsync {name}" not in calls[at:named]] == []
    for folder in (".", *{str(Path(name).parent) for name in last}):
        assert f"fsync {folder}" in calls[:named], folder
    assert "write CURRENT.next" in calls[:named]
    assert calls.index("fsync CURRENT.next") < named
    assert "fsync ." in calls[named:]


# -- signals, and kill -9, from outside ----------------------------------------------------------


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "kg", *map(str, arguments)], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(400):
        others = " ".join(f"[[n{(number * 7 + k) % 400}]]" for k in range(5))
        (notes / f"n{number}.md").write_text(f"# Note {number}\n\nThe mayor of Lisbon met Denmark. {others}\n\n- **Talk Cardiff** in Wales.\n")
    return notes


def test_kill_9_at_any_instant_leaves_the_old_graph_or_the_new(vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    kg.build(vault, folder)
    old = kg.open(folder).export(header=False)
    for number in range(0, 400, 4):
        with (vault / f"n{number}.md").open("a") as file:
            file.write("\nGhana, too.\n")
    kg.build(vault, tmp_path / "new")
    new = kg.open(tmp_path / "new").export(header=False)
    clean = sum(path.stat().st_size for path in (tmp_path / "new").rglob("*") if path.is_file())
    chance, seen = random.Random(9), set()
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept)
    for turn in range(int(os.environ.get("KG_KILLS", "8"))):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        process = started("build", "-q", vault, "-o", folder, "--jobs", 1 + turn % 2)
        if turn % 2:
            time.sleep(chance.uniform(0.1, 2))
        else:  # aimed: as soon as the new generation is whole, or a little later
            while process.poll() is None and not (folder / "gen-000002" / "manifest.json").exists():
                time.sleep(0.0005)
            time.sleep(chance.uniform(0, 0.06))
        process.kill()
        process.communicate()
        found = kg.open(folder).export(header=False)
        assert found in (old, new)
        seen.add(found == new)
        kg.build(vault, folder)
        assert kg.open(folder).export(header=False) == new
        ours = {"CURRENT", "lock", ".gitignore", "cache.sqlite", "cache.seal"}
        assert len({each.name for each in folder.iterdir()} - ours) <= 2  # generations
        assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 3 * clean


@pytest.mark.skipif(os.name == "nt", reason="the signals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_build_soon(vault: Path, tmp_path: Path, number: signal.Signals, code: int, jobs: str) -> None:
    folder = tmp_path / "graph"
    process = started("build", "-q", vault, "-o", folder, "--jobs", jobs)
    while not (folder / "cache.sqlite").exists() and process.poll() is None:
        time.sleep(0.005)
    time.sleep(0.2)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)  # two seconds, on a machine that has nothing else to do
    assert process.returncode == code
    assert said.strip() == ("interrupted" if code == 130 else "")
    kg.build(vault, folder)
    assert kg.open(folder).stats().things["Note"] == 400


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_a_killed_build_leaves_no_process_and_no_lock(vault: Path, tmp_path: Path) -> None:
    process = started("build", "-q", vault, "-o", tmp_path / "graph", "--jobs", "2")
    children: list[int] = []
    while not children and process.poll() is None:
        time.sleep(0.005)
        children = [int(each) for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    assert children
    process.kill()
    process.communicate()
    ended = time.monotonic() + 10
    while any(_runs(each) for each in children) and time.monotonic() < ended:
        time.sleep(0.05)
    assert [each for each in children if _runs(each)] == []
    assert kg.build(vault, tmp_path / "graph").notes == 400


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
