"""The figures of a city or province: from many reports to rates by unit, county and level.

The stages: ``sources`` reads the sources, ``counting`` decides which reports count, ``adding``
adds them up, ``notices`` says what the figures do not show; ``make`` is the whole line.
"""
