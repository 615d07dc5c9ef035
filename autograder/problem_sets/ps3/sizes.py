"""What the sizes of this chapter count: one of each."""

SIZES = {
    "M": "example",
    "K": "class",
    "n_in": "input",
    "n_out": "output unit",
    "n_L": "output unit",
}
