"""A report as a web page, or as a fragment to paste into the editor of a site."""

from govdisclose.write.web.page import fragment_html, page_html

__all__ = ["fragment_html", "page_html"]
