"""An inbox and its roster as an office has them in January: good, wrong, doubled, renamed, missing."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape
from zlib import crc32

from attrs import field, frozen
from openpyxl import Workbook

from govdisclose import Agency
from govdisclose.form.report import Level
from govdisclose.roster import Contact, RosterUnit, make_roster, write_roster
from govdisclose.write.workbook import workbook_bytes
from support.reports import consistent_report

YEAR = 2024
"""The year that the reports of ``consistent_report`` are on."""

CITY = RosterUnit("", "甲市人民政府", "C0", None, "市级", contact=Contact("王主任", "0517-1"))
COUNTY = RosterUnit("", "乙县人民政府", "C1", "C0", "县级")


_NAME, _CODE, _OWN = "占位单位名称", "PLACEHOLDER", 987_654_321
"""What stands in a model for the name and the code of a unit, and for a figure of its own."""


@cache
def workbook(
    name: str,
    code: str | None = None,
    *,
    seed: int = 1,
    wrong: int = 0,
    year: int = YEAR,
    level: Level = "agency",
) -> bytes:
    """A workbook of an agency; ``wrong`` of its sums (at most 2) do not hold.

    No two units have the same figures.
    """
    model = _model(seed % _SEEDS, wrong, year, level)
    own = str(1_000 + crc32((code or name).upper().encode()) % 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, content in model.items():
            named = content.replace(_NAME.encode(), escape(name).encode())
            named = named.replace(str(_OWN).encode(), own.encode())
            archive.writestr(member, named.replace(_CODE.encode(), (code or "").encode()))
    return stream.getvalue()


_SEEDS = 5
"""So many workbooks differ in their figures."""


@cache
def _model(seed: int, wrong: int, year: int, level: Level) -> dict[str, bytes]:
    """The members of a workbook that holds the placeholders: making one takes a tenth of a second."""
    title = f"{_NAME}{year}年政府信息公开工作年度报告"
    report = consistent_report(seed=seed).evolve(
        agency=Agency(_NAME, _CODE, level), title=title, year=year, published=None
    )
    faults = {"disputes.review.total": 9_999, "disputes.litigation.direct.total": 8_888}
    own = {"proactive.licences.decisions": _OWN}
    data = workbook_bytes(report.with_values(own | dict(list(faults.items())[:wrong])))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unit(number: int, **more: object) -> RosterUnit:
    """The unit of a number: every third one belongs to the county."""
    parent, level = ("C1", "县级") if number % 3 == 0 else ("C0", "市级")
    values: dict[str, object] = {
        "name": f"甲市第{number}局",
        "code": f"U{number}",
        "parent": parent,
        "level": level,
        "contact": Contact(
            f"第{number}人", f"0517-{number:04}", f"u{number}@x.cn", f"某路{number}号"
        ),
        **more,
    }
    return RosterUnit("", **values)  # type: ignore[arg-type]  # as given


@frozen
class Place:
    """A folder with an inbox and a roster in it."""

    root: Path
    units: tuple[RosterUnit, ...] = field(repr=False)

    @property
    def inbox(self) -> Path:
        """The folder that units send to."""
        return self.root / "收件"

    @property
    def roster(self) -> Path:
        """The roster."""
        return self.root / "花名册.xlsx"

    def put(self, name: str, data: bytes, day: str = "2025-01-10") -> Path:
        """Put a file into the inbox, with a day as its date."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        moment = datetime.fromisoformat(f"{day}T09:00").timestamp()
        os.utime(path, (moment, moment))
        return path


def place(root: Path, *units: RosterUnit) -> Place:
    """An empty inbox, and a roster with the city, the county and ``units``."""
    made = Place(root, (CITY, COUNTY, *units))
    made.inbox.mkdir(parents=True)
    write_roster(made.roster, make_roster(made.units).units)
    return made


def messy(root: Path) -> Place:
    """Twenty units, with every state among them; the numbers of the units say which."""
    units = [unit(number) for number in range(22)]
    units[5] = unit(5, aliases=("甲市老局",))
    made = place(root, *units)
    for number in range(12, 22):
        made.put(f"{number}.xlsx", workbook(f"甲市第{number}局", f"U{number}", seed=number))
    made.put("01错.xlsx", workbook("甲市第1局", "U1", wrong=1))
    made.put("02旧.xlsx", workbook("甲市第2局", "U2", year=2023), "2024-01-20")
    made.put("甲市第3局.xlsx", b"no workbook")
    made.put("04a.xlsx", workbook("甲市第4局", "U4"), "2025-01-10")
    made.put("04b.xlsx", workbook("甲市第4局", "U4", seed=2), "2025-01-15")
    made.put("05.xlsx", workbook("甲市老局", "U5"))
    made.put("06远.xlsx", workbook("甲市第6局", "U6", year=2042))
    made.put("07a.xlsx", workbook("甲市第7局", "U7"))
    made.put("07b.xlsx", workbook("甲市第7局", "U7"))
    made.put("08另.xlsx", workbook("甲市第9局", "U8"))
    made.put("10.xlsx", workbook("甲市第10局", "U10", wrong=2), "2025-02-05")
    made.put("外.xlsx", workbook("丙市水务局", "X1"))
    made.put("说明.doc", b"\xd0\xcf\x11\xe0")
    return made


def decisions(place: Place, *chosen: str, stale: str = "", unknown: str = "") -> Path:
    """A 结果.xlsx of all files of the inbox, with 是 beside ``chosen``.

    The file ``stale`` had another content when it was written, ``unknown`` was not there yet.
    """
    workbook = Workbook()
    page = workbook.active
    page.append(["以此为准", "工作簿", "指纹"])
    for path in sorted(place.inbox.rglob("*.xlsx")):
        name = path.relative_to(place.inbox).as_posix()
        digest = sha256(b"" if name == stale else path.read_bytes()).hexdigest()[:16]
        if name != unknown:
            page.append(["是" if name in chosen else None, name, digest])
    file = place.root / "结果.xlsx"
    workbook.save(file)
    return file
