"""A season of a province on a cluster: reports of many simulated units, with a worker killed on the way.

    python benchmarks/season.py [--units 2000] [--workers 2] [--folder DIR]

Starts a Dask scheduler and workers on this machine, makes the Word reports of all units through them
(``--ship shared``), kills one worker after a third and starts another. Then the same workbooks are
consolidated and exported as one long table, without the cluster. Processor seconds and the peak of
memory are printed as JSON, for each process that takes part.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import psutil
from attrs import define, field
from distributed import Client

from content import dense_report
from govdisclose import Agency
from govdisclose.roster import RosterUnit, write_roster
from govdisclose.write.workbook import workbook_bytes
from timing import Usage, environment, run_process

SAMPLES = 40
"""Different reports; the units' workbooks are copies of them with other names and codes."""

NAME, CODE = "第{:07}号单位", "11{:015}Q"
HEAD = "某省人民政府"
PATIENCE = 300.0
"""Seconds until a cluster must be up."""


def write_units(folder: Path, count: int) -> list[RosterUnit]:
    """Write a workbook for each unit, and return the units."""
    folder.mkdir()
    samples = [_sample(number) for number in range(SAMPLES)]
    for number in range(count):
        _write_copy(samples[number % SAMPLES], number, folder / f"{number:07}.xlsx")
    units = [RosterUnit("", NAME.format(n), CODE.format(n), HEAD) for n in range(count)]
    return [RosterUnit("", HEAD), *units]


def _sample(number: int) -> bytes:
    agency = Agency(NAME.format(number), CODE.format(number))
    return workbook_bytes(dense_report(number).evolve(agency=agency, title="", year=2024))


def _write_copy(sample: bytes, number: int, path: Path) -> None:
    """A copy of a sample for another unit."""
    old, new = number % SAMPLES, number
    with (
        zipfile.ZipFile(BytesIO(sample)) as before,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after,
    ):
        for member in before.infolist():
            data = before.read(member)
            for form in (NAME, CODE):
                data = data.replace(form.format(old).encode(), form.format(new).encode())
            after.writestr(member.filename, data)


@define
class Cluster:
    """A scheduler and workers on this machine, each with what it has cost so far."""

    folder: Path
    costs: dict[str, tuple[psutil.Process, float, float]] = field(factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(factory=dict)

    @property
    def address(self) -> str:
        """The address of the scheduler."""
        file = self.folder / "scheduler.json"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return str(json.loads(file.read_text("utf-8"))["address"])
            except (OSError, ValueError):  # not there yet, or half written
                time.sleep(0.1)
        raise TimeoutError("the scheduler has not started")

    def start(self, name: str, *arguments: str) -> None:
        """Start one process of the cluster."""
        command = [
            sys.executable,
            "-m",
            "dask",
            *arguments,
            "--no-dashboard",
            "--host",
            "127.0.0.1",
        ]
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.processes[name] = process
        self.costs[name] = (psutil.Process(process.pid), 0.0, 0.0)

    def add_worker(self, name: str) -> None:
        """Start a worker of one thread, as docs/cluster.md tells."""
        self.start(name, "worker", self.address, "--nthreads", "1")

    def look(self) -> None:
        """Note what each process and its children have cost; a dead one keeps its last figures."""
        for name, (process, cpu, peak) in self.costs.items():
            try:
                family = [process, *process.children(recursive=True)]
                now = sum(sum(member.cpu_times()[:4]) for member in family[:1])
                now += sum(sum(member.cpu_times()[:2]) for member in family[1:])
                held = sum(member.memory_info().rss for member in family) / 2**20
            except psutil.Error:
                continue
            self.costs[name] = (process, max(cpu, now), max(peak, held))

    def kill(self, name: str) -> None:
        """End a worker and its children, as a power cut does."""
        process = psutil.Process(self.processes[name].pid)
        for member in (*process.children(recursive=True), process):
            member.kill()
        self.processes.pop(name).wait()

    def end(self) -> None:
        """End every process that is left."""
        for name in list(self.processes):
            self.kill(name)


@contextmanager
def cluster_of(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster that is gone when the block ends."""
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.start("scheduler", "scheduler", "--port", "0", "--scheduler-file", "scheduler.json")
        for number in range(workers):
            cluster.add_worker(f"worker {number + 1}")
        with Client(cluster.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
        yield cluster
    finally:
        cluster.end()


def make_reports(books: Path, output: Path, cluster: Cluster, count: int) -> dict[str, object]:
    """Make all reports through the cluster; kill one worker after a third and start another."""
    command = ["govdisclose", "batch", books, "-o", output, "--scheduler", cluster.address]
    started = time.monotonic()
    # Its progress goes to a file: a pipe that nobody reads would fill and stop it.
    log = cluster.folder / "client.log"
    with open(log, "wb") as file:
        client = subprocess.Popen(
            [sys.executable, "-m", *map(str, command), "--ship", "shared"],
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    cluster.costs["client"] = (psutil.Process(client.pid), 0.0, 0.0)
    killed_at = 0
    while client.poll() is None:
        time.sleep(0.5)
        cluster.look()
        done = sum(1 for path in output.glob("*.docx")) if output.is_dir() else 0
        if not killed_at and done > count / 3:
            cluster.kill("worker 1")
            cluster.add_worker("worker started later")
            killed_at = done
    wall = time.monotonic() - started
    said = log.read_text("utf-8").strip().splitlines()
    costs = {
        name: {
            "cpu": round(cpu, 1),
            "ms a unit": round(1000 * cpu / count, 2),
            "peak MB": round(peak),
        }
        for name, (_, cpu, peak) in cluster.costs.items()
    }
    return {
        "exit code": client.returncode,
        "said": said[-1:],
        "reports": sum(1 for _ in output.glob("*.docx")),
        "killed after": killed_at,
        "wall seconds": round(wall, 1),
        "processes": costs,
    }


def alone(command: Sequence[str | Path], count: int) -> dict[str, float]:
    """What a command costs without the cluster."""
    usage: Usage = run_process([sys.executable, "-m", "govdisclose", *command])
    return {
        "wall seconds": round(usage.wall, 1),
        "cpu": round(usage.cpu, 1),
        "cpu ms a unit": round(1000 * usage.cpu / count, 2),
        "peak MB": round(usage.megabytes),
    }


def season(folder: Path, count: int, workers: int) -> dict[str, object]:
    """The whole season."""
    books = folder / "books"
    roster = write_roster(folder / "roster.xlsx", write_units(books, count))
    with cluster_of(folder / "cluster", workers) as cluster:
        made = make_reports(books, folder / "reports", cluster, count)
    total = ("aggregate", books, "--roster", roster, "-o", folder / "total.xlsx")
    table = ("export", books, "--to", "parquet", "--roster", roster, "-o", folder / "cells.parquet")
    return {
        "units": count,
        "workers": workers,
        "batch": made,
        "aggregate": alone(total, count),
        "aggregate --final": alone((*total, "--force", "--final"), count),
        "export, one process": alone((*table, "--jobs", "1"), count),
        "export, two processes": alone((*table, "--jobs", "2", "--force"), count),
        "environment": environment(),
    }


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="a folder that does not exist yet, and is kept")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir()
        print(json.dumps(season(options.folder, options.units, options.workers), indent=2))
        return
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(season(Path(made), options.units, options.workers), indent=2))


if __name__ == "__main__":
    main()
