"""The built book as a site: served as a web server does, and looked at in a real browser."""
