"""The sample workbooks: what the script makes, and what they show."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType

import pytest

from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.read.workbook.reader import read_workbook
from support.paths import ROOT

CLEAN = ("tongliao-minwei-2021", "huaian-2024", "shili-2020")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_samples", ROOT / "tools" / "build_samples.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_samples_are_what_the_script_makes(tool: ModuleType) -> None:
    assert tool.main(["--check"]) == 0


@pytest.mark.parametrize("name", CLEAN)
def test_a_sample_without_mistakes_is_whole_and_every_relation_holds(name: str) -> None:
    reading = read_workbook(ROOT / "sample_workbooks" / f"{name}.xlsx")
    values = reading.report.values()
    assert not reading.findings
    assert None not in values.values()
    assert all(getattr(reading.report, section.key) for section in SECTIONS)
    for relation in outline(reading.report.edition).relations:
        left, right = (
            sum(values[path] or 0 for path in side) for side in (relation.left, relation.right)
        )
        assert left == right, relation


def test_the_sample_with_mistakes_has_each_mistake_where_its_source_says() -> None:
    source = json.loads(
        (ROOT / "tools" / "samples" / "with-mistakes.json").read_text(encoding="utf-8")
    )
    reading = read_workbook(ROOT / "sample_workbooks" / "with-mistakes.xlsx")
    found = {(finding.code, finding.path) for finding in reading.findings}
    values = {code: path for code, path in source["mistakes"].items() if code[0] == "V"}
    typed = {
        code: path
        for code, path in values.items()
        if code in {"V102", "V103", "V104", "V105", "V106"}
    }
    assert found >= set(typed.items())
    assert reading.report.values()[values["V101"]] is None
    kinds = outline(reading.report.edition).cells
    assert kinds[values["V110"]].kind is Kind.MONEY
