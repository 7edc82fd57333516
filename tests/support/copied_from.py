"""What a process imports and prepares before ``copied.py`` makes copies of it."""

from __future__ import annotations

import gc

import distributed.cli.dask_scheduler
import distributed.cli.dask_worker  # noqa: F401  # those of the clusters of the tests are copies too

import govdisclose.check.causes
import govdisclose.consolidate
import govdisclose.long_table
import govdisclose.many.batch.worker
import govdisclose.read.published.reader
import govdisclose.read.workbook.prose_presence
import govdisclose.status  # noqa: F401  # as above: imported for the copies
from govdisclose.form.edition import EDITIONS
from govdisclose.write.word.loading import load_template

for edition in EDITIONS.values():
    load_template(edition)

gc.freeze()  # what is here stays: no copy need look at it
