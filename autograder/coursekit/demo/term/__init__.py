"""A whole term of a class that is made up, through every command, and its totals reckoned apart."""
