"""Break a title into lines as a typist of official documents does.

GB/T 9704-2012 (7.3.1) asks that a title of several lines is whole in its words, symmetrical, of
suitable length, and shaped like a trapezium or a rhombus (词意完整、排列对称、长短适宜、梯形或菱形).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from unicodedata import east_asian_width

from govdisclose.lazy_pattern import LazyPattern

LINE_WIDTH = 20.0
"""Full-width characters of 22 pt on a line of 156 mm."""

TITLE_WIDTH = 14.0
"""Full-width characters of a heading on the screen of a telephone."""

_MOST_LINES = 4
"""No title of an agency needs more; a longer one is left to the program that shows it."""

_AREAS = "省 市 自治区 自治州 自治县 州 盟 县 区 旗 镇 乡 街道 新区 开发区 高新区 示范区 管理区"
"""Ends of the names of places: a line may end after them."""

_WORDS = """
人民政府 办公室 办公厅 委员会 管委会 管理委员会 工作委员会 办事处 街道办事处 服务中心 管理中心 指挥部 领导小组
管理局 监督局 服务局 执法局 保障局 事务局 分局 总局 总队 支队 大队 中心 研究院 研究所 图书馆 博物馆 档案馆
发展 改革 教育 科学 技术 工业 信息化 信息 民族 宗教 事务 公安 民政 司法 财政 人力资源 社会 保障 自然资源 规划
生态 环境 环境保护 住房 城乡 建设 交通 运输 水利 水务 农业 农村 林业 草原 园林 绿化 商务 文化 旅游 体育 广电 广播
电视 卫生 健康 退役 军人 应急 管理 审计 国有资产 监督 市场 统计 医疗 医疗保障 信访 机关 服务 政务 数据 大数据
政务服务 金融 人民防空 粮食 物资 储备 地方志 扶贫 乡村 振兴 投资 促进 外事 侨务 港澳 台湾 知识产权 药品 食品
税务 气象 地震 邮政 海关 烟草 专卖 综合 行政 执法 城市 审批 公共 资源 交易 住房公积金 公积金 经济 合作 高新技术
产业 园区 产业园 保税 自由贸易 试验区 风景 名胜 移民 搬迁 安置 残疾人 联合会 供销社 供销 合作社 总社 红十字会
政府信息公开 工作 年度 报告
"""
"""Words in the names of agencies: no line ends inside one of them."""

_HEADING_WORDS = """
总体情况 主动公开 政府信息 情况 收到和处理 申请情况 行政复议、 行政诉讼 存在的 主要问题 及改进情况 其他 需要 报告的 事项
"""
"""Words in the headings of the sections, for a narrow screen."""

_FIXED = ("政府信息公开工作年度报告", "政府信息公开年度报告")
"""The end of the title, which stands on one line."""

_PLACE_ENDS = tuple(_AREAS.split())
_AREA_CHARS = "省市州盟县区旗镇乡"
_INSIDE_NAMES = "州盟区旗镇乡"
"""Characters that also stand inside the names of cities: 苏州市, 镇江市, 景德镇市."""


def _pieces_of(known: Iterable[str]) -> LazyPattern:
    """A pattern that divides a title into known words, years, Latin words and single characters."""
    longest_first = sorted(known, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return LazyPattern(rf"\d{{4}}年(?:度)?|{words}|[0-9A-Za-z.\-]+|.", re.DOTALL)


_PIECE = _pieces_of({*_WORDS.split(), *_FIXED})
_SHORT_PIECE = _pieces_of([*_WORDS.split(), *_HEADING_WORDS.split()])
_OPENING = "（《〈“‘([〔"
_CLOSING = "）》〉”’)]〕、，。；：！？·—"
_CLAUSE_ENDS = "，；"
_JOINING = "和与及暨"
"""A line ends before one of these and never after it."""

_PLACE_BREAK = 0
_WORD_BREAK = 3
"""Costs of a break: after the name of a place, and between two known words."""


def text_width(text: str) -> float:
    """The width of a text in full-width characters; digits and Latin letters are half as wide.

    Examples:
        >>> text_width("2024年")
        3.0
    """
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)


def title_lines(title: str, agency: str = "", width: float = LINE_WIDTH) -> list[str]:
    """The lines of a title. ``agency`` is the name with which it usually begins.

    A title that fits on one line stays there. A longer one breaks after the agency's name; a name
    too long for a line breaks after the name of a place or between words. Where no word is known,
    nothing is broken here. Joined, the lines give the title.

    Examples:
        >>> title_lines("淮安市人民政府2024年政府信息公开工作年度报告", "淮安市人民政府")
        ['淮安市人民政府', '2024年政府信息公开工作年度报告']
    """
    if text_width(title) <= width:
        return [title]
    lines = []
    for part in title_parts(title, agency):
        lines += _balanced(part, width)
    return lines


def title_parts(title: str, agency: str) -> list[str]:
    """The name of the agency with which a title begins, and the rest; or the whole title.

    Examples:
        >>> title_parts("淮安市人民政府2024年政府信息公开工作年度报告", "淮安市人民政府")
        ['淮安市人民政府', '2024年政府信息公开工作年度报告']
    """
    rest = title.removeprefix(agency)
    if rest in ("", title):
        return [title]
    return [agency, rest]


def title_words(title: str) -> list[str]:
    """The pieces of a title between which a narrow screen may break it; joined, they give the
    title.

    Examples:
        >>> title_words("淮安市2024年政府信息公开年度报告")
        ['淮安市', '2024年', '政府信息公开', '年度', '报告']
    """
    ends = [end for end, _ in _breaks(title, _SHORT_PIECE)]
    return _cut(title, ends)


def _balanced(text: str, width: float) -> list[str]:
    """The fewest lines that hold a text without breaking a word, of the best shape.

    A title that cannot be divided so stays whole, and Word wraps it.
    """
    if text_width(text) <= width:
        return [text]
    breaks = dict(_breaks(text))
    for count in range(1, _MOST_LINES):
        found: list[list[str]] = []
        for places in combinations(breaks, count):
            lines = _cut(text, places)
            if all(text_width(line) <= width for line in lines):
                found.append(lines)
        if found:
            return min(found, key=lambda lines: _cost(lines, breaks))
    return [text]


def _cut(text: str, places: Sequence[int]) -> list[str]:
    edges = [0, *places, len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def _breaks(text: str, pattern: LazyPattern = _PIECE) -> Iterator[tuple[int, int]]:
    """A place where a line may end, and its cost."""
    pieces = list(pattern.finditer(text))
    for before, after in pairwise(pieces):
        cost = _break_cost(text, before, after)
        if cost is not None:
            yield before.end(), cost


def _break_cost(text: str, before: re.Match[str], after: re.Match[str]) -> int | None:
    """The cost of a break between two pieces; ``None`` where no line may end."""
    if before[0] in _OPENING or after[0] in _CLOSING or before[0] in _JOINING:
        return None
    if _ends_place(text, before.end()):
        return _PLACE_BREAK
    ends_word = len(before[0]) > 1
    if ends_word and _begins_word(after[0]):
        return _WORD_BREAK
    if before[0] in _CLAUSE_ENDS:
        return _WORD_BREAK
    return None


def _begins_word(piece: str) -> bool:
    """Whether a piece is a word, or stands before one."""
    if len(piece) > 1:
        return True
    return piece in _JOINING or piece == "（"


def _ends_place(text: str, end: int) -> bool:
    """Whether the name of a place ends here, and no longer name continues."""
    if not text[:end].endswith(_PLACE_ENDS):
        return False
    reach = 2 if text[end - 1] in _INSIDE_NAMES else 1
    following = text[end : end + reach]
    return not any(char in _AREA_CHARS + "族" for char in following)


def _cost(lines: Sequence[str], breaks: dict[int, int]) -> float:
    """How ill a shape is: the breaks' own costs, uneven lines, and a waist in the middle."""
    cost = 0.0
    end = 0
    for line in lines[:-1]:
        end += len(line)
        cost += breaks[end]
    widths = [text_width(line) for line in lines]
    cost += (max(widths) - min(widths)) / 2
    for left, middle, right in zip(widths, widths[1:], widths[2:], strict=False):
        if middle < left and middle < right:
            cost += 10
    return cost
