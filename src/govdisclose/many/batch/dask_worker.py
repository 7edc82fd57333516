"""On a Dask worker: workbooks are read in a process of their own, within limits of time and memory.

A workbook that takes too long or ends its process then costs only itself. Without this it would end
the worker, which Dask restarts and lets try again a few times.
"""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import Executor, Future
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from govdisclose.many.isolation import Isolation
from govdisclose.many.pool import Crew, Task


class LimitedWorker(WorkerPlugin):
    """The processes of one Dask worker: one for each of its threads, kept from task to task."""

    def __init__(self, name: str, isolation: Isolation) -> None:
        """Take the name by which tasks find this plugin on their worker."""
        self.name = name
        self.isolation = isolation

    def setup(self, worker: Worker) -> None:
        """Begin on a worker."""
        # Workers under a nanny are daemons, which multiprocessing allows no children: they could
        # outlive the worker. Ours end with it.
        multiprocessing.current_process().daemon = False
        self._crews: dict[int, Crew[Any, Any]] = {}

    def teardown(self, worker: Worker) -> None:
        """End the processes, without waiting for them."""
        for crew in list(self._crews.values()):
            crew.close(wait=False)

    def run(self, task: Task[Any]) -> list[Any]:
        """Run a task in the process of this thread, and return its results."""
        thread = threading.get_ident()
        crew = self._crews.get(thread)
        if crew is None:
            crew = self._crews[thread] = Crew(jobs=1, isolation=self.isolation)
        results: list[Any] = []
        for done in crew.run([task]):
            results.extend(done.results)
        return results


def run_limited(plugin: str, task: Task[Any]) -> list[Any]:
    """Run a task within the limits of the plugin of this name on the present worker."""
    limited: Any = get_worker().plugins[plugin]
    results: list[Any] = limited.run(task)
    return results


class LimitedExecutor(Executor):
    """Gives tasks to the workers of a cluster; each worker has the plugin ``name``."""

    def __init__(self, executor: Executor, name: str) -> None:
        """Take the executor of a Dask client."""
        self._executor = executor
        self._name = name

    def submit(self, function: Any, /, *args: Any, **more: Any) -> Future[Any]:
        """Submit a task; ``function`` is the one that runs it without limits."""
        (task,) = args
        return self._executor.submit(run_limited, self._name, task, **more)
