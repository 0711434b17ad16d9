"""Who acts: a person, nobody in particular, or the house itself."""

from django.utils.translation import gettext_lazy as _


class Systeme:
    """The platform acting by the clock or by its own rules; `SYSTEME` is the only one."""

    pk = None
    id = None
    is_authenticated = False
    is_anonymous = False
    is_active = True
    pseudonyme = "Estuaire"
    reference = "systeme"

    def __repr__(self):
        return "SYSTEME"


SYSTEME = Systeme()

#: What the journal writes for somebody who acted without an account: no name, no row, no address.
REFERENCE_SANS_COMPTE = "sans_compte"


#: To somebody of the team about what she has proposed herself: she is a citizen like any other there.
A_UN_COLLEGUE = _("C’est votre proposition : un ou une collègue doit s’en charger.")


def est_la_sienne(objet, personne) -> bool:
    """Did this person write it, alone or with others? Asked of anything; what nobody signs belongs to nobody."""
    ecrite_par = getattr(objet, "ecrite_par", None)
    return est_connectee(personne) and ecrite_par is not None and ecrite_par(personne)


def autrices_de(objet) -> set[int]:
    """Accounts of all those who wrote it, to leave them out of a list: `est_la_sienne` asks the same of one person."""
    if hasattr(objet, "autrices"):
        return objet.autrices()
    auteur = getattr(objet, "auteur_id", None)
    return {auteur} if auteur else set()


def est_systeme(personne) -> bool:
    return personne is SYSTEME


def est_connectee(personne) -> bool:
    return bool(personne is not None and personne.is_authenticated and personne.is_active)
