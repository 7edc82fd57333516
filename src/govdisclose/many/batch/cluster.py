"""Workers on other machines: a running Dask cluster as an executor for ``batch_reports``.

Dask itself repeats the tasks of a lost worker. This module refuses a cluster that could give
another result than this machine: every worker must have this version and, where files travel as
paths, see the same folders.
"""

from __future__ import annotations

import logging
import os
import pkgutil
import secrets
import warnings
from asyncio import TimeoutError as LateError  # before Python 3.11 not the built-in one
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from govdisclose.errors import GovDiscloseError, OutputError, UsageError
from govdisclose.many.isolation import Isolation
from govdisclose.source import PathLike

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from distributed import Client

SECONDS = 10.0
"""How long to wait for the scheduler, and for its first worker."""

_SHOWN = 3
"""How many workers a message names."""


@frozen
class Cluster:
    """A Dask cluster: its executor, and how many workbooks it works on at a time."""

    executor: Executor
    workers: int


@contextmanager
def dask_cluster(
    scheduler: str,
    *,
    shared: Sequence[PathLike] = (),
    seconds: float = SECONDS,
    isolation: Isolation | None = None,
) -> Iterator[Cluster]:
    """Connect to the Dask scheduler at an address such as ``tcp://10.0.0.5:8786``, for one block.

    ``shared`` are folders that every worker must see under the same path: give the folders of the
    workbooks and of the results when files travel as paths. TLS is set up in Dask's own
    configuration.

    ``isolation`` limits the time and memory of each workbook on the workers: each of their threads
    then works in a process of its own, and a workbook that ends this process costs only itself. The
    cluster's executor is then for this library alone.

    Raises ``UsageError`` when Dask is not installed here, the scheduler does not answer within
    ``seconds`` or has no worker, when it or a worker has another version of this library or of
    Dask, or does not see a folder; ``OutputError`` when the connection breaks while the block runs.

    Examples:
        >>> from govdisclose.batch import batch_reports, dask_cluster
        >>> with dask_cluster("tcp://10.0.0.5:8786") as cluster:  # doctest: +SKIP
        ...     results = list(
        ...         batch_reports(
        ...             "收件", "报告", executor=cluster.executor, jobs=cluster.workers
        ...         )
        ...     )
    """
    try:
        import distributed  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise UsageError(
            '使用 --scheduler 需要安装 Dask：pip install "govdisclose[dask]"'
        ) from error
    _refuse_address(scheduler)
    with _quiet(), _connected(scheduler, seconds) as client:
        _wait_for_worker(client, scheduler, seconds)
        with _lost_connection_explained(client, scheduler):
            for package in ("govdisclose", "distributed"):
                _refuse_other_versions(client, package, scheduler)
            for folder in shared:
                _refuse_unseen(client, Path(folder).absolute())
            threads = max(1, sum(client.nthreads().values()))
            with _executor(client, isolation) as executor:
                yield Cluster(executor, threads)


@contextmanager
def _executor(client: Client, isolation: Isolation | None) -> Iterator[Executor]:
    """The executor of a client; with ``isolation`` its workers begin and end their processes."""
    executor: Executor = client.get_executor(pure=False)
    if isolation is None:
        yield executor
        return
    from govdisclose.many.batch.dask_worker import LimitedExecutor, LimitedWorker

    name = f"govdisclose-{secrets.token_hex(8)}"
    client.register_plugin(LimitedWorker(name, isolation), name=name)
    try:
        yield LimitedExecutor(executor, name)
    finally:
        with suppress(Exception):  # the connection may be gone, and with it the processes
            client.unregister_worker_plugin(name)


