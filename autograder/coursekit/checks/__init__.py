"""Compare, explain and name mistakes: the code that a student's notebook and the judge share.

The modules need NumPy and nothing else. :func:`coursekit.authoring.bundle.bundle_checks` joins
them into the one file ``checks.py`` that is released beside every notebook.
"""
