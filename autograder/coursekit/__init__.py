"""Render, release, judge and report the problem sets of the course."""
