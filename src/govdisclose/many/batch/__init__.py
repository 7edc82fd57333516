"""A folder of workbooks into reports: plan, workers, ledger, names, files, summary."""
