"""The commands behind the Makefile.

They start with the machine's own Python, before any environment exists: standard library only, except in the
modules that say they run inside .venv.
"""

import sys

# Old enough syntax to be read by the Pythons it turns away.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"Estuaire demande Python 3.11 ou plus récent ; {sys.executable} est un Python "
        f"{sys.version_info[0]}.{sys.version_info[1]}.\n"
        f"Installez-en un, puis indiquez-le : make run PYTHON=/chemin/vers/python3.11"
    )
