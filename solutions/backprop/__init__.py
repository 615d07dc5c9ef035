"""Backpropagation in NumPy, one idea a module: the reference package of the course.

Pages draw their figures with it, exercises take their stubs and solutions from it,
and the grader compares submissions with what it computes.
"""

__version__ = "0.1.0"
