"""Real Dask clusters on this machine for the tests: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from attrs import define, field

from support.copied import copies

SECONDS = 60.0
"""How long anything may take on a slow machine."""

# A worker that comes to the workbook named in the file KILL dies there; only once, unless the name ends in "!".
# With OTHER_VERSION it pretends to be of that version.
_SITE = """
import os
import govdisclose
import govdisclose.version
govdisclose.version.__version__ = os.environ.get("OTHER_VERSION", govdisclose.__version__)
govdisclose.__version__ = govdisclose.version.__version__
from govdisclose.many.batch import worker as work
real = work.make_book
def make_book(settings, item, session):
    try:
        name = open(os.environ["KILL"], encoding="utf-8").read()
    except OSError:
        name = ""
    if name.rstrip("!") == item.path.name:
        if not name.endswith("!"):
            os.unlink(os.environ["KILL"])
        os.kill(os.getpid(), 9)
    return real(settings, item, session)
work.make_book = make_book
"""


@define
class Cluster:
    """A scheduler, its address, and the workers started so far."""

    folder: Path
    scheduler: BaseProcess
    address: str = ""
    workers: list[BaseProcess] = field(factory=list)

    def kill_on(self, book: str) -> None:
        """Have the worker that comes to this workbook die there; each that does, if it ends in “!”."""
        (self.folder / "kill").write_text(book, encoding="utf-8")

    def add_workers(self, count: int, *, nanny: bool = False, **env: str) -> None:
        """Start workers of one thread, and wait until the scheduler has them all."""
        from distributed import Client

        for _ in range(count):
            options = ("--nthreads", "1", "--nanny" if nanny else "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
                       "--local-directory", str(self.folder))  # fmt: skip
            self.workers.append(_start(self.folder, "worker", self.address, *options, env=env))
        with Client(self.address, timeout=SECONDS, set_as_default=False) as client:
            client.wait_for_workers(
                sum(worker.is_alive() for worker in self.workers), timeout=SECONDS
            )

    def end_workers(self) -> None:
        """End all workers, and wait until the scheduler knows of none."""
        from distributed import Client

        for worker in self.workers:
            worker.kill()
            worker.join()
        self.workers.clear()
        with Client(self.address, timeout=SECONDS, set_as_default=False) as client:
            soon(lambda: not client.scheduler_info()["workers"])

    def dead(self) -> list[int]:
        """The exit codes of the workers that have ended."""
        codes = [worker.exitcode for worker in self.workers]
        return [code for code in codes if code is not None]


@contextmanager
def started(folder: Path, workers: int, **env: str) -> Iterator[Cluster]:
    """A cluster that is gone when the block ends."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_SITE, encoding="utf-8")
    file = folder / "scheduler.json"
    options = (
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    )
    cluster = Cluster(folder, _start(folder, "scheduler", *options, env=env))
    try:
        soon(file.exists)
        soon(lambda: bool(_address(file)))
        cluster.address = _address(file)
        if workers:
            cluster.add_workers(workers)
        yield cluster
    finally:
        for process in (*cluster.workers, cluster.scheduler):
            process.kill()
            process.join()


def _start(folder: Path, *arguments: str, env: Mapping[str, str]) -> BaseProcess:
    """Start a scheduler or a worker."""
    path = os.pathsep.join([str(folder), *(os.path.abspath(part) for part in sys.path if part)])
    environment = {"PYTHONPATH": path, "KILL": str(folder / "kill"), **env}
    process = copies().Process(target=_run_dask, args=(folder, arguments, environment))
    process.start()
    return process


def _run_dask(folder: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Be the command ``dask`` in a new process, with what a site does to every Python."""
    import dask
    from dask.__main__ import main

    with open(folder / "log", "ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    dask.config.refresh()
    runpy.run_path(str(folder / "sitecustomize.py"))
    sys.argv = ["dask", *arguments]
    main()


def _address(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["address"])
    except ValueError:  # half written
        return ""


def soon(happens: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)
