"""What a run of the command line leaves behind, as the fixture ``run`` gives it."""

from attrs import frozen


@frozen
class Run:
    """What one command did."""

    code: int
    out: str
    err: str
