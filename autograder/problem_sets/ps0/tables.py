"""Tables of random numbers."""


def table(M, n):
    """Draws a table of M rows and n columns."""

    def draw(rng):
        return (rng.normal(size=(M, n)),)

    return draw
