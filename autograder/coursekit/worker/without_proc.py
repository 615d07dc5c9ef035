"""Stands in the place of ``psutil``, which reads ``/proc``, where a submission finds nothing.

Libraries that use it if it is there do without; joblib's processes would end with an error.
"""

raise ModuleNotFoundError("psutil reads /proc, which is not there", name="psutil")
