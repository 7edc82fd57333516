"""Each figure of the table: its name, its comparison, and its bound."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Measured(NamedTuple):
    """Both sides of a figure by their medians, and how they compare in the best run of each."""

    ours: float
    peer: float
    best: float


class Target(NamedTuple):
    """A figure: its names, the peer's, the unit of both sides, and how ``ours`` and ``peer`` give the result.

    ``compared`` is ``share`` (ours over the peer's, the less the better), ``times`` (ours over the
    peer's, the more the better), ``faster`` (the peer's over ours) or ``ours`` (our figure alone, the
    less the better). ``must`` and ``aim`` bound the result; without them a figure only informs.
    """

    name: str
    chinese: str
    peer: str
    unit: str
    compared: Literal["share", "times", "faster", "ours"]
    must: float | None = None
    aim: float | None = None

    def result(self, measured: Measured) -> float:
        """The figure that is bounded."""
        if self.compared == "ours":
            return measured.ours
        return (
            measured.peer / measured.ours
            if self.compared == "faster"
            else measured.ours / measured.peer
        )

    def reached(self, measured: Measured) -> Literal["", "no", "must", "aim"]:
        """How far the bounds are kept."""
        if self.must is None and self.aim is None:
            return ""
        sign = 1 if self.compared in ("times", "faster") else -1
        kept = [
            b is not None and sign * self.result(measured) >= sign * b
            for b in (self.must, self.aim)
        ]
        return "aim" if kept[1] else "must" if kept[0] else "no"


SCRIPT = "openpyxl + docxtpl"

TARGETS = {
    "batch": Target("batch, documents per CPU second, one process", "成批生成，每 CPU 秒份数（一个进程）", SCRIPT, "/s", "times", 20, 40),
    "two processes": Target("batch, documents per second, two processes over one", "成批生成，每秒份数：两个进程比一个", "one process", "/s", "times", 1.7, 1.9),
    "render over docxtpl": Target("warm render alone", "只填模板（程序已在运行）", "docxtpl", "ms", "share", 0.03, 0.0125),
    "render over deflate": Target("warm render alone over deflating its text", "只填模板，比仅压缩其文字", "zlib", "ms", "share", None, 1.2),
    "warm whole job": Target("warm, whole job: read, check, render, read back, flush", "整个过程：读、检查、填、回读、写入磁盘（程序已在运行）", SCRIPT, "ms", "share"),
    "cold": Target("cold compile, whole process", "运行一次命令，从启动到结束", SCRIPT, "ms", "share", 0.45, 0.30),
    "aggregate": Target("aggregate, a workbook, one process", "汇总，每本工作簿（一个进程）", "openpyxl", "ms", "share", 0.06, 0.025),
    "aggregate, two processes": Target("aggregate, a workbook, two processes", "汇总，每本工作簿（两个进程）", "openpyxl", "ms", "share"),
    "memory": Target("memory grown from document 100 to the last", "内存增长，从第 100 份到最后一份", "held after 100", "MB", "ours", 5, 1),
    "docxtemplater": Target("docxtemplater over our render alone", "docxtemplater，比只填模板", "docxtemplater", "ms", "faster", 1, 8),
    "docxtemplater, whole job": Target("docxtemplater over our whole job", "docxtemplater，比整个过程", "docxtemplater", "ms", "faster"),
    "carbone": Target("carbone over our render alone", "carbone，比只填模板", "carbone", "ms", "faster", 1, 8),
    "carbone, whole job": Target("carbone over our whole job", "carbone，比整个过程", "carbone", "ms", "faster"),
    "docx-mailmerge2": Target("docx-mailmerge2 over our render alone", "docx-mailmerge2，比只填模板", "docx-mailmerge2", "ms", "faster", 1, 8),
    "docx-mailmerge2, whole job": Target("docx-mailmerge2 over our whole job", "docx-mailmerge2，比整个过程", "docx-mailmerge2", "ms", "faster"),
}  # fmt: skip
"""The figures in the order of the table."""
