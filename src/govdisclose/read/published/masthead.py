"""The lines above a published report → title, agency, year and date of publication."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from attrs import evolve, frozen

from govdisclose.finding import Place
from govdisclose.form.entry import YEARS
from govdisclose.form.report import Level
from govdisclose.read.published.document import TextLine
from govdisclose.read.tables.labels import squeeze

_REPORT = r"(?:政府|政务)?(?:信息|政务)公开(?:工作)?(?:情况)?的?年(?:度(?:工作)?(?:情况)?报告|报)"
_NAME = r"(?P<name>[^,。;:!?《》<>|/\\\"“”\d]{2,40}?)"
_YEAR = r"(?P<year>20\d\d)年?度?"
_AFTER = r"(?:的(?:函|报告|公告|通知))?(?:\([^()]*\))?"
_TITLES = (
    re.compile(rf"{_NAME}(?:关于(?:报送|印发|公布)?.{{0,30}}?)?{_YEAR}{_REPORT}{_AFTER}"),
    re.compile(rf"(?:关于)?{_YEAR}{_REPORT}{_AFTER}"),
    re.compile(rf"{_YEAR}{_NAME}{_REPORT}{_AFTER}"),
)
_ORGANS = (
    "局|委|委员会|办|办公室|厅|部|署|处|所|院|会|中心|政府|街道|街道办事处|办事处|镇|乡|市|县|区|旗|盟|省|州"
    "|站|队|社|馆|集团|公司|大学|学院|医院"
)
_ORGAN = re.compile(rf"({_ORGANS})$")
_OFFICE = re.compile(rf"[一-鿿（）()]{{2,40}}?({_ORGANS}|室|科|股|组|大队|支队|总队)")
_GOVERNMENT = re.compile(r"(人民政府|省|市|县|区|旗|州|盟|镇|乡)$")
_DATE = re.compile(r"(20\d\d) ?[-./年] ?(\d{1,2}) ?[-./月] ?(\d{1,2})(?!\d)", re.ASCII)
_DATED = re.compile(r"(发布|公开|公布|发文|成文|印发)?(时间|日期):?")
_META_WORDS = (
    "(发布|公开|公布|发文|成文|印发|更新|生成)?(时间|日期)",
    "(信息|文章|稿件|内容)?来源|作者|发布(机构|单位|者|人)|发文机关|索引号?|文号",
    "浏览(次数|量)?|点击(数|量|次数)?|阅读(次数|量)?|访问量|字体|字号|分享到?|打印|责任?编辑|审核",
    "主题词|分类|名称|机关名称|统一社会信用代码|报告(类别|年度)|所属|信息分类|公开方式|有效性",
)
_META = re.compile(f"({'|'.join(_META_WORDS)}):?.{{0,60}}")
"""A line that gives a property of the page: 发布日期：2025-01-20."""
_BUTTON_WORDS = (
    r"[【\[]?((大|中|小)[】\]]?[【\[]?){2,3}[】\]]?",
    r"[【\[]?(打印|关闭|收藏|返回|默认|下载|纠错|微信|微博|qq空间)(本页|窗口)?[】\]]?",
    r"扫一扫.{0,20}",
    r"当前位置.{0,80}",
    r"(您)?(的)?(现在|当前)(的)?位置.{0,80}",
    r"目录",
    r"[\d\-:.年月日/ ]+",
    r"t\|",
    r"[|/>·]+",
)
_BUTTONS = re.compile("|".join(_BUTTON_WORDS), re.IGNORECASE)
"""A line that is a button, a path to the page, or a bare number."""
_LONGEST_TITLE = 100
_LONGEST_META = 80
_LONGEST_DATED = 60
_LONGEST_VALUE = 40
"""Characters of a value on a line of its own, below its name."""
NOT_PRINTED = -1
_TITLE_LINES = 3
"""Lines over which a title may be broken."""


@frozen
class Title:
    """A recognised title: its lines ``first`` to ``last`` (-1: not printed), and what it says."""

    text: str
    name: str
    year: int | None
    first: int = NOT_PRINTED
    last: int = NOT_PRINTED

    @property
    def is_printed(self) -> bool:
        """Whether the title is on lines of the document."""
        return self.first != NOT_PRINTED


@frozen
class Dated:
    """A date and its place."""

    day: date
    place: Place


def read_title(text: str) -> Title | None:
    """A title in one piece of text, without blanks; its ``name`` may be empty."""
    plain = squeeze(text)
    if len(plain) > _LONGEST_TITLE:
        return None
    for pattern in _TITLES:
        match = pattern.fullmatch(plain)
        if match and int(match["year"]) in YEARS:
            name = match.groupdict().get("name") or ""
            name = name.removesuffix("关于").removesuffix("度")
            year = int(match["year"])
            return Title(_without_blanks(text), name, year)
    return None


def _without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def find_title(lines: Sequence[TextLine]) -> Title | None:
    """The last title in ``lines`` (those before section one), over one to three of them."""
    for last in reversed(range(len(lines))):
        farthest = max(-1, last - _TITLE_LINES)
        for first in range(last, farthest, -1):
            title_lines = lines[first : last + 1]
            pieces = [line.text for line in title_lines]
            found = read_title("".join(pieces))
            if found is not None:
                return _with_name_above(evolve(found, first=first, last=last), lines)
    return None


def _with_name_above(title: Title, lines: Sequence[TextLine]) -> Title:
    """A title without a name takes that of the agency on the line above it."""
    if title.name or title.first == 0:
        return title
    above = lines[title.first - 1].text
    if not _ORGAN.search(squeeze(above)):
        return title
    text = _without_blanks(above) + title.text
    name = squeeze(above)
    return evolve(title, text=text, name=name, first=title.first - 1)


def is_office(text: str) -> bool:
    """Whether a line consists of the name of one office."""
    return _OFFICE.fullmatch(text) is not None


def read_date(text: str) -> date | None:
    """The first date in a text."""
    match = _DATE.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_published(lines: Sequence[TextLine]) -> Dated | None:
    """The date of publication that a line over the report gives, on it or on the next."""
    for index, line in enumerate(lines):
        if len(line.text) >= _LONGEST_DATED:
            continue
        if not _DATED.match(squeeze(line.text)):
            continue
        for near in lines[index : index + 2]:
            day = read_date(near.text)
            if day is not None:
                return Dated(day, near.place)
    return None


def split_preface(
    lines: Sequence[TextLine], title: Title | None
) -> Iterator[tuple[TextLine, bool]]:
    """The lines between title and section one, each with whether it belongs to the page."""
    waits_for_value = False
    for line in lines:
        text = squeeze(line.text)
        is_own = _is_of_page(text)
        is_value = waits_for_value and len(text) < _LONGEST_VALUE
        yield line, is_own or is_value or _repeats(text, title)
        waits_for_value = is_own and text.endswith(":")


def _is_of_page(text: str) -> bool:
    if len(text) >= _LONGEST_META:
        return False
    if _META.fullmatch(text):
        return True
    return _BUTTONS.fullmatch(text) is not None


def _repeats(text: str, title: Title | None) -> bool:
    """Whether a line repeats the title, or is a title itself."""
    if title is None:
        return False
    if text in squeeze(title.text):
        return True
    return read_title(text) is not None


def level_of(name: str) -> Level:
    """Whether a name is that of a government or of one of its agencies."""
    return "government" if _GOVERNMENT.search(name) else "agency"
