"""The sheets of the standardized workbook that are not statutory tables, and the labels on them.

The writer prints these labels and the reader looks for them; both take them from here.
"""

from __future__ import annotations

from typing import NamedTuple

from govdisclose.form.report import SECTIONS, Level


class Basic(NamedTuple):
    """One line of 基本信息: the attribute it fills, its label, and other spellings offices use."""

    key: str
    label: str
    required: bool
    help: str
    variants: tuple[str, ...] = ()


BASICS_SHEET = "基本信息"
PREFACE_SHEET = "前言"
EXPLANATIONS_SHEET = "说明事项"
GUIDE_SHEET = "填报说明"
LAST_YEAR_SHEET = "上年数据"
SUMMARY_SHEET = "汇总说明"
"""The sheet of a consolidated workbook that lists the units counted and not counted."""
PROVENANCE_SHEET = "来源明细"
"""In a consolidated workbook: what each unit contributed to each cell, one unit a row."""
UNIT_TEXTS_SHEET = "各单位文字"
"""In a consolidated workbook: the paragraphs of the units side by side, to write from."""
CHANGES_SHEET = "与上年相比"
"""In a consolidated workbook and in the results of a batch: unusual changes. Never read back."""
SEAL_SHEET = "定稿清单"
"""In a consolidated workbook in its final state: the checksum of every file."""
SEAL_COLUMNS = ("文件", "单位", "计入", "SHA-256")
_FORMER_PROVENANCE = tuple(f"来源明细（{s.sheet}）" for s in SECTIONS if s.is_table)
NEVER_READ = frozenset(
    {PROVENANCE_SHEET, UNIT_TEXTS_SHEET, CHANGES_SHEET, SEAL_SHEET, *_FORMER_PROVENANCE}
)
"""Sheets that may be very long, and hold nothing that is read back.

Earlier versions wrote the provenance of each table on a sheet of its own.
"""
LISTS_OF_OURS = (
    frozenset({"概况", "变化", "各单位"}),
    frozenset({"概览", "单位数据", "指标"}),
    frozenset({"概况", "文字", "跨年衔接"}),
    frozenset({"邮件合并", "逐条意见"}),
)
"""Sheets that stand together in a workbook of ours that is no report: the state of a season, an
overview, a comparison, a table of letters.
"""
RESULTS_COLUMNS = frozenset({"结果", "以此为准", "指纹", "工作簿"})
"""Columns that stand together only in the results of a batch."""
RESULT_SHEET = "检查结果"
"""In front of an annotated copy: the list of its findings. Never read back."""
ROSTER_SHEET = "花名册"

BASICS = (
    Basic(
        key="name",
        label="机关名称",
        required=True,
        help="填全称，与印章一致。",
        variants=("单位名称", "填报单位", "行政机关名称", "报告单位"),
    ),
    Basic(
        key="code",
        label="统一社会信用代码",
        required=False,
        help="18 位；汇总时用它区分同名单位。",
        variants=("信用代码", "机构代码", "单位代码"),
    ),
    Basic(
        key="level",
        label="报告类别",
        required=True,
        help="部门报告填“部门”；本级政府汇总报告填“政府”。",
        variants=("单位层级",),
    ),
    Basic(
        key="year",
        label="报告年度",
        required=True,
        help="四位年份，如 2025。",
        variants=("年度", "报告年份", "年份"),
    ),
    Basic(
        key="published",
        label="发布日期",
        required=False,
        help="向社会公布的日期，如 2026-01-20。",
        variants=("公布日期", "填报日期"),
    ),
    Basic(
        key="title",
        label="报告标题",
        required=False,
        help="不填则为：机关名称＋年份＋年政府信息公开工作年度报告。",
        variants=("标题",),
    ),
    Basic(
        key="edition",
        label="适用格式",
        required=False,
        help="由程序填写，请勿改动。",
        variants=("格式版本",),
    ),
    Basic(
        key="signature",
        label="落款",
        required=False,
        help="印在报告末尾的机关名称；不填不印。填了，成文日期也要填。",
        variants=("署名", "落款机关", "发文机关署名"),
    ),
    Basic(
        key="signed",
        label="成文日期",
        required=False,
        help="印在落款下面的日期，如 2026-01-18；只填日期，落款印机关名称。",
        variants=("落款日期", "署名日期"),
    ),
)

