"""The formats of ``check``: text with the sums written out, JSON, SARIF, GitHub annotations."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from govdisclose import AnnualReport, Finding, Reading, Severity, check_report, outline, read_report
from govdisclose.finding import Place
from govdisclose.rules import RULES
from govdisclose.write.findings import FORMATS, Checked
from govdisclose.write.findings.text import excerpt
from support.commands import Run
from support.reports import consistent_report, write_book

_ADDENDS = (13364, 252, 0, 44, 121, 29)
_COLUMNS = ("natural_person", "business", "research", "public_interest", "legal_service", "other")
TOTAL = "requests.outcomes.granted.total"
BAD = consistent_report().with_values(
    {
        **{f"requests.outcomes.granted.{c}": n for c, n in zip(_COLUMNS, _ADDENDS, strict=True)},
        TOTAL: 13801,
        "disputes.review.total": 999,
    }
)


def checked(folder: Path, report: AnnualReport = BAD) -> Checked:
    book = write_book(folder, report)
    reading = read_report(book)
    return Checked(book, [f for f in check_report(reading) if f.code[0] == "A"], reading)


# --- text ---------------------------------------------------------------------------------------


def test_text_shows_the_part_of_the_table_with_the_sum_written_out(tmp_path: Path) -> None:
    text = FORMATS["text"]([checked(tmp_path)])
    wanted = """\
      自然人        13364  D8
      商业企业        252  E8
      科研机构          0  F8
      社会公益组织     44  G8
      法律服务机构    121  H8
      其他             29  I8
      各项之和      13810  13364 + 252 + 0 + 44 + 121 + 29 = 13810
      总计          13801  J8
"""
    assert wanted in text


def test_text_says_what_to_record_when_the_figures_are_true(tmp_path: Path) -> None:
    text = FORMATS["text"]([checked(tmp_path)])
    assert "如情况属实，在“说明事项”填：A101 | J8 | 13810/13801 | 原因" in text


def test_what_text_says_to_record_is_what_explains_the_finding(tmp_path: Path) -> None:
    line = next(x for x in FORMATS["text"]([checked(tmp_path)]).splitlines() if "填：A104" in x)
    code, cell, value, _ = line.split("填：")[1].split(" | ")

    def record(book: Any) -> None:
        for column, said in enumerate((code, cell, value, "并案"), 1):
            book["说明事项"].cell(4, column).value = said

    findings = check_report(write_book(tmp_path, BAD, record))
    assert [f.explained for f in findings if f.code == "A104"] == ["并案"]


def lines_of(name: str, column: str, report: AnnualReport = BAD) -> list[str]:
    relations = outline(report.edition).relations
    return excerpt(
        next(r for r in relations if r.name == name and r.right[0].endswith(column)),
        Reading(report),
    )


def test_a_long_sum_is_shown_without_its_zeros() -> None:
    lines = lines_of("outcomes", ".research")
    zeros = sum(
        not v for p, v in BAD.values().items() if p.endswith(".research") and ".outcomes." in p
    )
    assert any(line.startswith(f"其余 {zeros} 项") for line in lines)
    assert len(lines) == 21 - zeros + 3


def test_a_balance_is_shown_with_both_sides_summed() -> None:
    lines = lines_of("balance", ".total")
    assert [line.split()[0][:2] for line in lines] == [
        "一、",
        "二、",
        "各项",
        "（七",
        "四、",
        "各项",
    ]


def test_a_negative_number_in_a_sum_stands_in_brackets() -> None:
    report = BAD.with_values({"disputes.review.upheld": -2})
    (total,) = [line for line in lines_of("disputes", "review.total", report) if "(-2)" in line]
    assert "各项之和" in total


def test_a_blank_member_is_shown_as_blank() -> None:
    report = BAD.with_values({"disputes.review.other": None})
    assert any(line.endswith("空白") for line in lines_of("disputes", "review.total", report))


def test_a_clean_source_has_one_line_of_text() -> None:
    assert FORMATS["text"]([Checked(Path("a.xlsx"), [])]) == "a.xlsx：没有发现问题。\n"


# --- for programs -------------------------------------------------------------------------------


def test_json_and_json_lines_hold_the_same_findings(tmp_path: Path) -> None:
    result = checked(tmp_path)
    whole = json.loads(FORMATS["json"]([result]))
    assert [json.loads(line) for line in FORMATS["jsonl"]([result]).splitlines()] == whole
    assert whole[0]["sheet"] == "三、依申请公开"


def sarif(folder: Path) -> dict[str, Any]:
    result = checked(folder)
    told = result.findings[0].evolve(explained="属实")
    made: dict[str, Any] = json.loads(
        FORMATS["sarif"]([Checked(Path("某 局.xlsx"), [told, *result.findings[1:]])])
    )
    return made


def test_sarif_names_cells_as_logical_locations(tmp_path: Path) -> None:
    run = sarif(tmp_path)["runs"][0]
    places = [
        r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for r in run["results"]
    ]
    assert "三、依申请公开!J8" in places
    assert all("region" not in r["locations"][0]["physicalLocation"] for r in run["results"])
    assert run["artifacts"][0]["location"]["uri"] == "%E6%9F%90%20%E5%B1%80.xlsx"


def test_sarif_has_what_the_standard_requires(tmp_path: Path) -> None:
    log = sarif(tmp_path)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "govdisclose"
    assert [rule["id"] for rule in rules] == list(RULES)
    for result in run["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note", "none"}
    assert run["results"][0]["suppressions"] == [{"kind": "inSource", "justification": "属实"}]
    assert all("suppressions" not in r for r in run["results"][1:])


def schema_file() -> Path | None:
    """The SARIF schema of npm's @microsoft/jest-sarif, beside the Open XML validator."""
    validator = shutil.which("ooxml-validator")
    modules = Path(validator).parents[1] if validator else Path("node_modules")
    file = modules / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
    return file if file.exists() else None


@pytest.mark.skipif(
    schema_file() is None and "CI" not in os.environ, reason="needs npm's @microsoft/jest-sarif"
)
def test_sarif_is_valid_by_its_schema(tmp_path: Path) -> None:
    file = schema_file()
    assert file is not None
    jsonschema.validate(sarif(tmp_path), json.loads(file.read_text(encoding="utf-8")))


def test_github_annotations_are_escaped_and_one_a_line() -> None:
    place = Place("b.xlsx", "三、依申请公开", "G28")
    finding = Finding("A102", Severity.ERROR, "100%\n两行", place)
    note = finding.evolve(severity=Severity.NOTE)
    explained = finding.evolve(explained="属实")
    lines = FORMATS["github"](
        [Checked(Path("a,b:c.xlsx"), [finding, note, explained])]
    ).splitlines()
    assert lines == [
        "::error file=a%2Cb%3Ac.xlsx,title=A102 三、依申请公开!G28::100%25%0A两行",
        "::notice file=a%2Cb%3Ac.xlsx,title=A102 三、依申请公开!G28::100%25%0A两行",
        "::notice file=a%2Cb%3Ac.xlsx,title=A102 三、依申请公开!G28::100%25%0A两行（已说明：属实）",
    ]


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_is_printed_by_check(
    style: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    done = run("check", write_book(tmp_path, BAD), "--format", style)
    assert done.code == 1
    assert "A101" in done.out
    assert done.out.endswith("\n")


@pytest.mark.parametrize("style", FORMATS)
def test_a_format_of_nothing_is_still_well_formed(style: str) -> None:
    made = FORMATS[style]([])
    if style in ("json", "sarif"):
        json.loads(made)
    else:
        assert made == ""
