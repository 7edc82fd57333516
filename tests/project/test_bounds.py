"""Small files that ask for much are answered within the bounds of time and memory."""

from __future__ import annotations

import sys

import pytest

from support.paths import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from bounds import cost_of  # tools/ is no package
from bounds_inputs import INPUTS, Hostile  # as above

pytestmark = pytest.mark.slow

QUICK = [hostile for hostile in INPUTS if hostile.quick]


@pytest.mark.parametrize("hostile", QUICK, ids=[hostile.name for hostile in QUICK])
def test_a_hostile_input_is_answered_within_the_bounds(hostile: Hostile) -> None:
    cost, _ = cost_of(hostile)
    assert cost.fits, cost
