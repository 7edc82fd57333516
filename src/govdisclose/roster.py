"""The roster of the units that have to report: read, written, or made in Python.

Examples:
    >>> from govdisclose import roster
    >>> city = roster.RosterUnit("", "甲市人民政府", level="市级")
    >>> office = roster.RosterUnit("", "甲局", parent="甲市人民政府", level="市级")
    >>> [unit.name for unit in roster.make_roster([city, office]).units]
    ['甲市人民政府', '甲局']
"""

from govdisclose.many.roster import Contact, Roster, RosterUnit
from govdisclose.many.roster_making import make_roster
from govdisclose.many.roster_sheet import read_roster, write_roster

__all__ = ["Contact", "Roster", "RosterUnit", "make_roster", "read_roster", "write_roster"]
