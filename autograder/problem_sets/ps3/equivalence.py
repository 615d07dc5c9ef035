"""Why a mutant is equivalent."""

COMMUTES = "this product is the same in either order"
