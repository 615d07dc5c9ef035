"""From what was handed in to results: rebuilt, judged, one student at a time or a class."""
