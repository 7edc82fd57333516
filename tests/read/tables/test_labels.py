"""Labels and names in one spelling, however they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

import pytest

from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import outline
from govdisclose.form.sheets import BASICS
from govdisclose.read.tables.labels import INVISIBLE, label, may_be_label, squeeze


def test_every_character_is_half_width_and_no_blank_is_left() -> None:
    ranges = (range(0x600), range(0x2000, 0x2100), range(0x3000, 0x3400), range(0xFF00, 0x10000))
    around = "第{}件"
    for number in chain(*ranges, range(0x4E00, 0xA000, 97)):
        text = around.format(chr(number))
        normal = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        assert squeeze(text) == re.sub(r"\s", "", normal)


def labels_of_the_form() -> Iterator[str]:
    for basic in BASICS:
        yield basic.label
    for edition in EDITIONS.values():
        for table in outline(edition).tables.values():
            for line in table.lines:
                yield from line.names
            for block in table.blocks:
                for column in block.columns:
                    yield from column.names
                    yield from chain.from_iterable(column.parents)


@pytest.mark.parametrize(
    "written", ["{}", "{}。", "1.{}", "{}（不含上年结转的。单位：件）", "{} (件。)"]
)
def test_every_label_of_the_form_may_be_one_however_it_is_written(written: str) -> None:
    for name in labels_of_the_form():
        text = written.format(name)
        assert label(text)
        assert may_be_label(text)


def test_prose_is_no_label() -> None:
    sentence = "本机关认真做好政府信息公开各项工作"
    assert not may_be_label(f"{sentence}，{sentence}。{sentence}。")
    assert not may_be_label(f"{sentence}。{sentence}，{sentence}（见附表）。")
    assert not may_be_label("件" * 121)
    assert may_be_label(sentence)
