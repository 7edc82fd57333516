"""Warm rendering: ours alone and as the whole job, docxtpl, and other engines on the same content.

    python benchmarks/renders.py [--rounds 40] [--peer-folder DIR] [--node-modules DIR]

Every engine is warm, holds data and template in memory as it may, and renders once a round in turn; ours
too has a process of its own, where nothing of the others takes room.
All outputs are compared first: the same paragraphs with the same text, or nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sides import Sides, foreign, own
from timing import in_turn, medians, minima, script, stopwatch

HERE = Path(__file__).resolve().parent / "peers"
ENGINES = {
    "docxtemplater": ("docxtemplater", ["node", HERE / "docxtemplater.js"]),
    "carbone": ("carbone", ["node", HERE / "carbone.js"]),
    "docx-mailmerge2": ("mailmerge", [sys.executable, HERE / "docx_mailmerge2.py"]),
}
"""An engine's name → the language of its template, and the driver that renders once for each line it is sent."""
PROSE = 60
"""Characters that no label of the form has."""
UNCOUNTED = 20
"""Rounds until the engines of Node have compiled their hot code."""

Job = Callable[[], float]
Ask = Callable[..., float]
"""A job of a driver that knows several takes the name of one."""


@contextmanager
def engine(name: str, sides: Sides, output: Path, node_modules: Path | None) -> Iterator[Job]:
    """A running engine as a job that gives the seconds it measured. Raises ``RuntimeError`` when it cannot run."""
    syntax, command = ENGINES[name]
    arguments = [*command, sides.templates[syntax], sides.data, output]
    place = {"NODE_PATH": str(node_modules.resolve())} if node_modules else {}
    with driver(arguments, place) as ask:
        yield ask


@contextmanager
def our_jobs(sides: Sides, folder: Path) -> Iterator[dict[str, Job]]:
    """Our rendering alone, the whole job as a user gets it, and the deflating that no engine is spared."""
    with driver([sys.executable, HERE / "ours.py", sides.book, folder]) as ask:
        yield {name: partial(ask, name) for name in ("render", "whole job", "deflate")}


@contextmanager
def driver(
    command: Sequence[str | Path], environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Ask]:
    """A process that does one job for each line it is sent, and answers with the milliseconds it took."""
    if shutil.which(str(command[0])) is None:
        raise RuntimeError(f"{command[0]} is not installed")
    process = subprocess.Popen(
        list(map(str, command)), env={**os.environ, **environment},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    def ask(line: str = "") -> float:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it says why below
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(process.communicate()[1].strip() or f"{command[1]} ended")
        return float(answer) / 1000

    try:
        yield ask
    finally:
        process.kill()
        process.communicate()


def naive_jobs(sides: Sides, folder: Path) -> dict[str, Job]:
    """docxtpl's rendering alone, and the naive script's whole job, which checks as well."""
    naive = script(sides.scripts / "naive_report.py")
    check = getattr(naive, "check", None) or naive.validate
    book, template, output = (
        str(sides.naive_book),
        str(sides.template),
        str(folder / "docxtpl.docx"),
    )
    context = naive.read_book(book)

    def whole() -> None:
        read = naive.read_book(book)
        if check(read):
            raise RuntimeError("the naive script refuses the book")
        naive.render(read, template, output)

    return {
        "docxtpl": stopwatch(lambda: naive.render(context, template, output)),
        "naive, whole job": stopwatch(whole),
    }


def agree(jobs: dict[str, Job], folder: Path, same_template: bool) -> None:
    """Run each job once and compare what was written. Raises ``ValueError`` when two say different things.

    With the template of a peer folder, ours prints the statutory form and the others another one: then
    they must have our numbers and paragraphs among theirs.
    """
    from peer_templates import texts

    for job in jobs.values():
        job()
    ours = texts(folder / "render.docx")
    if texts(folder / "whole.docx") != ours:
        raise ValueError("our whole job does not write the same text as our rendering")
    wanted = ours if same_template else texts(folder / "docxtpl.docx")
    if _content(ours) - _content(wanted):
        raise ValueError("docxtpl does not write the same content as ours")
    for name in ("docxtpl", *ENGINES):
        if name in jobs and texts(folder / f"{name}.docx") != wanted:
            raise ValueError(f"{name} does not write the same text as the others")


def _content(paragraphs: list[str]) -> Counter[str]:
    """Numbers and prose, without labels."""
    return Counter(text for text in paragraphs if text.isdigit() or len(text) >= PROSE)


def _reason(said: str) -> str:
    """The line that names the fault in the messages of a driver."""
    lines = said.splitlines()
    return next((line for line in lines if "Error" in line), lines[0])


def measure(
    sides: Sides, rounds: int, folder: Path, node_modules: Path | None = None
) -> dict[str, Any]:
    """Medians and minima in seconds by job, and why an engine is ``missing``."""
    missing: dict[str, str] = {}
    with ExitStack() as running:
        jobs = running.enter_context(our_jobs(sides, folder)) | naive_jobs(sides, folder)
        for name in ENGINES:
            try:
                job = running.enter_context(
                    engine(name, sides, folder / f"{name}.docx", node_modules)
                )
                job()
                jobs[name] = job
            except RuntimeError as error:
                missing[name] = _reason(str(error))
        agree(jobs, folder, same_template=sides.own)
        samples = in_turn(rounds, jobs, uncounted=min(rounds, UNCOUNTED))
    return {"seconds": medians(samples), "fastest": minima(samples), "missing": missing}


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--peer-folder", type=Path)
    parser.add_argument(
        "--node-modules", type=Path, help="where docxtemplater, pizzip and carbone are installed"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        sides = foreign(options.peer_folder, folder, 1) if options.peer_folder else own(folder, 1)
        found = measure(sides, options.rounds, folder, options.node_modules)
    print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
