"""What Makefile and make.ps1 call. Old syntax on purpose: an old Python must be able to say so."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

if sys.version_info < (3, 11) or sys.maxsize < 2**32:
    sys.exit(
        "Clémentine demande Python 3.11 ou plus récent, en 64 bits ; celui-ci est %s. "
        "/ Clémentine needs Python 3.11 or newer, 64-bit; this one is %s."
        % ((sys.version.split()[0],) * 2)
    )

sys.path[0] = ROOT  # this folder's names must not hide those of the standard library

from installer.targets import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
