"""The suite's settings: same house, faster locks.

Read before any conftest, which is why it is a module of its own.
"""

import os
import tempfile

os.environ.setdefault("ESTUAIRE_DONNEES", tempfile.mkdtemp(prefix="estuaire-tests-"))
os.environ.setdefault("SECRET_KEY", "une-cle-qui-ne-protege-que-des-tests-" * 2)

# Workers of one run share nothing: a data folder each, and a Redis database each.
if ouvrier := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["ESTUAIRE_DONNEES"] = os.path.join(os.environ["ESTUAIRE_DONNEES"], ouvrier)
    if "ESTUAIRE_TEST_REDIS" in os.environ:
        os.environ["REDIS_URL"] = os.environ["ESTUAIRE_TEST_REDIS"].split(",")[int(ouvrier.removeprefix("gw"))]

from config.settings import *
from config.settings import DATABASES, DONNEES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "ENQUEUE_ON_COMMIT": False}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # the tests of the limits bring them back; an empty dict would mean the package's own
CONNEXIONS_GARDEES = 0  # several tests import the web process
if "OPTIONS" in DATABASES["default"]:
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # the test runner opens and drops databases itself
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        DATABASES["default"]["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA recursive_triggers=ON;"
        )
        # A file: what several threads and processes do at once is tried for real.
        DATABASES["default"]["TEST"] = {"NAME": str(DONNEES / "essais.sqlite3")}
    else:
        DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # nothing here outlives a power cut
        if modele := os.environ.get("ESTUAIRE_TEST_MODELE_PG"):
            DATABASES["default"]["TEST"] = {"TEMPLATE": modele}  # migrated once for all workers
