"""The tiers of the sandbox, best first. Nothing is imported: commands name them on any system."""

IN_WORDS = {
    "bwrap": "bwrap (namespaces)",
    "landlock": "landlock (Landlock and seccomp, no namespaces)",
    "none": "none: student code runs with your rights",
}
"""Each for the instructor."""

TIERS = tuple(IN_WORDS)
