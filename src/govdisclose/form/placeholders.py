"""Placeholders for text still to be written: the form's own, and those of specimen reports.

The notice prints “（文字描述）” where an agency's text belongs; specimens print “XX件” and “____件”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

_BRACKETED = (
    r"[（(【\[]\s*(?:"
    r"(?:此处|在此|请在此处?|请)\s*(?:填写|填入|输入|补充|描述|写明|插入)[^（）()【】\[\]]*"
    r"|此处[^（）()【】\[\]]{0,12}(?:描述|说明|填写|报告|情况|内容)[^（）()【】\[\]]*"
    r"|文\s*字\s*(?:描\s*述|叙\s*述|表\s*述)(?:\s*[，,。；;：:][^（）()【】\[\]]*)?"
    r"|文字(?:说明|内容|部分)?"
    r"|(?:待|需)(?:填写?|补充?|定|完善)"
    r")\s*[）)】\]]"
)
_CROSSES = (
    r"(?<![0-9A-Za-zＸ×╳*])(?:[Xx]{2,}|[Ｘ×╳]{2,}|\*{2,})"
    r"(?=\s*余?\s*(?:[件条次项个篇期场人份家类天年月日元%％]|万元|万次|余|省|市|县|区|镇|乡|局|厅|委|办|街道|部门|单位|机关|政府))"
)
_COUNTED = "件条次项个篇期场份"
_BLANKS = " \u3000\xa0"
_CROSS = rf"(?<![0-9A-Za-zＸ×*“])[XＸ](?=[{_COUNTED}年月日%％])"
_GAP = rf"(?<=[\u4e00-\u9fff])[{_BLANKS}]{{2,}}(?:[{_COUNTED}](?=\s*(?:[，。；、,;）)]|$))|[%％])"
"""Blanks before 件, where a number is missing."""
_SQUARES = rf"(?<![□■△])[□■△]{{2,}}(?=[{_COUNTED}人年月日%％省市县区镇乡局厅委办])"
_LINE = r"(?<![0-9A-Za-z/_.-])_{2,}(?![0-9A-Za-z/_.-])|＿{2,}"
_WHOLE = (
    r"(?:\.{3,}|…+|。{3,}|[Xx]{2,}|[Ｘ×╳]{2,}|文字描述|文字叙述|文字说明|此处填写[^。]*"
    r"|(?:[（(]\s*)?(?:待补充|待补|待填写|待填|待完善|暂缺|后补)(?:\s*[）)])?[。.]?)"
)
_SIGN_WORDS = (
    "（文字", "(文字", "文字描述", "文字叙述", "文字说明", "文字表述", "此处", "（请", "(请", "（待", "(待", "（需", "(需",
    "（ 文", "( 文", "待补", "待填", "待完善", "暂缺", "后补", "□□", "■■", "△△",
    "【", "[", "XX", "xx", "ＸＸ", "××", "╳╳", "**", "__", "＿＿", "...", "…", "。。。",
)  # fmt: skip
_PLACES = ("X", "Ｘ", *(2 * blank for blank in _BLANKS))
"""Signs before 件 and other units in place of a number."""
_SIGNS = (*_SIGN_WORDS, *_PLACES)
"""One of these is in every placeholder: most paragraphs hold none."""


@cache
def _sign() -> re.Pattern[str]:
    """The signs as literal alternatives: a search for these skips ordinary text fastest.

    A letter or two blanks count only before a unit, and a bracket also before a blank.
    """
    gaps = _pairs(_BLANKS, _BLANKS)
    counted = _pairs(("X", "Ｘ", *gaps), f"{_COUNTED}年月日%％")
    opened = _pairs("（(【[", f"{_BLANKS}\t\n")
    words = (*_SIGN_WORDS, *counted, *opened)
    return re.compile("|".join(map(re.escape, words)))


def _pairs(firsts: Iterable[str], seconds: Iterable[str]) -> list[str]:
    """Each of the first followed by each of the second."""
    return [first + second for first, second in product(firsts, seconds)]


def may_hold_placeholder(text: str) -> bool:
    """Whether a text of any length is worth a closer look by ``placeholders``."""
    return _sign().search(text) is not None


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(_WHOLE)


@cache
def _inside() -> re.Pattern[str]:
    return re.compile(f"{_BRACKETED}|{_CROSSES}|{_CROSS}|{_GAP}|{_SQUARES}|{_LINE}")


@cache
def _any_sign() -> re.Pattern[str]:
    """All signs in one pattern: one search is several times faster than one for each sign."""
    return re.compile("|".join(map(re.escape, _SIGNS)))


def has_sign(text: str) -> bool:
    """Whether a text holds something that is in every placeholder."""
    return _any_sign().search(text) is not None


def placeholders(text: str) -> Iterator[str]:
    """Each placeholder in a paragraph, as it is written there."""
    if not has_sign(text):
        return
    bare = text.strip()
    if _alone().fullmatch(bare):
        yield bare
        return
    for match in _inside().finditer(text):
        yield match.group()
