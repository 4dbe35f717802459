"""How many cases each property is tried with: few in the tests, many in `make torture`."""

import os

from hypothesis import settings

CASES = settings(max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "200")), deadline=None)
