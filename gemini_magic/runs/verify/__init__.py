"""Every attempt of a run again, in our own sandbox, held against what was reported.

It says of an attempt that it gives the same here, or how it differs, or why it cannot be run here;
never that a result is right.
"""

from .verdicts import Verdict, Verification
from .verify import verify_steps

__all__ = ["Verdict", "Verification", "verify_steps"]
