"""The pages of setting up Clever: the way there, and Match Schools."""
