"""What stands over a published report → title, agency, year and date of publication."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

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
_ORGAN = re.compile(
    r"(局|委|委员会|办|办公室|厅|部|署|处|所|院|会|中心|政府|街道|街道办事处|办事处|镇|乡|市|县|区|旗|盟|省|州|站|队|社|馆|集团|公司|大学|学院|医院)$"
)
_GOVERNMENT = re.compile(r"(人民政府|省|市|县|区|旗|州|盟|镇|乡)$")
_DATE = re.compile(r"(20\d\d) ?[-./年] ?(\d{1,2}) ?[-./月] ?(\d{1,2})(?!\d)", re.ASCII)
_DATED = re.compile(r"(发布|公开|公布|发文|成文|印发)?(时间|日期):?")
_META = re.compile(
    r"((发布|公开|公布|发文|成文|印发|更新|生成)?(时间|日期)|(信息|文章|稿件|内容)?来源|作者|发布(机构|单位|者|人)|发文机关"
    r"|索引号?|文号|浏览(次数|量)?|点击(数|量|次数)?|阅读(次数|量)?|访问量|字体|字号|分享到?|打印|责任?编辑|审核|主题词|分类|名称"
    r"|机关名称|统一社会信用代码|报告(类别|年度)|所属|信息分类|公开方式|有效性):?.{0,60}"
)
_WORDS = re.compile(
    r"[【\[]?((大|中|小)[】\]]?[【\[]?){2,3}[】\]]?|[【\[]?(打印|关闭|收藏|返回|默认|下载|纠错|微信|微博|qq空间)(本页|窗口)?[】\]]?"
    r"|扫一扫.{0,20}|当前位置.{0,80}|(您)?(的)?(现在|当前)(的)?位置.{0,80}|目录|[\d\-:.年月日/ ]+|t\||[|/>·]+",
    re.IGNORECASE,
)


@frozen
class Title:
    """A title that was recognised: its lines ``first`` to ``last`` (-1: not printed), and what it says."""

    text: str
    name: str
    year: int | None
    first: int = -1
    last: int = -1


def read_title(text: str) -> Title | None:
    """A title in one piece of text, without blanks; its ``name`` may be empty."""
    plain = squeeze(text)
    if len(plain) > 100:
        return None
    for pattern in _TITLES:
        match = pattern.fullmatch(plain)
        if match and int(match["year"]) in YEARS:
            name = match.groupdict().get("name") or ""
            return Title(
                re.sub(r"\s+", "", text),
                name.removesuffix("关于").removesuffix("度"),
                int(match["year"]),
            )
    return None


def find_title(lines: Sequence[TextLine]) -> Title | None:
    """The last title in ``lines`` (those before section one), over one to three of them."""
    for last in range(len(lines) - 1, -1, -1):
        for first in range(last, max(-1, last - 3), -1):
            found = read_title("".join(line.text for line in lines[first : last + 1]))
            if found is None:
                continue
            if (
                not found.name
                and first > 0
                and _ORGAN.search(above := squeeze(lines[first - 1].text))
            ):
                text = re.sub(r"\s+", "", lines[first - 1].text) + found.text
                return Title(text, above, found.year, first - 1, last)
            return Title(found.text, found.name, found.year, first, last)
    return None


def read_date(text: str) -> date | None:
    """The first date in a text."""
    match = _DATE.search(unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def find_published(lines: Sequence[TextLine]) -> tuple[date | None, Place | None]:
    """The date that a line over the report gives as that of publication, on it or on the next."""
    for index, line in enumerate(lines):
        match = _DATED.match(squeeze(line.text))
        for near in (line, *lines[index + 1 : index + 2]) if match and len(line.text) < 60 else ():
            if (day := read_date(near.text)) is not None:
                return day, near.place
    return None, None


def split_preface(
    lines: Sequence[TextLine], title: Title | None
) -> Iterator[tuple[TextLine, bool]]:
    """The lines between title and section one, each with whether it is the page's own and no preface."""
    waiting = False
    for line in lines:
        text = squeeze(line.text)
        own = len(text) < 80 and (_META.fullmatch(text) or _WORDS.fullmatch(text)) is not None
        doubled = title is not None and (
            text in squeeze(title.text) or read_title(line.text) is not None
        )
        yield line, own or doubled or (waiting and len(text) < 40)
        waiting = own and text.endswith(":")


def level_of(name: str) -> Level:
    """Whether a name is that of a government or of one of its agencies."""
    return "government" if _GOVERNMENT.search(name) else "agency"
