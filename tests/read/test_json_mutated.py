"""JSON that somebody has changed anywhere: it is read, refused with a sentence, or told cell by cell."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from govdisclose import AnnualReport, check_report, read_report
from govdisclose.errors import InputError
from govdisclose.write.data import findings_to_json, report_to_json
from support.commands import Run
from support.paths import DATA
from support.reports import EDITION_2019, consistent_report

pytestmark = pytest.mark.slow

REPORT = consistent_report()
TEXTS = (REPORT, consistent_report(EDITION_2019))

ODD: dict[str, str] = {
    "null": "null", "true": "true", "false": "false", "zero": "0", "minus zero": "-0.0", "negative": "-3", "a half": "1.5",
    "309 digits": "9" * 309, "4000 digits": "9" * 4000, "400 digits below": "-" + "9" * 400, "large": "1e400",
    "small": "1e-400", "enormous": "1e999999999", "no number": "NaN", "infinity": "Infinity", "minus infinity": "-Infinity",
    "empty text": '""', "text": '"x"', "digits": '"12"', "a unit": '"12件"', "half a character": '"\\ud800"',
    "control characters": '"\\u0000\\u001b[31m\\u009b"', "a list": "[]", "a list of numbers": "[1, 2]", "an object": "{}",
    "an object with a key": '{"a": {"b": null}}', "deep": "[" * 500 + "]" * 500, "huge text": '"' + "九" * 100_000 + '"',
}  # fmt: skip


def steps(node: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value of a document, the document itself first."""
    yield before
    if isinstance(node, dict):
        for key, below in node.items():
            yield from steps(below, (*before, key))
    if isinstance(node, list):
        for index, below in enumerate(node):
            yield from steps(below, (*before, index))


def mutated(text: str, way: tuple[str | int, ...], odd: str) -> str:
    """``text`` with the value at ``way`` replaced by JSON source."""
    return opened_at(text, way).replace('"@here@"', odd)


@cache
def opened_at(text: str, way: tuple[str | int, ...]) -> str:
    """``text`` with a mark in place of the value at ``way``."""
    if not way:
        return '"@here@"'
    data = json.loads(text)
    node = data
    for step in way[:-1]:
        node = node[step]
    node[way[-1]] = "@here@"
    return json.dumps(data, ensure_ascii=False)


def ways(report: AnnualReport) -> list[tuple[str | int, ...]]:
    """The way to every value; of the older edition where it differs."""
    found = steps(json.loads(report_to_json(report)))
    return [way for way in found if report is REPORT or "proactive" in way]


def judged(path: Path, text: str) -> str:
    """``read``, ``refused``, or the codes of the errors that stop it."""
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        reading = read_report(path)
    except InputError:
        return "refused"
    findings = check_report(reading)
    findings_to_json(findings).encode()
    assert all(
        value is None or value.is_finite() if hasattr(value, "is_finite") else True
        for value in reading.report.values().values()
    )
    return " ".join(sorted({f.code for f in findings if f.stops})) or "read"


EVERY = 14
"""Each odd value stands in one of so many cells, and in every value that is no cell."""


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_value_anywhere_is_read_told_or_refused(odd: str, tmp_path: Path) -> None:
    first = [*ODD.values()].index(odd)
    for report in TEXTS:
        text = report_to_json(report)
        for number, way in enumerate(ways(report), first):
            is_cell = ".".join(map(str, way)) in report.values()
            if not is_cell or number % EVERY == 0:
                assert judged(tmp_path / "x.json", mutated(text, way, odd)), (way, odd)


@pytest.mark.parametrize(
    "odd",
    [
        ODD[name]
        for name in ODD
        if name not in ("null", "zero", "minus zero", "small", "empty text", "digits")
    ],
)
def test_an_odd_value_in_a_cell_never_passes_as_read(odd: str, tmp_path: Path) -> None:
    text = mutated(report_to_json(REPORT), ("requests", "received", "natural_person"), odd)
    assert judged(tmp_path / "x.json", text) != "read"


def test_a_number_of_many_digits_is_a_finding_at_its_cell(run: Callable[..., Run]) -> None:
    done = run("check", DATA / "huge-integer.json")
    assert done.code == 1
    assert "V109" in done.out
    assert "超出可能的范围" in done.out


def test_a_doubled_key_at_any_depth_is_refused(tmp_path: Path) -> None:
    text = report_to_json(REPORT)
    for key in ("schema", "natural_person", "level", "text", "name"):
        doubled = text.replace(f'"{key}":', f'"{key}": 0, "{key}":', 1)
        (tmp_path / "x.json").write_text(doubled, encoding="utf-8")
        with pytest.raises(InputError, match=f"键 {key} 重复"):
            read_report(tmp_path / "x.json")


def test_many_keys_of_which_the_last_is_doubled_are_refused_at_once(tmp_path: Path) -> None:
    keys = ",".join(f'"{number}":0' for number in range(200_000))
    (tmp_path / "x.json").write_text(f'{{{keys},"199999":0}}')
    with pytest.raises(InputError, match="键 199999 重复"):
        read_report(tmp_path / "x.json")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(report_to_json(REPORT), encoding="utf-8-sig")
    assert read_report(tmp_path / "x.json").report == REPORT


@pytest.mark.parametrize("deep", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000])
def test_brackets_without_end_are_refused(deep: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(deep)
    with pytest.raises(InputError, match="层次太深"):
        read_report(tmp_path / "x.json")


def test_what_is_no_ordinary_file_or_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "device.json").symlink_to("/dev/zero")
    with open(tmp_path / "large.json", "wb") as file:
        file.truncate(10**12)
    for name, said in (
        ("pipe", "不是普通文件"),
        ("folder", "是文件夹"),
        ("device", "不是普通文件"),
        ("large", "1000000 MB"),
    ):
        with pytest.raises(InputError, match=said):
            read_report(tmp_path / f"{name}.json")


def test_what_a_terminal_would_obey_is_written_out(tmp_path: Path, run: Callable[..., Run]) -> None:
    path = tmp_path / "x.json"
    odd = '"\\u001b[31m\\u009b\\u202e\\ud800"'
    path.write_text(mutated(report_to_json(REPORT), ("requests", "received", "total"), odd))
    for style in ("text", "json", "jsonl", "sarif", "github"):
        out = run("check", path, "--format", style).out
        assert "\\u001b" in out
        assert not set("\x1b\x9b\u202e\ud800") & set(out)
        if style == "json":
            assert any(
                finding["found"] == "\x1b[31m\x9b\u202e\ud800" for finding in json.loads(out)
            )
