"""The declaration against the transcription of the statute, and what is derived from it."""

from __future__ import annotations

import json
from decimal import Decimal

import attrs
import pytest

from govdisclose import EDITIONS, AnnualReport, blank_report, outline
from govdisclose.form.edition import Edition, newest_edition
from govdisclose.form.guide import guide_scope
from govdisclose.form.outline import spans
from govdisclose.form.report import SECTIONS
from govdisclose.form.workbook_texts import guide_texts, plain
from support.paths import DATA
from support.reports import consistent_report

BOTH = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


def transcription(edition: Edition) -> dict[str, object]:
    return json.loads((DATA / f"{edition.name}.json").read_text(encoding="utf-8"))


@BOTH
def test_every_cell_has_the_path_labels_column_and_kind_of_the_statute(edition: Edition) -> None:
    declared = [
        {
            "path": cell.path,
            **({"block": cell.block} if cell.block else {}),
            "row": list(cell.row),
            "column": list(cell.column),
            "kind": cell.kind.value,
        }
        for cell in outline(edition).cells.values()
    ]
    assert declared == transcription(edition)["cells"]


@BOTH
def test_sections_basis_and_note_are_those_of_the_statute(edition: Edition) -> None:
    source = transcription(edition)
    assert [{"key": s.key, "heading": s.heading} for s in SECTIONS] == source["sections"]
    assert edition.basis == source["basis"]
    assert [s.note for s in SECTIONS if s.note] == [source["requests_corner_note"]]


def test_the_newest_edition_is_the_one_without_a_last_year() -> None:
    assert newest_edition().last_year is None
    assert newest_edition().first_year == max(e.first_year for e in EDITIONS.values())


@pytest.mark.parametrize(("name", "cells", "sums"), [("2021", 200, 35), ("2019", 198, 33)])
def test_an_edition_has_its_cells_sums_and_seven_balances(name: str, cells: int, sums: int) -> None:
    form = outline(EDITIONS[name])
    assert (len(form.cells), len(form.sums), len(form.balances)) == (cells, sums, 7)


def test_a_column_total_adds_every_outcome_of_its_column_and_nothing_else() -> None:
    form = outline(EDITIONS["2021"])
    relation = next(r for r in form.sums if r.right == ("requests.outcomes.total.research",))
    assert len(relation.left) == 21
    assert all(
        p.startswith("requests.outcomes.") and p.endswith(".research") for p in relation.left
    )


def test_a_header_spans_as_printed() -> None:
    columns = outline(EDITIONS["2021"]).tables["requests"].blocks[0].columns
    printed = {
        (s.row, s.column, s.rows, s.columns): s.text for s in spans([c.labels for c in columns])
    }
    assert printed[0, 0, 1, 7] == "申请人情况"
    assert printed[1, 0, 2, 1] == "自然人"
    assert printed[1, 1, 1, 5] == "法人或其他组织"
    assert printed[2, 1, 1, 1] == "商业企业"
    assert printed[1, 6, 2, 1] == "总计"


@BOTH
def test_values_go_in_and_out_by_path(edition: Edition) -> None:
    report = consistent_report(edition)
    assert blank_report(edition).with_values(report.values()).values() == report.values()
    assert list(report.values()) == list(outline(edition).cells)


def test_a_report_is_frozen_compares_by_value_and_changes_only_by_copy() -> None:
    report = consistent_report()
    changed = report.with_values({"proactive.fees.amount": Decimal("1.5")})
    assert changed != report
    assert (
        changed.with_values({"proactive.fees.amount": report.values()["proactive.fees.amount"]})
        == report
    )
    with pytest.raises(AttributeError):
        report.year = 2000  # type: ignore[misc]  # that it cannot be set is the point
    assert report.evolve(year=2023).year == 2023


def test_a_blank_report_holds_no_zero() -> None:
    assert set(AnnualReport().values().values()) == {None}


def test_an_unknown_path_is_refused() -> None:
    with pytest.raises(KeyError, match=r"requests\.nothing"):
        AnnualReport().with_values({"requests.nothing": 1})


def test_tables_of_two_editions_cannot_be_mixed() -> None:
    old = blank_report(EDITIONS["2019"])
    with pytest.raises(TypeError, match="two different editions"):
        AnnualReport(proactive=old.proactive)


def test_repr_says_who_when_and_how_full() -> None:
    assert (
        repr(consistent_report())
        == "<AnnualReport 某某市示范局 2024, edition 2021, 200 of 200 cells filled>"
    )


def test_workbooks_of_an_edition_stay_known_when_the_next_edition_comes_out() -> None:
    in_force = EDITIONS["2021"]
    ended = attrs.evolve(in_force, last_year=2026)
    assert guide_scope(ended) != guide_scope(in_force)
    assert {plain(guide_scope(ended)), plain(guide_scope(in_force))} <= guide_texts(ended)
