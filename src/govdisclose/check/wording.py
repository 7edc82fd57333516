"""How annual reports speak of numbers: the words that ``sentences.py`` looks for.

Full-width digits, brackets and commas are made half-width before a pattern is applied, except for
those that decide whether a sentence is looked at: ``ANY_COUNT``, ``SENTENCE``, ``SIGN`` and
``KEYWORD``.
"""

from __future__ import annotations

import re

from govdisclose.form.numerals import DIGITS, UNITS, chinese_number
from govdisclose.lazy_pattern import LazyPattern

_NEXT = "下一?年度?|次年度?|翌年度?|明年|来年"
_LAST = "上一?年度?|去年度?|往年|历年"
_LAST_ONE = "(?:上一?年度?|去年度?)"
_MOVED = "结转|转结|顺延|递延|延续|延至|延期|跨|移至|转入|转至|转到|留转|滚入"
_LEFT = "结转|转结|转入|遗留|未办结|留转|跨年"

_NO_RECORDS = (
    "(?!的?(?:政府)?信息(?!公开|申请)|的?(?:文件|公文|内容|事项|情形|范围|目录|理由|依据))"
)
"""Behind an outcome: 不予公开信息数95条 counts records by whether they are open, not requests."""

TOPICS = {
    "carried_out": rf"(?:(?:{_MOVED})(?:至|到|入)?(?:{_NEXT}|\d{{4}}年度?)|跨年度?(?=办理|答复)|(?:{_NEXT})(?=继续|办理|答复|结转))"
    "(?:继续)?(?:办理|答复|处理|结转)?",
    "carried_in": rf"(?:结转|转结|承接)(?:自|的)?{_LAST_ONE}(?:的|结转的)?|(?:{_LAST}末?|\d{{4}}年度?)(?:{_LEFT})(?!(?:至|到|入)?(?:下|次|翌))(?:下来|而来|来)?",
    "new": "新收到?|新增受理|新受理|新接收|新增(?=政府信息公开申请|依?申请)",
    "received": "收到|接到|接收|受理|接受",
    "granted": f"(?:予以公开|同意公开|准予公开){_NO_RECORDS}",
    "partly_granted": f"(?:部分公开|区分处理后(?:予以)?公开){_NO_RECORDS}",
    "refused": f"不予公开{_NO_RECORDS}",
    "unable": "无法提供",
    "not_processed": "不予处理",
    "processed": "(?<!未)(?<!待)(?<!正在)(?<!尚在)(?:办结|答复(?!率)|办复|回复|(?:办理|处理)完[毕成]|办理(?!费|流程)|(?<!其他)(?<!区分)(?<!不再)处理(?!费|后|意见|决定|方式|机制))",
    "after_review": "经?(?:过)?复议后(?:起诉|诉讼|提起(?:行政)?诉讼)",
    "direct": "(?:未经复议(?:程序)?(?:而)?)?直接(?:起诉|诉讼|提起(?:行政)?诉讼)(?:的(?:政府信息公开)?(?:行政)?诉讼)?",
    "review": "行政复议|复议",
    "litigation": "行政诉讼|行政应诉|诉讼|应诉",
}
"""Topic → how sentences speak of it; where two fit at one place, the first counts."""

ANY_TOPIC = "|".join(f"(?P<{topic}>{pattern})" for topic, pattern in TOPICS.items())
_FIRST = r"[区承结转顺递延跨移留滚下次翌明来上去往历\d新收接受予同准部不无办答回处经复未直行诉应]"
_KEYWORD = f"(?={_FIRST})(?:{ANY_TOPIC})"
"""Any topic. The characters that one can begin with make the search eight times as fast."""

_SIGN = (
    f"{_MOVED}|{_LEFT}|承接|继续|新[收增受接]|收到|接[到收受]|受理|以公开|意公开|予公开|分公开"
    "|无法提供|处理|办[理结复]|答复|回复|复议|起诉|应诉|诉讼"
)
"""What is in every keyword. Each alternative begins with a character of its own, so that most of a
text is passed over: the search is nine times as fast as that for a keyword.
"""

DISPUTES = frozenset({"review", "litigation", "direct", "after_review"})
VERBS = frozenset({"received", "new"})
"""Topics whose number follows the verb: 对 25 件申请收到的费用 says nothing of requests received."""

OUTCOMES = frozenset({"granted", "partly_granted", "refused", "unable", "not_processed"})
ADD_UP = (frozenset({"new", "received", "carried_in"}), OUTCOMES)
"""Topics that may be counted together, besides disputes: 收到和答复 may not."""

