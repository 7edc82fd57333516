"""Published reports: a web page, a Word file, a PDF or a text becomes one document, and the
document a reading.
"""
