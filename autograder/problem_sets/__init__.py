"""The problem sets of the course: a master and its declarations for each.

Installed, this folder is the package ``coursekit.problem_sets``.
"""
