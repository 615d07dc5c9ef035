"""The pages that messages point to."""

SHAPES = "book/prerequisites/shapes"
SUMS = "book/prerequisites/sums"
