"""The problem sets of the course: a master for each, and beside it the rooms of its exercises.

Installed, this folder is the package ``coursekit.problem_sets``; the rooms are its data.
"""