_NO = "(?:未|没有|没|无|尚未|未曾|从未)"
_NUMERALS = "".join(DIGITS | UNITS)
_DIGIT = rf"[\d{_NUMERALS}]"
_UNIT = "[件条份宗起]"
_BLANKS = " \u3000\xa0"
_COUNT = rf"(?P<number>(?<!\d)\d{{1,3}}(?:,\d{{3}}){{1,6}}|(?<!\d)\d{{1,12}}|(?<![{_NUMERALS}])[{_NUMERALS}]{{1,30}}) ?个?{_UNIT}(?![次套])"

NO_TOPIC = ""
"""The topic of a keyword that speaks of something the tables do not have."""

LONGEST_LABEL = 8
"""A clause this short is a label of the following one: “市本级：”."""

FARTHEST = 24
"""Farther apart than this many characters, keyword and number hardly belong together."""

_WIDE = tuple(zip("０１２３４５６７８９，（）：；！？　\xa0", "0123456789,():;!?  ", strict=True))


def narrow(text: str) -> str:
    """``text`` with half-width digits, brackets and punctuation; each character stays at its place."""
    for wide, half in _WIDE:  # six times as fast as str.translate, which looks up every character
        text = text.replace(wide, half)
    return text


def number_in(written: str) -> int | None:
    """The value of a number in digits or in Chinese numerals."""
    digits = written.replace(",", "")
    if digits.isascii():
        return int(digits)
    value = chinese_number(digits)
    if value is None:
        return None
    return int(value)


def blanked(text: str, *patterns: LazyPattern) -> str:
    """``text`` with blanks in place of everything that one of ``patterns`` finds."""
    for pattern in patterns:
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


