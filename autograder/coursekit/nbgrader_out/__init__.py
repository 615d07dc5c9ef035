"""nbgrader as a library: its gradebook, its feedback pages, its converters, called by us."""
