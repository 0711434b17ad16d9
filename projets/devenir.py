"""What became of a projet, in one sentence with its date. It says nothing that its page does not say."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from projets.models import Etape, Projet
from reponses.devenir import dire_la_decision, etape_qui_compte, par_cible
from reponses.models import Reponse
from socle.devenir import Devenir
from socle.templatetags.composants import ecrit_ici, en_phrase, jour
from timeline.models import Entree

#: Steps whose day is nowhere but in the journal.
PAS = ("projets.realiser", "projets.clore")


def raconter(projets: list[Projet]) -> dict[int, Devenir]:
    """By key. Six queries at most, whatever the number of projets."""
    cles, ici = [projet.pk for projet in projets], ContentType.objects.get_for_model(Projet)
    prefetch_related_objects(projets, "etapes")
    entrees = Entree.objects.filter(type__in=PAS, cible_type=ici, cible_id__in=cles).order_by("survenu_le", "pk")
    jours: dict[int, dict[str, datetime]] = {}
    for pk, type_, le in entrees.values_list("cible_id", "type", "survenu_le"):
        jours.setdefault(pk, {})[type_] = le
    reponses = par_cible(ici, cles)
    return {projet.pk: _dire(projet, reponses.get(projet.pk), jours.get(projet.pk, {})) for projet in projets}


def _dire(projet: Projet, reponse: Reponse | None, jours: dict[str, datetime]) -> Devenir:
    return _PHRASES[projet.etat](projet, reponse, jours)


def _simple(projet, phrase, le=None, en_retard=False, **mots) -> Devenir:
    return Devenir(en_phrase(phrase, **mots), le, projet.get_absolute_url(), en_retard)


def _suivante(projet) -> Etape | None:
    """The next stage that has not begun."""
    maintenant = timezone.now()
    a_venir = [e for e in projet.etapes.all() if not e.est_annulee and e.ouvre_le > maintenant]
    return min(a_venir, key=lambda etape: (etape.ouvre_le, etape.pk), default=None)


def _annonce(projet, reponse, jours):
    dit, suivante = jour(projet.annonce_le), _suivante(projet)
    if suivante is None:
        return _simple(projet, _("Annoncé le %(jour)s."), projet.annonce_le, jour=dit)
    phrase = _("Annoncé le %(jour)s ; prochaine étape : « %(etape)s », le %(suite)s.")
    return _simple(
        projet, phrase, suivante.ouvre_le, jour=dit, etape=ecrit_ici(suivante), suite=jour(suivante.ouvre_le)
    )


def _en_cours(projet, reponse, jours):
    ouvertes = [etape for etape in projet.etapes.all() if etape.est_ouverte]
    if etape := min(ouvertes, key=lambda e: (e.ferme_le, e.pk), default=None):
        phrase = _("En ce moment : « %(etape)s », jusqu’au %(jour)s.")
        return _simple(projet, phrase, etape.ferme_le, etape=ecrit_ici(etape), jour=jour(etape.ferme_le))
    if etape := _suivante(projet):
        phrase = _("Prochaine étape : « %(etape)s », le %(jour)s.")
        return _simple(projet, phrase, etape.ouvre_le, etape=ecrit_ici(etape), jour=jour(etape.ouvre_le))
    return _simple(projet, _("Les étapes annoncées sont passées : l’analyse va suivre."))


def _decide(projet, reponse, jours):
    return dire_la_decision(reponse) if reponse else _simple(projet, _("Décidé."))


def _en_realisation(projet, reponse, jours):
    suite, en_retard = etape_qui_compte(reponse) if reponse else ("", False)
    le = jours.get("projets.realiser")
    phrase = _("En réalisation depuis le %(jour)s%(suite)s.") if le else _("En réalisation%(suite)s.")
    return _simple(projet, phrase, le, en_retard, jour=jour(le), suite=suite)


def _clos(projet, reponse, jours):
    le = jours.get("projets.clore")
    return _simple(projet, _("Terminé le %(jour)s.") if le else _("Terminé."), le, jour=jour(le))


_PHRASES = {
    "brouillon": lambda projet, *_autres: _simple(projet, _("En préparation : il n’est pas encore annoncé.")),
    "annonce": _annonce,
    "en_cours": _en_cours,
    "en_analyse": lambda projet, *_autres: _simple(projet, _("En analyse : la décision est attendue.")),
    "decide": _decide,
    "en_realisation": _en_realisation,
    "clos": _clos,
    "archive": _clos,
}
