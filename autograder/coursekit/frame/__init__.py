"""nbgrader as the frame: its commands, its gradebook, its feedback pages."""
