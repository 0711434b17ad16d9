"""Write down the present description of the API as the one that programs may rely on."""

import json
import os

import django


def principal():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    from api.pages import description
    from tests.api.test_description import PUBLIEE

    PUBLIEE.write_text(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    principal()
