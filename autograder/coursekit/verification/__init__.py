"""What an exercise catches and what it lets pass, tried before it is released."""
