"""``python -m book.pdf HTML FILE``."""

import sys

from book.pdf import main

sys.exit(main(*sys.argv[1:]))
