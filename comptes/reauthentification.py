"""« Is it still you? », asked before what cannot be taken back."""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.auth.decorators import login_required
from django.shortcuts import render


def identite_confirmee(vue):
    """Sign-in, then password, code or key again. Who has none of these signs in again where she came from."""
    protegee = reauthentication_required(vue)

    @wraps(vue)
    @login_required
    def enveloppe(request, *args, **kwargs):
        if not get_reauthentication_flows(request.user) and not _vient_d_entrer(request):
            return render(request, "comptes/se_reconnecter.html", status=403)
        return protegee(request, *args, **kwargs)

    return enveloppe


def _vient_d_entrer(request) -> bool:
    entrees = get_authentication_records(request, request.user)
    return bool(entrees) and time.time() - entrees[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
