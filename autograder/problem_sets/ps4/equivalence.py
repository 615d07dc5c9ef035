"""Why a mutant is equivalent."""

COMMUTES = "this is the same in either order"
