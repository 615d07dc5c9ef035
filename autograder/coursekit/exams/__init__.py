"""Questions for paper and for a talk, drawn from the exercises and computed by the package."""
