"""What keeps others on the same machine from looking into the process."""

import ctypes
import os
import resource
import sys

PR_SET_DUMPABLE = 4
UMASK = 0o077


def harden() -> None:
    """Leave no core files, let no other process of this user look inside, keep new files private.

    On Linux the kernel then also gives `/proc/PID/environ` and `/proc/PID/mem` to root alone.
    """
    os.umask(UMASK)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
