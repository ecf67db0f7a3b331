"""Template tags of the console: the components of its pages."""
