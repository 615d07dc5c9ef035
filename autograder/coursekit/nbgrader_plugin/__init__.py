"""What nbgrader calls: the names that a course's ``nbgrader_config.py`` gives it."""
