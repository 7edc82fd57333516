"""Family P: is the report published when and as the Regulations say."""

from __future__ import annotations

from govdisclose.finding import Severity
from govdisclose.rules.rule import Rule

P101 = Rule(
    "P101", "发布日期不在法定期限内", Severity.WARNING,
    "《政府信息公开条例》第四十九条：县级以上人民政府部门在次年 1月31日前公布上一年度报告；"
    "县级以上地方人民政府的政府信息公开工作主管部门在次年 3月31日前公布本级政府的报告。年度未满，数据不全，不应公布。",
    "错：2024 年度的部门报告 2025-02-10 公布，或 2024-12-25 公布。对：2025-01-20 公布。",
    "核对发布日期和报告类别；尚未公布的，在期限内公布。",
)  # fmt: skip
P102 = Rule(
    "P102", "报告标题与机关名称、年度不一致", Severity.WARNING,
    "国办公开办函〔2021〕30号的格式名为“政府信息公开工作年度报告”；标题由机关名称、年度和这个名称组成，与基本信息一致，才便于检索。",
    "错：某某市示范局 2024 年度的报告，标题写“某某市示范局2023年政府信息公开年度报告”。"
    "对：“某某市示范局2024年政府信息公开工作年度报告”。",
    "改正标题或基本信息中的机关名称、报告年度；“报告标题”一栏可以不填，由程序按标准写法生成。",
)  # fmt: skip
