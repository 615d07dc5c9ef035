"""A sample class: what its students hand in, and a course with it."""
