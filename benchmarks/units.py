"""The workbooks of thousands of units for the measurements of a season, and their roster.

    python benchmarks/units.py FOLDER COUNT [--prose dense] [--lacking]

A few hundred workbooks are built; each unit gets one of them with its own name and code put in. A
process of its own writes them, so that whoever measures memory has not imported what writes them.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

BUILT = 200
"""So many workbooks differ in more than their unit."""

NAME, CODE = "占位单位名称", "PLACEHOLDER000000"
PER_COUNTY = 40
_EVERY = 5.0
"""Seconds between two lines about how far a measurement is."""

_Item = TypeVar("_Item")


PROSE = ("usual", "dense")
"""How much text a workbook has; see ``content.py``."""


def write_units_apart(
    folder: Path, count: int, *, prose: str = "dense", lacking: bool = False
) -> None:
    """As ``write_units``, in a process of its own."""
    command = [sys.executable, __file__, str(folder), str(count), "--prose", prose]
    if lacking:
        command.append("--lacking")
    subprocess.run(command, check=True)


def write_units(folder: Path, count: int, *, prose: str = "dense", lacking: bool = False) -> None:
    """Write ``inbox`` with a workbook for each unit, and ``roster.xlsx``.

    ``prose`` is one of ``PROSE``. With ``lacking`` one unit of fifty hands in nothing.
    """
    from govdisclose.roster import RosterUnit, make_roster, write_roster

    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    models = [_model(seed, prose) for seed in range(min(BUILT, count))]
    units = [RosterUnit("", "某省人民政府", "P", level="省级", reports=False)]
    for county in range(-(-count // PER_COUNTY)):
        units.append(RosterUnit("", f"第{county}县人民政府", f"C{county}", "P", "县级", False))
    for number in counted(range(count), "workbooks", count):
        name, code = f"第{number:07}单位", f"U{number}"
        units.append(RosterUnit("", name, code, f"C{number // PER_COUNTY}", "单位"))
        if number % 50 or not lacking:
            data = _with_unit(models[number % len(models)], name, code)
            (inbox / f"{number:06}.xlsx").write_bytes(data)
    write_roster(folder / "roster.xlsx", make_roster(units).units)


def _model(seed: int, prose: str) -> dict[str, bytes]:
    """The members of a workbook whose agency has the placeholders."""
    from content import dense_report, usual_report
    from govdisclose import Agency
    from govdisclose.write.workbook import workbook_bytes

    built = dense_report(seed) if prose == "dense" else usual_report(seed)
    report = built.evolve(agency=Agency(NAME, CODE, "agency"), title="", year=2024, published=None)
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(report))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with_unit(members: dict[str, bytes], name: str, code: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, content in members.items():
            content = content.replace(NAME.encode(), name.encode())
            archive.writestr(member, content.replace(CODE.encode(), code.encode()))
    return stream.getvalue()


# --- how far it is ------------------------------------------------------------------------------


def counted(items: Iterable[_Item], what: str, total: int) -> Iterator[_Item]:
    """Yield the items, and say now and then how many there were."""
    progress = Progress(what, total)
    for done, item in enumerate(items, 1):
        yield item
        progress.tell(done)


class Progress:
    """Says on stderr how far a measurement is, and how long the rest will take."""

    def __init__(self, what: str, total: int) -> None:
        """Begin now."""
        self._what, self._total = what, total
        self._start = self._last = time.monotonic()

    def tell(self, done: int) -> None:
        """Say it, at most every few seconds."""
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        left = ""
        if done:
            left = f", {(now - self._start) / done * (self._total - done):.0f} s left"
        said = f"{self._what}: {done} of {self._total}, {now - self._start:.0f} s{left}"
        print(said, file=sys.stderr, flush=True)


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--prose", choices=PROSE, default="dense", help="how much text each has")
    parser.add_argument("--lacking", action="store_true", help="one of fifty hands in nothing")
    options = parser.parse_args()
    write_units(options.folder, options.count, prose=options.prose, lacking=options.lacking)


if __name__ == "__main__":
    main()
