"""Family A: the 勾稽 relations the statute binds the tables with."""

from __future__ import annotations

from govdisclose.finding import Severity
from govdisclose.rules.rule import Rule

_TABLE_THREE = "国办公开办函〔2021〕30号附件表三的勾稽关系"

A101 = Rule(
    "A101", "六类申请人之和不等于总计", Severity.ERROR,
    f"{_TABLE_THREE}：每一行，自然人与五类法人或其他组织之和等于总计。",
    "错：自然人 60、其他 1，总计 62。对：总计 61。",
    "核对这一行六类申请人的数和总计，改正错的那一格。",
    explainable=True, states_relation=True,
)  # fmt: skip
A102 = Rule(
    "A102", "各项办理结果之和不等于（七）总计", Severity.ERROR,
    f"{_TABLE_THREE}：每一列，（一）至（六）各项之和等于（七）总计。每件申请只落在一行。",
    "错：予以公开 3、不予公开 1，（七）总计 5。对：（七）总计 4，或补上漏计的 1 件。",
    "核对这一列（一）至（六）各行和（七）总计；区分处理的只计在（二）部分公开。",
    explainable=True, states_relation=True,
)  # fmt: skip
A103 = Rule(
    "A103", "第一项加第二项不等于第三项（七）加第四项", Severity.ERROR,
    f"{_TABLE_THREE}：“本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和”，七列都要成立。",
    "错：新收 10、上年结转 2，办结 11、结转下年度 0。对：结转下年度 1。",
    "核对这一列的新收、上年结转、（七）总计、结转下年度四格，改正错的那一格。",
    explainable=True, states_relation=True,
)  # fmt: skip
A104 = Rule(
    "A104", "复议、诉讼四种结果之和不等于总计", Severity.ERROR,
    "国办公开办函〔2021〕30号附件表四：行政复议、未经复议直接起诉、复议后起诉三组，"
    "结果维持、结果纠正、其他结果、尚未审结之和等于总计。",
    "错：维持 2、纠正 1、其他 0、尚未审结 1，总计 3。对：总计 4。",
    "核对这一组五格；尚未审结的案件也计入总计。",
    explainable=True, states_relation=True,
)  # fmt: skip
A105 = Rule(
    "A105", "疑似一件申请归错了申请人", Severity.NOTE,
    f"{_TABLE_THREE}逐列成立。总计列成立而两列一多一少、相差的数相同，多半是把申请归错了列。",
    "例：自然人列多 1、其他列少 1，总计列相等。",
    "核对这两列的申请，把归错的那一件移到正确的列。",
    explainable=True,
)  # fmt: skip
A106 = Rule(
    "A106", "疑似只错一处", Severity.NOTE,
    f"{_TABLE_THREE}使每个数受两三条关系约束，一个数写错会同时破坏几条。只有一种改法能使它们全部成立时，"
    "错处多半就在那里。只是提示，程序从不自行改数。",
    "例：一行的和、一列的和同时少 18，两者相交的一格由 2 改为 20 后都成立。",
    "对照原始台账核实提示的那一格；确有错误的，改正后重新检查。",
    explainable=True,
)  # fmt: skip