LEVEL_WORDS: dict[Level, str] = {"agency": "部门", "government": "政府"}

BASICS_COLUMNS = ("项目", "填写内容", "说明")
"""Header over the lines of 基本信息."""

ITEM_HEADER = "信息内容"
"""The header over the row labels of table two."""

PARAGRAPH_COLUMNS = ("层级", "正文")
PREVIEW_COLUMN = "预览"
"""Right of the paragraphs: each as it will be printed, with its quotes. Never read back."""

PARAGRAPH_LEVELS = {0: "正文", 2: "（一）", 3: "1.", 4: "（1）"}
"""Heading level → the word in the 层级 column; a blank one is read from the paragraph's ordinal."""

CONTINUED = "续行"
"""In the 层级 column: the row continues the paragraph above it after a line break."""

PROSE_HINTS = {
    "preface": "可以不写。一般写编制依据、统计期限（1月1日至12月31日）、电子版下载处和联系方式。一段一行。",
    "overview": "写主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面；"
    "政府的报告还要写工作考核、社会评议和责任追究结果。原则上不超过一千字。一段一行，小标题也占一行或写在段首。",
    "problems": "写本年存在的主要问题和改进情况，要具体，不能只写“无”，也不要照抄上年。一段一行。",
    "other_matters": "先写信息处理费：按规定收取了多少，没有收取也要写明；再写其他需要报告的事项。一段一行。",
}
"""The hint printed above each prose section (国办公开办函〔2021〕30号, Regulations article 50)."""

OUTLINE_HINT = "上年提纲（只供参考，内容不要照抄）："
"""The words before the outline of last year's section; it follows the hint."""

PREVIEW_HINT = "正文中可以引用表中的数，如 {表三.本年新收.总计}，生成报告时换成当时的数。已有引用的段落在此显示结果。"

PROSE_SHEETS = {"preface": PREFACE_SHEET, **{s.key: s.sheet for s in SECTIONS if not s.is_table}}
"""Prose attribute of a report → its sheet."""

EXPLANATION_COLUMNS = ("规则代码", "单元格", "当时数值", "原因")

CONTACT_COLUMNS = {
    "person": ("联系人",),
    "phone": ("电话", "联系电话", "手机"),
    "email": ("邮箱", "电子邮箱"),
    "address": ("地址", "通讯地址"),
}
"""The contact data of a unit on a roster → its columns: the written one, and other names."""

FORMER_CODE_COLUMN = "原代码"
SPLIT_COLUMN = "分设自"
FOUNDED_COLUMN = "设立年份"
MERGED_COLUMN = "并入"
DISSOLVED_COLUMN = "撤并年份"
"""Columns of a roster that tell how units changed over the years."""

CHANGE_YEAR_COLUMN = "变动年份"
"""May stand for 设立年份 or 撤并年份, whichever a row needs."""

CHANGE_COLUMNS = (
    FORMER_CODE_COLUMN,
    SPLIT_COLUMN,
    FOUNDED_COLUMN,
    MERGED_COLUMN,
    DISSOLVED_COLUMN,
)

ROSTER_COLUMNS = (
    *("代码", "名称", "上级", "层级", "填报", "曾用名"),
    *CHANGE_COLUMNS,
    *(names[0] for names in CONTACT_COLUMNS.values()),
)
"""Header of a roster: all but the first two may be left out."""

ALIAS_COLUMNS = ("曾用名", "别名")
"""Either may hold other names of a unit, separated by one of ``ALIAS_SEPARATORS``."""

ALIAS_SEPARATORS = "、;；\n"

ROSTER_WORDS = {"是": True, "否": False}
"""The words allowed under 填报: whether this unit hands in a workbook of its own."""

LIGHT_LABEL = "勾稽"
"""Header of the column, and stub of the row, where the workbook shows whether a relation holds."""

SHEET_ORDER = (
    GUIDE_SHEET,
    BASICS_SHEET,
    PREFACE_SHEET,
    *(section.sheet for section in SECTIONS),
    EXPLANATIONS_SHEET,
)
