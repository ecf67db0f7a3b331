"""Support's pages that need every other app: the board, a district's page, groups."""
