"""The measurements compare like with like, and say truly what was measured."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from govdisclose import AnnualReport, Paragraph, Severity, check_report, outline, read_report
from govdisclose.write.context import build_context
from govdisclose.write.word import load_template, render
from support.paths import ROOT
from support.reports import EDITION_2021, consistent_report, write_book

sys.path.insert(0, str(ROOT / "benchmarks"))

from content import (  # scripts, found through the line above
    PARAGRAPHS,
    converted,
    dense_report,
    usual_report,
)
from peer_templates import flat_data, make_template, texts  # as above
from renders import agree, engine  # as above
from shown import chart, conditions, markdown  # as above
from sides import Sides  # as above
from targets import TARGETS, Measured, Target  # as above

TEMPLATE = ROOT / "templates" / "2021.docx"
PROSE = ("overview", "problems", "other_matters")
TAGS = {
    "docxtemplater": r"(?<!\{)\{([\w#/]+)\}",
    "carbone": r"\{d\.(\w+)(?:\[[i+1]+\]\.text)?\}",
    "mailmerge": r"MERGEFIELD (\w+) ",
}


# --- the content --------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [dense_report, usual_report])
@pytest.mark.parametrize("seed", range(5))
def test_a_measured_report_is_as_clean_as_a_published_one(
    make: Callable[[int], AnnualReport], seed: int
) -> None:
    assert {f.severity for f in check_report(make(seed))} <= {Severity.NOTE}


def test_a_measured_report_has_forty_paragraphs_of_100_to_300_characters() -> None:
    report = dense_report(1)
    lengths = [len(p.text) for key in PROSE for p in getattr(report, key)]
    assert len(lengths) == PARAGRAPHS
    assert all(100 <= n <= 300 for n in lengths)
    assert None not in report.values().values()


@pytest.mark.parametrize("seed", range(5))
def test_a_usual_report_has_as_much_prose_as_the_longest_real_one(seed: int) -> None:
    report = usual_report(seed)
    lengths = [len(p.text) for key in PROSE for p in getattr(report, key)]
    assert len(lengths) == 23
    assert 2_100 <= sum(lengths) <= 2_600


def test_no_two_measured_reports_are_alike_and_each_is_always_the_same() -> None:
    found = [dense_report(seed) for seed in (1, 2, 1)]
    assert found[0] == found[2]
    assert not {p.text for p in found[0].overview} & {p.text for p in found[1].overview}


def test_a_measured_workbook_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = dense_report(4)
    again = read_report(write_book(tmp_path, report)).report
    assert again.values() == report.values()
    assert [getattr(again, key) for key in PROSE] == [getattr(report, key) for key in PROSE]


def test_a_foreign_workbook_gives_the_same_figures_in_our_form() -> None:
    report = consistent_report(seed=9)
    values = report.values()
    requests = [v for path, v in values.items() if path.startswith("requests.")] + [
        0
    ] * 21  # three rows of remarks
    disputes = [v for path, v in values.items() if path.startswith("disputes.")]
    twice = {"decisions": ("made",), "amount": ("made",), "issued": ("made",), "repealed": ("void",), "in_force": ("valid",)}  # fmt: skip
    second: list[dict[str, object]] = [{} for _ in range(6)]
    for path, value in ((p, v) for p, v in values.items() if p.startswith("proactive.")):
        row = list(
            dict.fromkeys(p.split(".")[1] for p in values if p.startswith("proactive."))
        ).index(path.split(".")[1])
        second[row][twice[path.split(".")[-1]][0]] = value
    context = {
        "cover": {"year": 2024},
        "t2": second,
        "t3": {f"r{r}": dict(enumerate(requests[7 * r : 7 * r + 7])) for r in range(28)},
        "t4": {f"g{g}": dict(enumerate(disputes[5 * g : 5 * g + 5])) for g in range(3)},
        "s1": ["甲", "乙"], "s5": ["丙"], "s6": ["丁"],
    }  # fmt: skip
    made = converted(context, 7)
    assert made.values() == values
    assert (made.overview, made.other_matters) == (
        (Paragraph("甲"), Paragraph("乙")),
        (Paragraph("丁"),),
    )


# --- other engines ------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", TAGS)
def test_a_translated_template_names_every_cell_once_and_keeps_no_tag_of_ours(
    tmp_path: Path, syntax: str
) -> None:
    make_template(TEMPLATE, tmp_path / "t.docx", syntax)
    with zipfile.ZipFile(tmp_path / "t.docx") as package:
        document = package.read("word/document.xml").decode()
    found = re.findall(TAGS[syntax], document)
    for path in outline(EDITION_2021).cells:
        assert found.count(path.replace(".", "__")) == 1
    assert "{{" not in document
    assert "{%" not in document
    assert any("overview" in name for name in found)


def test_the_data_of_other_engines_is_all_that_our_document_prints(tmp_path: Path) -> None:
    report = dense_report(2)
    data = flat_data(report)
    assert data.keys() == {name.replace(".", "__") for name in build_context(report)}
    (tmp_path / "ours.docx").write_bytes(render(report, load_template(report.edition)))
    printed = texts(tmp_path / "ours.docx")
    said = [item["text"] for value in data.values() if isinstance(value, list) for item in value]
    assert [text for text in printed if text in said] == said
    assert printed[0] == data["title"]


def write(path: Path, seed: int) -> Callable[[], float]:
    def job() -> float:
        report = dense_report(seed)
        path.write_bytes(render(report, load_template(report.edition)))
        return 0.0

    return job


def written(folder: Path, **seeds: int) -> dict[str, Callable[[], float]]:
    """The jobs of some engines, each of which writes the report of its seed."""
    return {
        name.replace("whole", "whole job"): write(folder / f"{name}.docx", seed)
        for name, seed in seeds.items()
    }


def test_engines_that_write_the_same_text_agree(tmp_path: Path) -> None:
    agree(written(tmp_path, render=1, whole=1, docxtpl=1, carbone=1), tmp_path, same_template=True)
    agree(written(tmp_path, render=1, whole=1, docxtpl=1, carbone=1), tmp_path, same_template=False)


@pytest.mark.parametrize("same_template", [True, False])
@pytest.mark.parametrize("wrong", ["whole", "docxtpl", "carbone"])
def test_nothing_is_measured_when_an_engine_writes_another_text(
    tmp_path: Path, wrong: str, same_template: bool
) -> None:
    jobs = written(
        tmp_path, **{**dict.fromkeys(("render", "whole", "docxtpl", "carbone"), 1), wrong: 2}
    )
    with pytest.raises(ValueError, match=f"{wrong}.* does not write the same"):
        agree(jobs, tmp_path, same_template)


def test_an_engine_that_cannot_run_says_why(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.docx"
    sides = Sides(tmp_path, tmp_path, tmp_path, nowhere, nowhere, {"mailmerge": nowhere})
    with (
        engine("docx-mailmerge2", sides, tmp_path / "out.docx", None) as job,
        pytest.raises(RuntimeError, match="Error"),
    ):
        job()


# --- what is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compared", "ours", "peer", "reached"),
    [
        ("share", 3, 100, "must"), ("share", 1, 100, "aim"), ("share", 4, 100, "no"),
        ("times", 20, 1, "must"), ("times", 40, 1, "aim"), ("times", 19, 1, "no"),
        ("faster", 1, 1, "must"), ("faster", 1, 8, "aim"), ("faster", 2, 1, "no"),
        ("ours", 5, 30, "must"), ("ours", 0.5, 30, "aim"), ("ours", 6, 30, "no"), ("ours", -1, 30, "aim"),
    ],
)  # fmt: skip
def test_a_bound_is_kept_or_not(compared: str, ours: float, peer: float, reached: str) -> None:
    bounds = {"share": (0.03, 0.0125), "times": (20, 40), "faster": (1, 8), "ours": (5, 1)}[
        compared
    ]
    target = Target("", "", "", "", compared, *bounds)  # type: ignore[arg-type]  # one of the four words
    assert target.reached(Measured(ours, peer, 1)) == reached


def results(*names: str) -> dict[str, object]:
    return {
        "environment": {
            "python": "3",
            "system": "s",
            "machine": "m",
            "processors": 2,
            "load before": 0.5,
        },
        "size": {"books": 5000, "batch": 400, "rounds": 5, "cold": 15, "warm": 60},
        "figures": {name: Measured(12.5, 250.5, 0.05)._asdict() for name in names},
    }


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_the_table_has_a_row_for_each_figure_measured_and_none_for_others(language: str) -> None:
    rows = markdown(results("batch", "cold"), language).splitlines()[2:]
    names = [
        t.name if language == "english" else t.chinese for t in (TARGETS["batch"], TARGETS["cold"])
    ]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == names
    assert {row.count("|") for row in rows} == {9}
    assert "5,000" in conditions(results(), language)


def test_the_chart_says_every_number_beside_its_bar_and_in_its_description() -> None:
    picture = ET.fromstring(chart(results(*TARGETS)))
    space = "{http://www.w3.org/2000/svg}"
    shown = [t.text for t in picture.iter(f"{space}text")]
    bars = [r for r in picture.iter(f"{space}rect") if r.get("height") == "16"]
    assert shown.count("12.5 ms") == 4
    assert shown.count("250 ms") == 7
    assert len(bars) == 13
    described = picture.findtext(f"{space}desc") or ""
    assert described.count("12.5 ms") == 4
    widths = [int(bar.get("width", 0)) + int(bar.get("x", 0)) for bar in bars]
    assert max(widths) < int(picture.get("width", 0))


def test_the_chart_leaves_out_what_was_not_measured() -> None:
    picture = chart(results("cold"))
    assert picture.count("<rect") == 3
    assert "carbone" not in picture