KEYWORD = LazyPattern(_KEYWORD)
SIGN = LazyPattern(_SIGN)
JOINED = LazyPattern(r"(?:申请|案件|情况)?[和与及以、或加/]+(?:被|提起|因此)*")
EACH = LazyPattern("[均各都]")
# A number with its unit; 5500余条 and 1.2万件 are rough and do not match or are left out.
COUNT = LazyPattern(_COUNT)
# What a text must have to state any number, none included. Looked for by its rarest character, and
# from there back. It need not have been made narrow.
ANY_COUNT = LazyPattern(
    rf"[件条份宗起未没无为](?:(?<=[未没无])|(?<=为)[零0０]|(?<={_DIGIT}{_UNIT})|(?<={_DIGIT}[{_BLANKS}个]{_UNIT})|(?<={_DIGIT}[{_BLANKS}]个{_UNIT}))"
)
NO_COUNT_BEFORE = LazyPattern(
    r"(?:由|从|近|约|超过?|逾|不足|不少于|至少|多达|[第同每逐任某各这该另]|[.\-—万/%\d])$"
)
# 未发生一起, 没有一件: one is none there.
NOT_ONE_BEFORE = LazyPattern(
    rf"{_NO}(?:有|曾|再|发生|产生|引发|出现|收到|接到|受理|接收|过|任何|(?:行政)?(?:复议|诉讼)|[、和或])*$"
)
ROUGH_AFTER = LazyPattern("左右|以上|以内|以下|上下|/|[一每]")
# A change, a rate or another number between: the number does not count the topic.
NO_COUNT_BETWEEN = LazyPattern(
    r"增加|减少|增长|上升|下降|降低|同比|环比|相比|较|比[上去前2]|多收|少收|翻|率|\d+(?:\.\d+)?(?!年|月|日|\d|号|期)"
)
SENTENCE = LazyPattern(r"[^。;；!！?？\n]+")
CLAUSE = LazyPattern(r"[^,:()]+(?:(?<=\d),(?=\d{3}(?!\d))[^,:()]+)*")
YEAR = LazyPattern(r"(\d{4})年")
# Blanked first: titles and quotations, the whole year in dates, everybody who may ask.
QUOTED = LazyPattern(r"《[^《》]*》|“[^“”]*”")
WHOLE_YEAR = LazyPattern(
    r"(?:自|从)?(?:\d{4}年)?0?1月0?1日起?[^,。;]{0,12}12月31日(?:期间|止)?|截[至止](?:到)?(?:\d{4}年)?(?:12月(?:31日|底)|年底)"
)
EVERYBODY = LazyPattern(
    "自然人[、和及与](?:法人|企业)[^,。;0-9]{0,12}组织|公民[、,和及与]*(?:法人)?(?:[、,和及与或者以]*其他(?:社会)?组织)?"
)
PART_OF_YEAR = LazyPattern(
    r"季度|半年|\d月|月份|截[至止][^,]*日|(?<!年)以来|[一二三四五六七八九十]月"
)
LAST_YEAR = LazyPattern(
    rf"(?<!结转)(?<!转结)(?<!承接)(?:上一?年|去年|前年|往年|历年|近[两三四五\d]年)(?!度?末?(?:{_LEFT}))"
)
THIS_YEAR = LazyPattern("今年|本年|全年|年内|当年")
COMPARED = LazyPattern("相比|对比|一样|相同|持平")
# Things other than requests that are also received, handled and answered.
OTHER_CASES = LazyPattern(
    "信访|来信|来访|函件|投诉|举报|热线|工单|留言|建议|提案|议案|咨询|许可|审批|登记|备案|网民|邮件|意见|稿|信件|诉求|线索|处罚"
    "|案卷|信箱|反馈|回执|整改|证明|社保|来电|电话|求助|政务服务|便民|动态|新闻|培训|文件|公文|补正|告知|征求|证照|执法|舆情|维权|裁决|赔偿|补偿|救助|援助|仲裁|工伤|问题|办件|案例|模板|[编印]印|编发"
)
# A part of the whole (PART) unless the words of the whole are beside it.
PART = LazyPattern(
    r"本级|县区|区县|县市区|各[市县区镇部街乡单委]|镇街|乡镇|市直|区直|县直|部门|自然人|个人|企业|商业|科研|公益|法律服务|律师"
    r"|网络|网上|网站|在线|平台|信函|邮寄|邮箱|电子邮|来函|当面|现场|传真|书面|口头|线上|线下|窗口|渠道|涉及|关于|反映|领域|要求公开(?!政府信息)|(?<!各)类"
    r"|国家秘密|第三方|不掌握|现成信息|不存在|时限内|期限内|协助|转交|转来|会商|不含|不包括|重复|同一|逾期|超期|提前|当场|当日|延期(?!至|到|下)|终止|指导|督促|督办|交办|协查|基层|撤回|撤销|补正|合并|并案|不属于|转办|转送|群体|大量|复杂|疑难|主要|每(?!年)"
)
WHOLE = LazyPattern("全[市县区省州盟旗系]|[总合共]")
# A smaller unit whose figures follow, in this clause and the next ones of the sentence.
SCOPE = LazyPattern(
    r"本级|县区|区县|县市区|乡镇|镇街|街镇|市直|区直|县直|其中[^,]{0,12}(?:部门|单位|街道|办事处|[局委办县区镇乡])(?=收|接|受|办|答|新|共|$)"
)
# Words after a figure carried in describe that figure.
WHOLE_AREA = LazyPattern("全[市县区省州盟旗系]")
OF_WHICH = LazyPattern("其中|均|已|全部|分别")
OF_CARRIED_IN = LazyPattern("(?:的|而来的?)?(?:政府信息公开)?(?:申请)?(?:已|均|全部|中)?")
DISPUTE_WORDS = LazyPattern("复议|诉讼|应诉")
PART_OF_DISPUTES = LazyPattern(
    "复议机关|代理|非政府|典型|维持|纠正|纠错|撤销|撤回|驳回|(?:被|由|向)(?!申请|提起|提出|诉|行政|复议)[^,]{1,12}(?:复议|诉讼)|审结|未结|结案|其他结果|败诉|胜诉|确认|终止|一审|二审|再审|开庭|出庭|调解|和解|意见|答辩|决定"
)
# The work of a reviewing body: without 公开 in the sentence these are other agencies' cases.
HEARS_CASES = LazyPattern("受理|办理|审理|审结|代理|承办|收到|化解|新收")
AGAINST_US = LazyPattern("因|被|引发|引起|产生|发生|应诉|涉我|涉及")
NONE_BEFORE = LazyPattern(
    rf"{_NO}(?:有|发生|产生|引发|出现|涉及|收到|接到|受理|接收|被|提起|提出|引起|的|申请|任何|过|新的?|政府信息公开(?:工作)?|因[^,]{{0,18}})*$"
)
NONE_AFTER = LazyPattern(
    r"(?:申请|案件|的|等)*(?:情况|情形|事项|事件|案件)?(?:均|都)?(?:未发生|没有发生|未产生|为零|为0|无)$"
)
NONE_RECEIVED = LazyPattern(
    rf"{_NO}(?:收到|接到|受理|接收)过?(?P<of>[^,]{{0,60}}?)(?:申请|事项|事宜)"
)
SOME_REQUESTS = LazyPattern(
    "关于|涉及|不合理|重复|属于|符合|需要|予以|其他|不予|收费|缴费|复议|诉讼|应诉"
)

SAYS_NOTHING = (
    (QUOTED, ("》", "”")),
    (WHOLE_YEAR, ("12月31日", "12月底", "年底")),
    (EVERYBODY, ("自然人", "公民")),
)
"""Patterns of text that is blanked first, each with signs: without one it need not be tried."""
