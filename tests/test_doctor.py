"""What ``govdisclose doctor`` says of a machine on which something is missing or wrong."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Mapping, Sequence

import pytest

from govdisclose import doctor
from govdisclose.doctor import Fact, examine
from govdisclose.errors import TemplateError
from govdisclose.form.edition import Edition

_OF_DEVELOPERS = ("dev", "docs", "test")


@pytest.fixture(autouse=True)
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs and fonts of this machine are no matter here, and looking for them takes time."""
    monkeypatch.setattr(doctor, "find_office", lambda: None)
    monkeypatch.setattr(doctor, "missing_fonts", lambda: ["仿宋_GB2312"])


def facts() -> dict[str, Fact]:
    return {fact.name: fact for fact in examine()}


def lacking(*names: str) -> object:
    version = importlib.metadata.version

    def found(name: str) -> str:
        if name in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    return found


def test_a_missing_package_is_wrong_and_a_missing_extra_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lacking("lxml", "pypdf"))
    found = facts()
    assert found["lxml"] == Fact("lxml", "没有安装", ok=False)
    assert found["pypdf"].ok
    assert "pip install govdisclose[pdf]" in found["pypdf"].value
    assert found["attrs"].value == importlib.metadata.version("attrs")


def test_every_package_that_a_user_may_install_is_listed() -> None:
    required = importlib.metadata.requires("govdisclose") or []
    listed = {name.lower() for name in facts()}
    for requirement in required:
        name = re.match(r"[\w-]+", requirement)
        extra = re.search(r"extra == ['\"](.*?)['\"]", requirement)
        if name and (extra is None or extra[1] not in _OF_DEVELOPERS):
            assert name[0].lower() in listed, requirement


@pytest.mark.parametrize(
    ("owners", "said"), [({"docx": ["docx", "python-docx"]}, "docx、python-docx"), ({}, "未知")]
)
def test_another_package_named_docx_is_wrong(
    owners: Mapping[str, Sequence[str]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: owners)
    found = facts()["docx 模块"]
    assert (found.ok, said in found.value) == (False, True)


def test_a_damaged_template_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(edition: Edition) -> None:
        raise TemplateError(f"{edition.name} 版模板已损坏")

    monkeypatch.setattr("govdisclose.write.word.load_template", damaged)
    assert facts()["2019 版模板"] == Fact("2019 版模板", "2019 版模板已损坏", ok=False)


def test_a_missing_font_is_named_and_the_others_are_there() -> None:
    fonts = {name: fact.value for name, fact in facts().items() if name.startswith("字体")}
    assert [name for name, said in fonts.items() if said != "已安装"] == ["字体 仿宋_GB2312"]
    assert "没有安装" in fonts["字体 仿宋_GB2312"]


def test_without_a_way_to_ask_for_fonts_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing_fonts", lambda: None)
    assert not [name for name in facts() if name.startswith("字体")]