def _refuse_address(scheduler: str) -> None:
    """Refuse an invalid address, and TLS without certificates, for which a client would wait long."""
    from distributed.comm.addressing import get_address_host_port
    from distributed.security import Security

    try:
        get_address_host_port(scheduler, strict=True)
    except (ValueError, NotImplementedError) as error:
        raise UsageError(f"“{scheduler}”不是调度器的地址，应如 tcp://10.0.0.5:8786") from error
    if (
        scheduler.startswith("tls:")
        and Security().get_connection_args("client")["ssl_context"] is None
    ):
        raise UsageError(
            f"{scheduler} 要用 TLS，而这台机器上没有给 Dask 配置证书（见 docs/cluster.md）"
        )


@contextmanager
def _connected(scheduler: str, seconds: float) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=seconds, set_as_default=False)
    except (OSError, LateError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"连不上调度器 {scheduler}：请确认地址和端口，调度器已启动（dask scheduler），防火墙放行；"
            "用了 TLS 的，地址以 tls:// 开头"
        ) from error
    try:
        yield client
    finally:
        with suppress(OSError, LateError):
            client.close(timeout=seconds)


def _wait_for_worker(client: Client, scheduler: str, seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except (OSError, LateError) as error:
        raise UsageError(
            f"调度器 {scheduler} 没有工作进程，请先启动：dask worker {scheduler}"
        ) from error


# --- clusters that could give another result ------------------------------------------------------


def _refuse_other_versions(client: Client, package: str, scheduler: str) -> None:
    """Ask every worker for a version, with a function of the standard library that all have."""
    name = f"{package}:__version__"
    found: dict[str, object] = client.run(pkgutil.resolve_name, name, on_error="return")
    try:
        found[f"调度器 {scheduler}"] = client.run_on_scheduler(pkgutil.resolve_name, name)
    except Exception as error:  # whatever importing something unknown there raises
        found[f"调度器 {scheduler}"] = error
    mine = pkgutil.resolve_name(name)
    other = {where: version for where, version in found.items() if version != mine}
    if other:
        raise UsageError(
            f"集群与本机的 {package} 不是同一个版本（本机 {mine}）：{_listed(other)}；"
            '请在调度器和每台工作机上安装与本机相同的 "govdisclose[dask]"'
        )


def _listed(found: Mapping[str, object]) -> str:
    said = (
        f"{where} {'读不出版本' if isinstance(v, BaseException) else v}"
        for where, v in found.items()
    )
    return _few(said, len(found))


def _few(said: Iterable[str], count: int) -> str:
    """Return the first few, and the count if there are more."""
    shown = [text for text, _ in zip(said, range(_SHOWN), strict=False)]
    listing = "、".join(shown)
    return f"{listing} 等 {count} 个" if count > _SHOWN else listing


def _refuse_unseen(client: Client, folder: Path) -> None:
    seen = client.run(os.path.isdir, str(folder), on_error="return")
    blind = [where for where, there in seen.items() if there is not True]
    if blind:
        raise UsageError(
            f"工作进程看不到文件夹 {folder}：{_few(blind, len(blind))}；"
            "请把它放在每台机器上路径都相同的共享文件夹里，或改用 --ship bytes"
        )


# --- while it runs --------------------------------------------------------------------------------


@contextmanager
def _lost_connection_explained(client: Client, scheduler: str) -> Iterator[None]:
    """Explain a lost connection: everything is cancelled then, and nothing can be submitted."""
    try:
        yield
    except GovDiscloseError:
        raise
    except Exception as error:
        if not isinstance(error, CancelledError) and client.status == "running":
            raise
        raise OutputError(
            f"与调度器 {scheduler} 的连接断了；做完的都已保存，加 --resume 再运行一次就接着做"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own lines off the terminal: the sentences above say what matters."""
    import dask
    from distributed.versions import VersionMismatchWarning

    loggers = [
        logging.getLogger(name)
        for name in ("distributed", "distributed.client", "tornado.application", "asyncio")
    ]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with (
            warnings.catch_warnings(),
            dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}),
        ):
            warnings.simplefilter("ignore", VersionMismatchWarning)
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
