"""Sending together what members of a community wrote: the draft becomes an idea, all or nothing."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.ebauches import signataires
from communautes.models import Ebauche
from communautes.models.ebauche import CONTENU
from communautes.permissions import peut_participer
from idees.models import Boite, CoAutrice, Idee, IdeeDeCommunaute
from idees.models.equipe import EQUIPE_MAX
from idees.permissions import peut_proposer
from idees.permissions_ensemble import peut_deposer_dans
from notifications.abonnements import abonner
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir, raison


class DejaDeposee(EtapeImpossible):
    """Somebody has sent it, perhaps with the same click: `idee` is what came of it."""

    def __init__(self, idee):
        super().__init__(_("Ce texte est déjà déposé : voici ce qu’il est devenu."))
        self.idee = idee


@transaction.atomic
def deposer(ebauche, *, par, boite, thematique, numero, cle) -> Idee:
    """Send version `numero` of a draft to a box: `par` is its author, those who signed it too are its co-authors.

    Ten of them at most, the first to have signed; the others follow the idea. Raises DejaDeposee, EtapeInterdite,
    EtapeImpossible (another version stands now) or EtapeInvalide (fields `boite`, `thematique`…); nothing is then written.
    """
    # Under the lock for which savings and signatures wait too: the names are those of the words that leave.
    ebauche = Ebauche.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=ebauche.pk)
    boite = Boite.objects.select_related("etape__projet").get(pk=boite.pk)
    _exiger(ebauche, boite, par, numero)
    avec = [personne for personne in signataires(ebauche) if personne.pk != par.pk]
    mots = {champ: getattr(ebauche, champ) for champ in CONTENU}
    idee = Idee.objects.create(boite=boite, auteur=par, cle_saisie=cle, **mots | {"thematique": thematique})
    _placer(idee, avec[:EQUIPE_MAX])
    IdeeDeCommunaute.objects.create(idee=idee, ebauche=ebauche)
    franchir(ebauche.deposer, par=par)
    franchir(idee.soumettre, par=par, donnees={"ensemble": 1 + len(avec[:EQUIPE_MAX])})
    for personne in avec:
        abonner(personne, idee)
    return idee


def _exiger(ebauche, boite, par, numero) -> None:
    if ebauche.etat == Ebauche.Etat.DEPOSEE:
        raise DejaDeposee(ebauche.idee_deposee.idee)
    if not peut_participer(ebauche.communaute, par):
        raise EtapeInterdite(_("Seuls les membres de cette communauté déposent ses textes, tant qu’elle est ouverte."))
    if ebauche.etat != Ebauche.Etat.EN_ECRITURE:
        raise EtapeImpossible(raison(ebauche))
    if ebauche.est_masquee:
        raise EtapeImpossible(_("La modération a masqué ce texte : il ne peut pas être déposé."))
    if numero != ebauche.numero:
        raise EtapeImpossible(_("Ce texte vient de changer. Relisez-le et signez-le, puis déposez-le."))
    if not peut_proposer(boite, par):
        raise EtapeInvalide(
            _("Cette boîte ne reçoit pas vos idées en ce moment. Choisissez-en une autre."), champ="boite"
        )
    if not peut_deposer_dans(ebauche, boite, par):
        raise EtapeInterdite(_("Signez d’abord ce texte : on ne dépose que ce que l’on a lu et signé."))


def _placer(idee, personnes) -> None:
    """Straight among its authors: their signature said yes, and its entry is in the journal of the community."""
    maintenant = timezone.now()
    for place, personne in enumerate(personnes, start=1):
        CoAutrice.objects.create(
            idee=idee,
            personne=personne,
            place=place,
            etat=CoAutrice.Etat.ACCEPTEE,
            invitee_le=maintenant,
            expire_le=maintenant,
            repondue_le=maintenant,
        )


def boites_pour(personne) -> list[Boite]:
    """Open boxes that take her ideas."""
    visibles = Boite.objects.visibles_par(personne).select_related("etape__projet", "territoire")
    return [boite for boite in visibles.defer("territoire__contour") if peut_proposer(boite, personne)]


# --- What is said of it -------------------------------------------------------------------------------------------


def suite_de_l_ebauche(ebauche, personne) -> dict | None:
    """Panel of a draft: what it has become, or the way to send it."""
    if ebauche.etat == Ebauche.Etat.DEPOSEE:
        lien = IdeeDeCommunaute.objects.select_related("idee__boite__etape__projet").filter(ebauche=ebauche).first()
        if lien is None:
            return None
        visible = Idee.objects.visibles_par(personne).filter(pk=lien.idee_id).exists()
        return {"idee": lien.idee, "visible": visible}
    if ebauche.etat != Ebauche.Etat.EN_ECRITURE or ebauche.est_masquee:
        return None
    return {"idee": None} if peut_participer(ebauche.communaute, personne) else None


def origine_de(idee, personne) -> dict | None:
    """« Écrite à plusieurs dans la communauté… »: of a community that everybody may find, and of no other."""
    lien = IdeeDeCommunaute.objects.select_related("ebauche__communaute__projet").filter(idee=idee).first()
    if lien is None or not lien.ebauche.communaute.est_lisible:
        return None
    lisible = Ebauche.objects.visibles_par(personne).filter(pk=lien.ebauche_id).exists()
    return {"communaute": lien.ebauche.communaute, "ebauche": lien.ebauche if lisible else None}


def noms_annonces(ebauche, personne) -> dict:
    """Whose names will be on the idea if she sends it now, and whose will not: said before."""
    autres = [p for p in signataires(ebauche) if not est_connectee(personne) or p.pk != personne.pk]
    return {"avec": autres[:EQUIPE_MAX], "en_trop": autres[EQUIPE_MAX:], "max": EQUIPE_MAX}
