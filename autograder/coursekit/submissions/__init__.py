"""What students hand in: opened as what it is, read cell by cell, put into the release."""
