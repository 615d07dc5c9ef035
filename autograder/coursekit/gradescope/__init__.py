"""Grading when it is handed in: the zip that Gradescope runs, and what runs of ours in it."""
