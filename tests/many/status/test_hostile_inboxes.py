"""Inboxes as nobody should send them: every file is named once, and no unit is counted twice."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from govdisclose.consolidate import aggregate_folder
from govdisclose.errors import FindingsError, InputError
from govdisclose.status import SeasonStatus, UnitState, check_inbox
from support import seasons
from support.archives import zipped
from support.seasons import Place, workbook

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names and links of POSIX")


def of(number: int, **more: int) -> bytes:
    return workbook(f"甲市第{number}局", f"U{number}", **more)


def put(**files: bytes) -> Callable[[Place], None]:
    """Puts files whose names are written with ``__`` for a point."""

    def fill(place: Place) -> None:
        for name, data in files.items():
            place.put(name.replace("__", "."), data)

    return fill


def _links(place: Place) -> None:
    outside = place.root / "外面.xlsx"
    outside.write_bytes(of(1))
    place.put("2.xlsx", of(2))
    for name, target in {
        "1.xlsx": outside,
        "二.xlsx": place.inbox / "2.xlsx",
        "空.xlsx": place.root / "没有.xlsx",
        "圈": place.inbox,
    }.items():
        os.symlink(target, place.inbox / name)


def _unicode(place: Place) -> None:
    place.put(unicodedata.normalize("NFC", "é.xlsx"), of(1))
    place.put(unicodedata.normalize("NFD", "é.xlsx"), of(2))


def _pipe(place: Place) -> None:
    os.mkfifo(place.inbox / "1.xlsx")
    os.mkfifo(place.inbox / "1.pdf")


def _bomb(place: Place) -> None:
    place.put("b.zip", zipped({"1.xlsx": b"\0" * 30_000_000, "2.xlsx": of(2)}))


_INNER = zipped({"c.zip": zipped({"1.xlsx": of(1)}), "2.xlsx": of(2)})
_ENDINGS = [
    "xls",
    "et",
    "ods",
    "doc",
    "wps",
    "rar",
    "7z",
    "tar",
    "gz",
    "csv",
    "tsv",
    "ofd",
    "ceb",
    "mht",
    "eml",
    "jpg",
    "lnk",
    "url",
    "part",
    "exe",
]

CASES: dict[str, tuple[Callable[[Place], None], int, int]] = {
    # how it is filled, how many files there are, how many units are in order
    "other endings": (put(**{f"f__{ending}": b"x" for ending in _ENDINGS}), len(_ENDINGS), 0),
    "upper-case endings": (put(**{"1__XLSX": of(1), "2__Zip": zipped({"2.XLSX": of(2)})}), 2, 2),
    "three archives deep": (put(a__zip=zipped({"b.zip": _INNER})), 2, 1),
    "a bomb": (_bomb, 2, 1),
    "ways out": (put(o__zip=zipped({"../1.xlsx": of(1), "/2.xlsx": of(2)})), 2, 0),
    "links": (_links, 5, 1),
    "two Unicode forms": (_unicode, 2, 0),
    "pipes": (_pipe, 2, 0),
    "an archive as workbook": (put(**{"1__xlsx": zipped({"a.xlsx": of(1)})}), 1, 0),
    "a workbook as archive": (put(**{"1__zip": of(1)}), 1, 0),
    "a page as workbook": (put(**{"1__xlsx": b"<html>hi</html>"}), 1, 0),
    "empty files": (put(**{f"e__{kind}": b"" for kind in ("xlsx", "zip", "docx", "txt")}), 4, 0),
    "cut off": (put(**{"1__xlsx": of(1)[:5000], "2__xlsx": of(2)}), 2, 1),
    "swapped codes": (
        put(**{"1__xlsx": workbook("甲市第1局", "U2"), "2__xlsx": workbook("甲市第2局", "U1")}),
        2,
        0,
    ),
    "codes in other letters": (put(**{"1__xlsx": workbook("甲市第１局", "ｕ1")}), 1, 1),
    "without a name": (put(**{"1__xlsx": workbook("", "U1")}), 1, 0),
}


def named(seen: SeasonStatus) -> Counter[str]:
    """How often each file is named."""
    names = [file.file for unit in seen.units for file in (*unit.files, *unit.others)]
    names += [stray.file.file for stray in seen.strays]
    names += [one.file for one in seen.not_looked_at]
    return Counter(names)


@pytest.mark.parametrize("case", CASES)
def test_every_file_is_named_once_and_a_sum_counts_the_units_in_order(
    case: str, tmp_path: Path
) -> None:
    fill, files, in_order = CASES[case]
    place = seasons.place(tmp_path, *map(seasons.unit, (1, 2, 3)))
    fill(place)
    seen = check_inbox(place.inbox, place.roster, year=2024, jobs=1, state=tmp_path / "state")
    found = named(seen)
    assert (len(found), set(found.values())) == (files, {1}), found
    assert len(seen.with_state(UnitState.RECEIVED)) == in_order
    try:
        made = aggregate_folder(
            place.inbox, tmp_path / "t.xlsx", roster=place.roster, on_error="list", jobs=1
        )
    except (FindingsError, InputError):
        assert in_order == 0
    else:
        assert len(made.units) == in_order
