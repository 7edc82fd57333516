"""PDFs of finished Word files, by LibreOffice (extra ``pdf``). Each is read back and compared.

``export_report(…, to="pdf")`` makes the PDF of a report; these functions take any Word file.
"""

from govdisclose.write.pdf import Pdf, PdfFile, make_pdf, pdf_files

__all__ = ["Pdf", "PdfFile", "make_pdf", "pdf_files"]
