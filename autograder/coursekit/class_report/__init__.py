"""What a class understood, from the results that stand: one page, and tables."""
