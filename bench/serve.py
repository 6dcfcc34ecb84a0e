"""Measure ``kg serve``: many clients, endless queries beside short ones, memory over time, sockets that trickle.

    python bench/serve.py [GRAPH]     the folder of a graph; without one, the sample notes are built

Clients run in this process, on the same processors as the server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
LOOK_UP = "SELECT ?p ?o {{ <https://example.org/kg/country/{}> ?p ?o }} LIMIT 20"
CODES = ("PT", "GH", "DK", "FR", "ES", "IT", "DE", "SE", "NO", "FI", "JP", "CA", "BR", "IN", "ZA", "KE")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Served:
    """A server in a process of its own."""

    def __init__(self, graph: Path, *options: str) -> None:
        command = [sys.executable, "-m", "kg", "-g", str(graph), "serve", "--port", "0", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        self.port = int(self.process.stderr.readline().split("://127.0.0.1:")[1].split("/")[0])

    def processes(self) -> list[int]:
        """List the server's process and all below it."""
        found, children = [], {}
        for each in Path("/proc").iterdir():
            if each.name.isdigit():
                try:
                    children.setdefault(int((each / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(each.name))
                except OSError:
                    continue
        pending = [self.process.pid]
        while pending:
            found.append(pending.pop())
            pending += children.get(found[-1], [])
        return found

    def cpu(self) -> float:
        """Give the seconds of CPU that they have used."""
        total = 0
        for pid in self.processes():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Give the megabytes that they hold, what they share counted once."""
        total = 0
        for pid in self.processes():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


async def get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """Ask once on a connection, and give the status."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


def look_up() -> str:
    """Give a look-up that few have asked before."""
    return "/sparql?query=" + quote(LOOK_UP.format(random.choice(CODES)) + f" # {random.random()}")


async def client(port: int, requests: int, took: list[float], wrong: list[str], path: str = "") -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(requests):
            began = time.perf_counter()
            status = await get(reader, writer, path or look_up())
            took.append(time.perf_counter() - began)
            if status != 200:
                wrong.append(str(status))
        writer.close()
    except (OSError, asyncio.IncompleteReadError) as error:
        wrong.append(repr(error))


async def crowd(port: int, clients: int = 500, requests: int = 4) -> None:
    took, wrong = [], []
    began = time.perf_counter()
    await asyncio.gather(*(client(port, requests, took, wrong) for _ in range(clients)))
    whole = time.perf_counter() - began
    took.sort()
    print(
        f"{clients} clients x {requests} look-ups   {len(took) / whole:,.0f} requests/s, p50 {statistics.median(took):.2f} s, "
        f"p99 {took[int(len(took) * 0.99)]:.2f} s, {len(wrong)} errors {set(wrong) or ''}"
    )


async def endless(served: Served, limit: float) -> None:
    took, wrong, many, ended = [], [], [], []
    path = "/sparql?query=" + quote(ENDLESS)
    began = time.perf_counter()
    heavy = asyncio.gather(*(client(served.port, 1, many, ended, path) for _ in range(16)))
    await asyncio.sleep(0.01)
    while time.perf_counter() - began < limit - 0.5:
        await client(served.port, 1, took, wrong)
        await asyncio.sleep(0.02)
    await heavy
    over = time.perf_counter() - began
    await asyncio.sleep(1)
    before = served.cpu()
    await asyncio.sleep(1)
    print(
        f"16 Cartesian products        others waited {max(took):.2f} s at most ({len(took)} asked, {len(wrong)} errors); "
        f"all ended after {over:.1f} s of {limit:g} with {sorted(set(ended))}; 1 s later {served.cpu() - before:.2f} CPU s in a second"
    )


async def long_run(served: Served, requests: int) -> None:
    await asyncio.gather(*(client(served.port, 100, [], []) for _ in range(20)))
    before, own = served.memory(), 0
    wrong: list[str] = []
    while own < requests:
        await asyncio.gather(*(client(served.port, 100, [], wrong) for _ in range(50)))
        own += 5000
    after = served.memory()
    print(
        f"{own:,} requests              memory {before:.0f} MB before, {after:.0f} MB after ({(after / before - 1) * 100:+.1f} %), {len(wrong)} errors"
    )


async def trickle(served: Served, sockets: int = 300) -> None:
    async def one() -> float:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        try:
            while time.perf_counter() - began < 60:
                writer.write(b"X: y\r\n")
                if await asyncio.wait_for(reader.read(1000), 1) == b"":
                    break
        except (TimeoutError, OSError):
            if not writer.is_closing() and time.perf_counter() - began < 60:
                return await drip(reader, writer, began)
        return time.perf_counter() - began

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, began: float) -> float:
        while time.perf_counter() - began < 60:
            try:
                writer.write(b"X: y\r\n")
                if await asyncio.wait_for(reader.read(1000), 1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        return time.perf_counter() - began

    ends = asyncio.gather(*(one() for _ in range(sockets)))
    took, wrong = [], []
    await asyncio.sleep(1)
    await client(served.port, 20, took, wrong)
    print(f"{sockets} sockets that trickle      the last was cut after {max(await ends):.1f} s; others waited {max(took):.3f} s at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", nargs="?", type=Path)
    parser.add_argument("--requests", type=int, default=50_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = given.graph or Path(folder)
        if given.graph is None:
            subprocess.run([sys.executable, "-m", "kg", "build", str(ROOT / "notes"), "-o", folder], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
        limit = 5.0
        served = Served(graph, "--timeout", str(limit))
        try:
            asyncio.run(crowd(served.port, 50, 4))
            asyncio.run(crowd(served.port))
            asyncio.run(endless(served, limit))
            asyncio.run(trickle(served))
            if given.requests:
                asyncio.run(long_run(served, given.requests))
        finally:
            served.close()


if __name__ == "__main__":
    main()
