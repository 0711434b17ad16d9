"""What whoever runs the site reads in its console."""

import io
import logging

import pytest
from django.core.exceptions import PermissionDenied

from config.refus_ordinaires import SansTrace

pytestmark = pytest.mark.sans_base


@pytest.mark.parametrize(("erreur", "trace"), [(PermissionDenied("non"), False), (ValueError("panne"), True)])
def test_un_refus_tient_en_une_ligne_et_une_panne_se_lit_en_entier(erreur, trace):
    ecrit = io.StringIO()
    console = logging.StreamHandler(ecrit)
    console.addFilter(SansTrace())
    journal = logging.Logger("essai")
    journal.addHandler(console)
    try:
        raise erreur
    except Exception as levee:
        journal.warning("Refusé : /moderation/", exc_info=levee)
    assert ecrit.getvalue().startswith("Refusé : /moderation/\n")
    assert ("Traceback" in ecrit.getvalue()) is trace


def test_la_console_du_site_le_fait(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["refus"]
    assert settings.LOGGING["filters"]["refus"] == {"()": "config.refus_ordinaires.SansTrace"}
