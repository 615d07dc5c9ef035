"""Problem sets that are worked on in their page: what it offers, and a folder with one."""
