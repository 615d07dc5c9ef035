"""Grades as each learning platform takes them back: its columns, its names, and no formula."""
