"""Template tags of the import's pages."""
