"""The reports of a whole folder of workbooks, on this machine or on a Dask cluster.

Examples:
    >>> from govdisclose import batch
    >>> for result in batch.batch_reports("收件", "报告", to=["docx", "json"]):
    ...     print(result.workbook.name, result.status.label)
    乙局.xlsx 已生成
    甲局.xlsx 已生成
"""

from govdisclose.many.batch.cluster import Cluster, dask_cluster
from govdisclose.many.batch.plan import batch_reports
from govdisclose.many.batch.result import BatchResult, Status
from govdisclose.many.batch.season import BatchEnd, SetAside
from govdisclose.many.decisions import Decision, read_decisions
from govdisclose.many.inbox import Inbox, InboxEntry, PassedOver, look_into
from govdisclose.many.isolation import Isolation
from govdisclose.many.previous import PreviousYear

__all__ = [
    "BatchEnd",
    "BatchResult",
    "Cluster",
    "Decision",
    "Inbox",
    "InboxEntry",
    "Isolation",
    "PassedOver",
    "PreviousYear",
    "SetAside",
    "Status",
    "batch_reports",
    "dask_cluster",
    "look_into",
    "read_decisions",
]
