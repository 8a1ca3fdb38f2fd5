"""``python -m coptip`` is the ``coptip`` command."""

import sys

from coptip.cli import main

sys.exit(main())
