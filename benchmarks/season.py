"""A season of a province on a cluster: reports of many simulated units, with a worker killed on the way.

    python benchmarks/season.py [--units 2000] [--workers 2] [--prose usual] [--only STEP …] [--folder DIR]

Starts a Dask scheduler and workers on this machine, makes the Word reports of all units through them
(``--ship shared``), kills one worker after a third and starts another. Then the same workbooks are
consolidated and exported as one long table, without the cluster. Wall-clock and processor seconds and
the peak of memory of each process that takes part go to ``season.json``, and from there into the table
of docs/cluster.md (``tools/build_docs.py``). How far it is is said on stderr.

Of 20,000 units the reports take some five minutes on two quiet processors, each other step two or
three. ``--only batch`` measures one step, ``--prose usual`` units with less prose; a later run with
other steps of as many units adds to the results.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from attrs import define, field

from timing import Usage, environment, run_process
from units import PROSE, Progress, write_units_apart

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "season.json"

PATIENCE = 300.0
"""Seconds until a cluster must be up."""


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
    from distributed import Client  # the memory of the other steps is measured before

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
    progress = Progress("reports", count)
    while client.poll() is None:
        time.sleep(0.5)
        cluster.look()
        done = sum(1 for path in output.glob("*.docx")) if output.is_dir() else 0
        progress.tell(done)
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
        "said": [line.replace(str(cluster.folder.parent), "…") for line in said[-1:]],
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


def steps(folder: Path, count: int, workers: int) -> Mapping[str, Callable[[], dict[str, Any]]]:
    """Everything that can be measured, by its name."""
    inbox, roster = folder / "inbox", folder / "roster.xlsx"
    total = ("aggregate", inbox, "--roster", roster, "-o", folder / "total.xlsx", "--force")
    table = ("export", inbox, "--to", "parquet", "--roster", roster, "--force")

    def batch() -> dict[str, Any]:
        with cluster_of(folder / "cluster", workers) as cluster:
            return make_reports(inbox, folder / "reports", cluster, count)

    return {
        "aggregate": lambda: alone(total, count),
        "final": lambda: alone((*total, "--final"), count),
        "export": lambda: alone((*table, "-o", folder / "1.parquet", "--jobs", "1"), count),
        "export jobs": lambda: alone((*table, "-o", folder / "2.parquet", "--jobs", "2"), count),
        "export csv": lambda: alone(
            ("export", inbox, "--to", "csv", "--roster", roster, "-o", folder / "1.csv"), count
        ),
        "batch": batch,
    }


STEPS = tuple(steps(HERE, 0, 0))


def season(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure the wanted steps."""
    place = environment()
    write_units_apart(folder, options.units, prose=options.prose)
    found: dict[str, Any] = {}
    for name, measure in steps(folder, options.units, options.workers).items():
        if name in options.only:
            print(f"{name} …", file=sys.stderr, flush=True)
            found[name] = measure()
            print(json.dumps(found[name], ensure_ascii=False), file=sys.stderr, flush=True)
    return {
        "environment": place,
        "units": options.units,
        "workers": options.workers,
        "prose": options.prose,
        "steps": found,
    }


def with_earlier(measured: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """Add the other steps of an earlier run of as many units of the same kind."""
    if any(measured[key] != earlier.get(key) for key in ("units", "prose", "workers")):
        return measured
    return {**measured, "steps": {**earlier["steps"], **measured["steps"]}}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--prose", choices=PROSE, default="dense", help="how much text each has")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=STEPS, metavar="STEP")
    parser.add_argument("--folder", type=Path, help="a folder that does not exist yet, and is kept")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir()
        measured = season(options.folder, options)
    else:
        with tempfile.TemporaryDirectory() as made:
            measured = season(Path(made), options)
    if options.output.exists():
        measured = with_earlier(measured, json.loads(options.output.read_text("utf-8")))
    text = json.dumps(measured, indent=2, ensure_ascii=False) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
