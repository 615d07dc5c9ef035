"""What a learning platform exports becomes hand-ins: recognized, matched by a roster, placed.

Nothing is unpacked before it is known whose it is, nothing is dropped in silence, and a
collection can be undone.
"""
