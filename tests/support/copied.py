"""Processes that are copies of one that has imported the library already: importing takes half a second."""

from __future__ import annotations

import os
import sys
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext

import pytest


@cache
def copies() -> ForkServerContext:
    """How :mod:`multiprocessing` makes such copies. The process that is copied ends with this one."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["support.copied_from"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        forkserver.ensure_running()
    return context
