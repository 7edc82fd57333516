"""N109: figures quoted in the prose by the name of their cell."""

from __future__ import annotations

from govdisclose.finding import Severity
from govdisclose.rules.rule import Rule

N109 = Rule(
    "N109", "文字中引用的数无法取得", Severity.ERROR,
    "文字里的 {表三.本年新收.总计} 在生成报告时换成表中的数，使文字与表格不会不一致。"
    "名称有误或那一格空白，就没有数可填，报告不能带着花括号公布。",
    "错：{表三.本年新受.总计}。对：{表三.本年新收.总计}，或 {requests.received.total}。",
    "照提示改正花括号里的名称；上年数、同比要用 --previous 给出上年的报告；也可以直接写数字。",
)  # fmt: skip
