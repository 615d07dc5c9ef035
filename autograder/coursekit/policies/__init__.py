"""What a course has agreed upon beside points: due dates, late days, penalties, totals.

All of it is arithmetic on records, and nothing here asks a clock or a gradebook.
"""
