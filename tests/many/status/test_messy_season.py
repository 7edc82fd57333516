"""Three hundred units as they really send: every fault that was put in is named, and no other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from attrs import frozen

from govdisclose.form.status import SeasonStatus, StrayKind, UnitState
from govdisclose.roster import RosterUnit
from govdisclose.status import check_inbox
from support import seasons
from support.archives import zipped
from support.seasons import Place, workbook

pytestmark = pytest.mark.slow

UNITS = 300
DAY = date(2025, 1, 25)

Files = Mapping[str, bytes]


@frozen
class Fault:
    """What some units send instead of one good workbook, and what must be said of each.

    ``files`` gives the files of a unit (its number, name and code); ``stray`` is the kind of the
    files that belong to nobody, ``remark`` stands in the remark of the unit.
    """

    count: int
    state: UnitState
    files: Callable[[int, str, str], Files]
    stray: StrayKind | None = None
    remark: str = ""
    alias: str = ""


def good(number: int, name: str, code: str) -> Files:
    return {f"{number}.xlsx": workbook(name, code, seed=number)}


FAULTS: dict[str, Fault] = {
    "nothing": Fault(25, UnitState.MISSING, lambda n, name, code: {}),
    "one sum wrong": Fault(
        20, UnitState.RETURNED, lambda n, name, code: {f"{n}.xlsx": workbook(name, code, wrong=1)}
    ),
    "two sums wrong": Fault(
        10, UnitState.RETURNED, lambda n, name, code: {f"{n}.xlsx": workbook(name, code, wrong=2)}
    ),
    "a year to come": Fault(
        5, UnitState.RETURNED, lambda n, name, code: {f"{n}.xlsx": workbook(name, code, year=2042)}
    ),
    "last year": Fault(
        10,
        UnitState.OTHER_YEAR,
        lambda n, name, code: {f"{n}.xlsx": workbook(name, code, year=2023)},
        remark="只有 2023 年度的报告",
    ),
    "a broken file": Fault(
        6, UnitState.UNREADABLE, lambda n, name, code: {f"{name}（报）.xlsx": b"PK\x03\x04broken"}
    ),
    "a broken file of nobody": Fault(
        4, UnitState.MISSING, lambda n, name, code: {f"扫描{n}.xlsx": b""}, StrayKind.UNREADABLE
    ),
    "the same twice": Fault(
        6,
        UnitState.DOUBLED,
        lambda n, name, code: {
            **good(n, name, code),
            f"副本/{n}.xlsx": workbook(name, code, seed=n),
        },
        remark="内容完全相同",
    ),
    "two versions": Fault(
        8,
        UnitState.DOUBLED,
        lambda n, name, code: {
            **good(n, name, code),
            f"{n}b.xlsx": workbook(name, code, seed=n + 1),
        },
        remark="三张表的数不同",
    ),
    "a corrected version beside the wrong one": Fault(
        6,
        UnitState.DOUBLED,
        lambda n, name, code: {**good(n, name, code), f"{n}b.xlsx": workbook(name, code, wrong=1)},
        remark="1 个错误",
    ),
    "a former name": Fault(
        6,
        UnitState.RENAMED,
        lambda n, name, code: {f"{n}.xlsx": workbook(f"原第{n}办", code)},
        remark="曾用名",
        alias="原第{}办",
    ),
    "a name that nobody knows": Fault(
        5,
        UnitState.RETURNED,
        lambda n, name, code: {f"{n}.xlsx": workbook(f"新第{n}办", code)},
        remark="花名册上没有这个名称",
    ),
    "a code that nobody knows": Fault(
        4,
        UnitState.RETURNED,
        lambda n, name, code: {f"{n}.xlsx": workbook(name, f"Z{n}")},
        remark="报告的代码是 Z",
    ),
    "no name": Fault(
        3,
        UnitState.MISSING,
        lambda n, name, code: {f"{n}.xlsx": workbook(" ", f"Z{n}")},
        StrayKind.UNKNOWN,
    ),
    "a code in lower case": Fault(
        5, UnitState.RECEIVED, lambda n, name, code: {f"{n}.xlsx": workbook(name, code.lower())}
    ),
    "an archive": Fault(
        6, UnitState.RECEIVED, lambda n, name, code: {f"{n}.zip": zipped(good(n, name, code))}
    ),
    "a stray last year's report beside it": Fault(
        5,
        UnitState.RECEIVED,
        lambda n, name, code: {
            **good(n, name, code),
            f"2023/{n}.xlsx": workbook(name, code, year=2023),
        },
    ),
}

OTHERS = {
    "外1.xlsx": lambda: workbook("丙市水务局", "X1"),
    "外2.xlsx": lambda: workbook("丙市林业局", "X2"),
}
NOT_READ = ("说明.doc", "照片.jpg", "表.csv", "包.rar", "公告.ofd", "无扩展名")


@pytest.fixture(scope="module")
def dealt() -> dict[int, str]:
    """Unit → its fault, for those that have one."""
    kinds = [kind for kind, fault in FAULTS.items() for _ in range(fault.count)]
    numbers = random.Random(7).sample(range(UNITS), len(kinds))
    return dict(zip(numbers, kinds, strict=True))


@pytest.fixture(scope="module")
def place(dealt: dict[int, str], tmp_path_factory: pytest.TempPathFactory) -> Place:
    units = [_unit(number, dealt) for number in range(UNITS)]
    made = seasons.place(tmp_path_factory.mktemp("messy"), *units)
    for number, unit in enumerate(units):
        files = FAULTS[dealt[number]].files if number in dealt else good
        for name, data in files(number, unit.name, unit.code or "").items():
            made.put(name, data)
    for name, make in OTHERS.items():
        made.put(name, make())
    for name in NOT_READ:
        made.put(name, b"?")
    return made


def _unit(number: int, dealt: dict[int, str]) -> RosterUnit:
    alias = FAULTS[dealt[number]].alias if number in dealt else ""
    return seasons.unit(number, aliases=(alias.format(number),) if alias else ())


@pytest.fixture(scope="module")
def seen(place: Place, tmp_path_factory: pytest.TempPathFactory) -> SeasonStatus:
    state = tmp_path_factory.mktemp("state") / "s.sqlite"
    return check_inbox(place.inbox, place.roster, today=DAY, state=state, jobs=1)


def test_every_fault_is_named_and_no_other(dealt: dict[int, str], seen: SeasonStatus) -> None:
    found = {unit.name: unit for unit in seen.units}
    for number in range(UNITS):
        unit = found[f"甲市第{number}局"]
        kind = dealt.get(number)
        fault = FAULTS[kind] if kind else None
        assert unit.state is (fault.state if fault else UnitState.RECEIVED), (kind, unit)
        if fault is None or not (
            fault.remark or fault.stray or fault.state is not UnitState.RECEIVED
        ):
            assert unit.remark == "", (kind, unit)
        elif fault.remark:
            assert fault.remark in unit.remark, (kind, unit)


def test_files_of_nobody_are_told_apart(seen: SeasonStatus) -> None:
    wanted = Counter(fault.stray for fault in FAULTS.values() for _ in range(fault.count))
    del wanted[None]
    wanted[StrayKind.UNKNOWN] += len(OTHERS)
    assert Counter(stray.kind for stray in seen.strays) == wanted


def test_no_file_is_lost_and_none_counts_twice(place: Place, seen: SeasonStatus) -> None:
    named = [file.file for unit in seen.units for file in (*unit.files, *unit.others)]
    named += [stray.file.file for stray in seen.strays]
    named += [one.file for one in seen.not_looked_at]
    shown = Counter(
        name.partition(".zip")[0] + (".zip" if ".zip" in name else "") for name in named
    )
    there = [path for path in place.inbox.rglob("*") if path.is_file()]
    assert shown == Counter(path.relative_to(place.inbox).as_posix() for path in there)


def test_the_counts_are_those_of_the_units(seen: SeasonStatus, dealt: dict[int, str]) -> None:
    wanted = Counter(FAULTS[kind].state for kind in dealt.values())
    wanted[UnitState.RECEIVED] += UNITS - len(dealt)
    assert Counter(unit.state for unit in seen.expected) == wanted
