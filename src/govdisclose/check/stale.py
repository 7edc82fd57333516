"""A sentence that tells this year's work under last year's number: 我局2023年共收到申请5件, in the report on
2024.

Reports are written over last year's. Earlier years are also named with good reason (comparisons,
plans and documents of a year, rankings, figures carried over), so a sentence counts only when the
year before is the only year in it, directly before words about the report's own year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from govdisclose.check import wording as words

_OWN_WORK = (
    "(?:共|共计|累计|合计|总计|新)?(?:主动公开|公开(?:政府)?信息|收到|受理|接到|接收|新收|办理(?:政府信息公开|依申请)|办结"
    "|未收到|没有收到|未接到|无依申请|未发生|没有发生|未产生|未收取|没有收取|未因|制发|发布(?:政府|各类|主动|信息)|无(?:因)?政府信息公开)"
)
_WHO = r"(?:[,，]|度|全年|里|间|(?:我|本|全)[省市县区州盟旗镇乡街局委办厅院处所站]?(?:局|镇|乡|办|委|街道|机关|单位|部门)?)*"
_NAMED = re.compile(rf"(?<![\d〔\[(（])(?P<year>\d{{4}})年{_WHO}{_OWN_WORK}")
_UNTIL = re.compile(r"截[至止](?:到)?(?P<year>\d{4})年(?:12月31日|12月底|底|年底|末)(?!前)")
_ANY_YEAR = re.compile(r"(?<!\d)(\d{4})(?=年|[〕\])])")

_WITH_REASON = re.compile(
    "较|比|同期|增长|增加|减少|上升|下降|年度?结转|年度?遗留|以来|自(?!然)|从|年起|日起|今年|本年|一样|对照|针对|根据|按照|依据|整改|反馈|考核|评估|测评|排名"
    "|要点|计划|规划|方案|报告|年报|上年|去年|上一年|往年|近[两三四五]年|连续|此前|历史|复查|回头看|补"
)
"""Words in the sentence that give an earlier year a good reason."""


def stale_sentences(text: str, year: int) -> Iterator[str]:
    """The beginning of each clause that states last year's number where the report year should be."""
    if str(year - 1) not in text:
        return
    plain = words.narrow(text)
    named_years = {int(match["year"]) for match in _NAMED.finditer(plain)}
    if year in named_years:
        return  # the text tells both years, each under its own number
    for sentence in words.SENTENCE.finditer(plain):
        said = words.blanked(sentence.group(), words.QUOTED)
        years = {int(named) for named in _ANY_YEAR.findall(said)}
        if years != {year - 1}:
            continue
        if _WITH_REASON.search(said):
            continue
        match = _NAMED.search(said) or _UNTIL.search(said)
        if match is None:
            continue
        start = sentence.start() + match.start()
        end = sentence.end()
        yield text[start:end].strip()
