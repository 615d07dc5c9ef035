"""From an exercise that is written once to what is released and what the book shows."""
