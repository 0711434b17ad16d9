"""The site as it is, plus one bare view to compare it with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.charge.urls_charge"
