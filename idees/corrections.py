"""Correcting an idea that is sent: freely until its first support, in dated versions from then on."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from idees.models import Idee, Relecture, Version
from idees.models.versions import CONTENU
from idees.permissions import est_de_l_equipe
from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir, raison
from timeline.journal import consigner
from timeline.models import Entree

CORRECTIONS_MAX = 10  # of one idea; each is told to all its supporters
CORRECTIONS_PERIODE = timedelta(days=1)


class TexteModifie(EtapeImpossible):
    """Somebody else of the team wrote meanwhile. `actuelle` is what is kept now."""

    def __init__(self, actuelle):
        super().__init__(
            _(
                "Quelqu’un a enregistré un autre texte pendant que vous écriviez. Rien n’est perdu : comparez les deux "
                "ci-dessous, reprenez ce que vous voulez garder, puis enregistrez."
            )
        )
        self.actuelle = actuelle


@transaction.atomic
def corriger(idee, *, par, valeurs, redaction) -> list[str]:
    """Replace the words of an idea that waits or is published; names of the fields that changed, none when nothing did.

    `redaction` is the wording that `par` started from (`Idee.redaction`). Raises TexteModifie when somebody wrote
    meanwhile, EtapeInterdite, EtapeImpossible or TropVite; nothing is then written.

    The lock on the idea's row decides between a first support and a correction: a support takes a shared lock on that
    row when it is committed (its foreign key), so it is either counted here, or comes after the new words. Supports
    never wait for each other.
    """
    idee = Idee.objects.select_for_update(of=("self",)).select_related("boite__etape", "projet").get(pk=idee.pk)
    if not est_de_l_equipe(idee, par):
        raise EtapeInterdite(_("Seules les personnes qui ont écrit une idée peuvent la modifier."))
    if not idee.correction_ouverte():
        raise EtapeImpossible(pourquoi_fermee(idee))
    changes = [champ for champ in CONTENU if _normal(getattr(idee, champ)) != _normal(valeurs[champ])]
    if not changes:
        return []
    if redaction != idee.redaction:
        raise TexteModifie(idee)
    _freiner(idee)
    suivie = idee.soutiens.exists() or idee.versions.exists()
    gardees: list[Version] = []
    if suivie and not idee.versions.exists():
        gardees.append(_garder(idee, 1, **_derniere_ecriture(idee)))
    for champ in changes:
        setattr(idee, champ, valeurs[champ])
    idee.redaction += 1
    idee.save(update_fields=[*changes, "redaction"])
    if suivie:
        gardees.append(_garder(idee, idee.versions.count() + 1, le=timezone.now(), par=par))
    consigner(
        "idees.corriger",
        cible=idee,
        projet=idee.projet,
        par=par,
        publique=idee.etat == Idee.Etat.PUBLIEE,
        donnees={"champs": changes, "redaction": idee.redaction, **_dites(gardees)},
    )
    if idee.etat == Idee.Etat.PUBLIEE:  # what waits is read before it is published
        _faire_relire(idee)
    return changes


def pourquoi_fermee(idee) -> str:
    """One sentence: why the words of this idea no longer change."""
    if idee.etat not in Idee.ETATS_CORRIGEABLES:
        return raison(idee)
    if idee.est_masquee:
        return _("La modération a masqué cette idée : elle ne peut pas être modifiée.")
    return _("Cette boîte ne reçoit plus d’idées : celles qui y sont ne changent plus.")


def _normal(valeur):
    """Browsers send two characters for a line break: that alone is no correction."""
    return valeur.replace("\r\n", "\n") if isinstance(valeur, str) else valeur


def _freiner(idee):
    recentes = Entree.objects.sur(idee).filter(type="idees.corriger", le__gte=timezone.now() - CORRECTIONS_PERIODE)
    if recentes.count() >= CORRECTIONS_MAX:
        raise TropVite(
            _("Cette idée a été modifiée beaucoup de fois depuis hier. Attendez demain, ou commentez-la pour préciser.")
        )


def _derniere_ecriture(idee) -> dict:
    """Since when, and by whom, the words stand that the first support found."""
    corrigee = Entree.objects.sur(idee).filter(type="idees.corriger").select_related("par").first()
    return {"le": corrigee.le, "par": corrigee.par} if corrigee else {"le": idee.publiee_le, "par": idee.auteur}


def _garder(idee, numero, *, le, par) -> Version:
    compte = par if par is not None and par.pk is not None else None  # no row for somebody without an account
    mots = {champ: getattr(idee, champ) for champ in CONTENU}
    return Version.objects.create(idee=idee, numero=numero, le=le, par=compte, **mots)


def _dites(gardees: list[Version]) -> dict:
    """What the journal says of the versions that a correction leaves: the last number, and how to know each again."""
    if not gardees:
        return {}
    return {"version": gardees[-1].numero, "empreintes": {str(v.numero): v.empreinte() for v in gardees}}


def _faire_relire(idee):
    """Into the queue of moderation, whatever the box: what was read before it was published has changed since."""
    for attente in idee.relectures.filter(etat=Relecture.Etat.A_RELIRE):
        franchir(attente.depasser, par=SYSTEME)
    Relecture.objects.create(idee=idee, redaction=idee.redaction)
