"""Build the sample workbooks from tools/samples/*.json; with ``--check`` only compare them.

A sample file is a report in the library's own JSON form. Two further keys are for samples of bad
workbooks: ``as_typed`` holds what a clerk typed into cells that a typed report cannot hold (path →
text or number), ``mistakes`` says which rule each mistake is made for (code → path).
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

from govdisclose.read.json import read_data
from govdisclose.write.workbook import workbook_bytes

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tools" / "samples"
SAMPLES = ROOT / "sample_workbooks"


def build(source: Path) -> bytes:
    """The workbook of one sample file."""
    data = json.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
    as_typed = data.pop("as_typed", {})
    data.pop("mistakes", None)
    return workbook_bytes(read_data(data, source).report, as_typed=as_typed)


def _parts(workbook: bytes) -> dict[str, bytes]:
    """What the file holds: its compression may differ between builds of zlib."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main(arguments: list[str] | None = None) -> int:
    """Write or check every sample; the exit code is 1 when ``--check`` finds one that differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    SAMPLES.mkdir(exist_ok=True)
    stale = []
    for source in sorted(SOURCES.glob("*.json")):
        target = SAMPLES / f"{source.stem}.xlsx"
        built = build(source)
        if check and not (target.exists() and _parts(target.read_bytes()) == _parts(built)):
            stale.append(target.name)
        elif not check:
            target.write_bytes(built)
    for name in stale:
        print(f"{name} is not what tools/build_samples.py makes; run it", file=sys.stderr)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
