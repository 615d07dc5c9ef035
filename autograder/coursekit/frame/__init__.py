"""The names by which courses made earlier know :mod:`coursekit.nbgrader_plugin`.

A course keeps the ``nbgrader_config.py`` that it was made with. Each module here stands for one
name in such a file, and holds nothing else.
"""
