"""Many reports, added up: who is who, who is counted, the sums, and the workbook."""
