"""The trusted side of the sandbox: it starts workers, has cells run and functions called."""
