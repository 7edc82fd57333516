"""Who has handed in what: look into the inbox → match with the roster → compare with the last run."""
