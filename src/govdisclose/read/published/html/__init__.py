"""A web page becomes a document: its text and tables as a browser shows them."""
