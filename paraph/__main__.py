"""`python -m paraph`."""

import sys

from paraph.cli import main

sys.exit(main())
