"""Tables of random numbers."""


def table(M, n):
    def draw(rng):
        return (rng.normal(size=(M, n)),)

    return draw
