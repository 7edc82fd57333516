"""What the tests share: reports, workbooks, pages and documents made for them, and the programs that judge them."""
