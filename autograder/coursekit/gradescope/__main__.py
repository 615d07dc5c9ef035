"""What ``run_autograder`` starts: ``python -m coursekit.gradescope /autograder /opt/coursekit``."""

import sys
from pathlib import Path

from coursekit.gradescope.running import grade_in

if __name__ == "__main__":
    place, installed = map(Path, sys.argv[1:])
    sys.exit(grade_in(place, installed))
