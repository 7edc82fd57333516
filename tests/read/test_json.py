"""The JSON export and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate
from openpyxl.workbook import Workbook

from govdisclose import Agency, AnnualReport, Paragraph, check_report, read_report
from govdisclose.errors import InputError
from govdisclose.finding import Place
from govdisclose.read.json import read_data
from govdisclose.write.data import findings_to_json, json_schema, report_to_dict, report_to_json
from support.commands import Run
from support.reports import consistent_report, write_book

REPORT = consistent_report()


def test_the_export_has_the_keys_of_the_contract_in_order() -> None:
    data = json.loads(report_to_json(REPORT))
    assert list(data) == [
        "schema", "edition", "agency", "year", "published", "title", "preface", "overview", "proactive", "requests",
        "disputes", "problems", "other_matters",
    ]  # fmt: skip
    assert data["schema"] == "govdisclose/report/1"
    assert data["agency"] == {
        "name": "某某市示范局",
        "code": "11420100000000001X",
        "level": "agency",
    }
    assert data["published"] == "2025-01-20"
    assert data["overview"][0] == {"level": 2, "text": "（一）主动公开情况。全年按时公开。"}
    assert list(data["proactive"]["regulations"]) == ["issued", "repealed", "in_force"]
    assert (
        data["disputes"]["litigation"]["direct"]["total"] == REPORT.disputes.litigation.direct.total
    )


def test_amounts_are_numbers_with_every_decimal_kept() -> None:
    report = REPORT.with_values({"proactive.fees.amount": Decimal("96171.6000001")})
    assert '"amount": 96171.6000001' in report_to_json(report)


def test_blank_is_null_and_chinese_is_not_escaped() -> None:
    text = report_to_json(AnnualReport(agency=Agency("通辽市民族事务委员会"), year=2021))
    assert '"name": "通辽市民族事务委员会",\n    "code": null' in text
    assert '"issued": null' in text


def test_a_json_export_is_read_wherever_a_workbook_is(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    path = tmp_path / "report.json"
    path.write_text(report_to_json(REPORT), encoding="utf-8")
    assert read_report(path).report == REPORT
    assert run("check", path).code == 0
    assert run("compile", path).code == 0
    assert (tmp_path / "某某市示范局2024年政府信息公开工作年度报告.docx").exists()


def test_export_prints_what_it_would_write(tmp_path: Path, run: Callable[..., Run]) -> None:
    book = write_book(tmp_path, REPORT)
    assert run("export", book, "--to", "json", "-o", "-").out == report_to_json(REPORT)
    assert run("export", book, "--to", "json").code == 0
    assert (tmp_path / "book.json").read_text(encoding="utf-8") == report_to_json(REPORT)


def test_a_wrong_number_in_json_is_a_finding_at_its_path() -> None:
    data = report_to_dict(REPORT)
    data["requests"]["received"]["natural_person"] = "12件"
    data["proactive"]["fees"]["amount"] = Decimal("-1")
    findings = {f.code: f for f in read_data(data).findings}
    assert findings["V104"].place.cell == "requests.received.natural_person"
    assert findings["V102"].path == "proactive.fees.amount"


def broken(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    data = json.loads(report_to_json(REPORT))
    change(data)
    return data


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another schema": (lambda d: d.update(schema="x/1"), "schema"),
    "another edition": (lambda d: d.update(edition="2008"), "edition"),
    "a missing key": (lambda d: d.pop("title"), "缺少 title"),
    "an unknown key": (lambda d: d.update(extra=1), "多出 extra"),
    "a missing cell": (
        lambda d: d["disputes"]["review"].pop("total"),
        "disputes.review：缺少 total",
    ),
    "a cell too many": (lambda d: d["disputes"]["review"].update(x=1), "disputes.review：多出 x"),
    "a table that is a number": (lambda d: d.update(requests=3), "requests：应为一个对象"),
    "a cell that is a list": (
        lambda d: d["disputes"]["review"].update(total=[1]),
        "disputes.review.total",
    ),
    "an impossible date": (lambda d: d.update(published="2025-02-30"), "published"),
    "a year in words": (lambda d: d.update(year="二〇二四"), "year"),
    "prose that is text": (lambda d: d.update(overview="文字"), "overview：应为数组"),
    "a level that is none": (lambda d: d["overview"][0].update(level=99), "overview.0.level"),
    "a date of eight digits": (lambda d: d.update(published="20250120"), "published"),
    "a date that is a number": (lambda d: d.update(published=20250120), "published"),
    "a day of a week": (lambda d: d.update(published="2025-W04-1"), "published"),
    "an edition that is a list": (lambda d: d.update(edition=[]), "edition"),
    "a level that is no whole number": (
        lambda d: d["overview"][0].update(level=2.0),
        "overview.0.level",
    ),
    "an unknown kind of agency": (lambda d: d["agency"].update(level="省级"), "agency.level"),
}


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_json_that_is_no_export_is_refused_at_its_path(
    change: Callable[[dict[str, Any]], Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_data(broken(change))


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "空文件"), (b"{", "第 1 行第 2 个字符"), ("{}".encode("utf-16"), "UTF-8"), (b"[" * 100_000, "层次太深"),
     (b"[]", "对象"), (b'{"schema": 1, "schema": 2}', "schema 重复"), (b"[1e99999999999999999999]", "过大的数"),
     (b"[" + b"9" * 5000 + b"]", "过大的数")],
)  # fmt: skip
def test_a_file_that_is_no_json_is_refused(
    data: bytes, said: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    (tmp_path / "x.json").write_bytes(data)
    done = run("check", tmp_path / "x.json")
    assert done.code == 3
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("change", "path"), [({"year": None}, "year"), ({"agency": Agency(" ")}, "agency.name")]
)
def test_a_report_that_does_not_say_whose_or_of_what_year_it_is_is_refused(
    change: dict[str, Any], path: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = tmp_path / "x.json"
    book.write_text(report_to_json(REPORT.evolve(title="", **change)), encoding="utf-8")
    assert [(f.code, f.path) for f in check_report(book) if f.stops] == [("S112", path)]
    assert run("compile", book).code == 1


def test_control_characters_in_json_are_found() -> None:
    data = report_to_dict(REPORT.evolve(problems=(Paragraph("a\x07b"), Paragraph("c\ud800d"))))
    assert [f.code for f in read_data(data).findings] == ["V111", "V111"]


def test_findings_as_json_are_those_of_the_contract(tmp_path: Path) -> None:
    report = REPORT.with_values({"disputes.review.total": 999})
    (finding,) = json.loads(findings_to_json(check_report(write_book(tmp_path, report))))
    assert list(finding) == [
        "code", "severity", "message", "file", "sheet", "cell", "path", "expected", "found", "others", "hint", "explained",
    ]  # fmt: skip
    assert (finding["code"], finding["found"], finding["path"]) == (
        "A104",
        999,
        "disputes.review.total",
    )
    assert finding["others"] == [
        f"disputes.review.{name}" for name in ("upheld", "corrected", "other", "pending")
    ]


@pytest.mark.slow
def test_a_draft_of_data_has_what_can_be_read_and_lists_the_rest(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    path = "requests.received.natural_person"
    report = consistent_report()
    book = write_book(
        tmp_path,
        report,
        lambda workbook: type_into(workbook, reading_place(tmp_path, report, path)),
    )
    assert run("export", book, "--to", "json").code == 1
    assert run("export", book, "--to", "json", "--draft", "-o", tmp_path / "r.json").code == 0
    written = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert written["requests"]["received"]["natural_person"] is None
    # The total of the row is a formula without a result: what it adds is not known.
    assert written["unread"] == [path, "requests.received.total"]
    validate(written, json_schema())
    again = read_report(tmp_path / "r.json")
    assert again.unread == set(written["unread"])
    assert [finding.path for finding in again.findings if finding.code == "I132"] == written[
        "unread"
    ]
    assert run("export", tmp_path / "r.json", "--to", "json", "-o", tmp_path / "s.json").code == 1
    assert run("export", book, "--to", "csv", "--draft", "-o", tmp_path / "r.csv").code == 0


def reading_place(folder: Path, report: AnnualReport, path: str) -> Place:
    return read_report(write_book(folder, report)).place(path)


def type_into(workbook: Workbook, place: Place) -> None:
    workbook[place.sheet][place.cell] = "22（其中修订16件）"


def test_a_draft_of_data_of_which_nothing_is_unread_is_the_data(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, consistent_report())
    for name, more in (("a.json", ()), ("b.json", ("--draft",))):
        assert run("export", book, "--to", "json", *more, "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert "unread" not in json.loads((tmp_path / "a.json").read_text("utf-8"))


def test_a_list_of_unread_cells_that_is_none_is_refused(tmp_path: Path) -> None:
    text = report_to_json(REPORT).rstrip().removesuffix("}") + ', "unread": {"a": 1}}'
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="应为数组"):
        read_report(tmp_path / "a.json")
