"""What a changed function has in common with the reference, and how that is said: by families."""
