"""Labels and names in one spelling, however they are typed."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from govdisclose.read.tables.labels import INVISIBLE, squeeze


def test_every_character_is_half_width_and_no_blank_is_left() -> None:
    ranges = (range(0x600), range(0x2000, 0x2100), range(0x3000, 0x3400), range(0xFF00, 0x10000))
    around = "第{}件"
    for number in chain(*ranges, range(0x4E00, 0xA000, 97)):
        text = around.format(chr(number))
        normal = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        assert squeeze(text) == re.sub(r"\s", "", normal)
