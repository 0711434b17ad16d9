"""Another address for somebody's account, given by the administration: the only road, and it is never silent."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from comptes.models import Utilisateur


def changer_l_adresse(personne, *, adresse: str, raison: str, par, request) -> None:
    """Give this account another address, tell the one it had, and write it in the journal of the administration.

    The new address opens nothing before it has been confirmed by its link, and the second factor stays as it is. Raises
    PermissionDenied when `par` is no administrator, ValidationError when the address is the same or somebody else's.
    """
    if not par.est_administratrice:
        raise PermissionDenied
    adresse = adresse.lower()
    with transaction.atomic():
        personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
        ancienne = personne.email
        if adresse == ancienne:
            raise ValidationError(_("C’est déjà l’adresse de ce compte."))
        prises = EmailAddress.objects.filter(email__iexact=adresse).exclude(user=personne)
        if prises.exists() or Utilisateur.objects.filter(email=adresse).exists():
            raise ValidationError(_("Cette adresse est celle d’un autre compte."))
        personne.emailaddress_set.all().delete()
        nouvelle = personne.emailaddress_set.create(email=adresse, primary=True, verified=False)
        personne.email = adresse
        personne.save(update_fields=["email"])
        for session in UserSession.objects.filter(user=personne):
            session.end()
        # Whom and why; the addresses are in the letters, not in a journal that others read.
        LogEntry.objects.log_actions(
            user_id=par.pk,
            queryset=[personne],
            action_flag=CHANGE,
            change_message=_("Adresse e-mail changée. Raison : %(raison)s") % {"raison": raison},
            single_object=True,
        )
        get_adapter(request).send_mail(
            "comptes/adresse_changee",
            ancienne,
            {
                "user": personne,
                "from_email": ancienne,
                "to_email": adresse,
                "raison": raison,
                "lien_contact": f"mailto:{settings.ESTUAIRE['contact']}",
            },
        )
        nouvelle.send_confirmation(request)
