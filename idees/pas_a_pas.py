"""The project space of a working group: its idea step by step, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, time

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.models import Communaute
from idees.models import Fusion, GroupeDeTravail, Idee
from reponses.models import Reponse
from reponses.realisation import Realisation, realisation_de
from socle.templatetags.composants import ecrit_ici
from timeline import frise
from timeline.models import Entree

FRISE_MAX = 50  # entries


@dataclass(frozen=True)
class Espace:
    """What the project space shows: the idea, its answer and steps, its projet, what happened and what comes."""

    idee: Idee
    reponse: Reponse | None
    correction: Reponse | None
    realisation: Realisation | None
    entrees: list[Entree]
    a_venir: list[frise.AVenir]

    @property
    def jalons(self) -> list:
        return self.realisation.jalons if self.realisation else []


def espace_de(groupe) -> Espace:
    """Public things alone, whoever reads: the space of a group opens nothing that is not open elsewhere."""
    idee = groupe.idee
    publiees = list(Reponse.objects.sur(idee).publiees().select_related("corrige").order_by("pk"))
    for reponse in publiees:
        reponse.cible = idee  # known: their sentences name it
    origine = next((r for r in publiees if r.corrige_id is None), None)
    realisation = realisation_de(origine) if origine else None
    return Espace(
        idee=idee,
        reponse=origine,
        correction=next((r for r in reversed(publiees) if r.corrige_id), None),
        realisation=realisation,
        entrees=_ce_qui_s_est_passe(groupe, publiees),
        a_venir=_ce_qui_vient(idee, realisation),
    )


def _ce_qui_s_est_passe(groupe, reponses) -> list[Entree]:
    idee = groupe.idee
    fusions = list(Fusion.objects.autour(idee).pour_phrase())
    entrees = Entree.objects.autour(idee, groupe, *reponses, *fusions)
    if idee.projet_ouvert_id and idee.projet_ouvert.est_lisible:
        entrees |= Entree.objects.filter(projet=idee.projet_ouvert_id)
    publiques = entrees.publiques().order_by("-survenu_le", "-pk")[:FRISE_MAX]
    return publiques.montrees_avec(idee, groupe, *reponses, *fusions)


def _ce_qui_vient(idee, realisation) -> list[frise.AVenir]:
    """Its promised steps, and the stages of its projet."""
    promises = realisation.jalons if realisation else []
    adresse = f"{idee.get_absolute_url()}#realisation"
    prevues = [
        frise.AVenir(
            le=_a_midi(jalon.attendue_le or jalon.prevu_le),
            phrase=ecrit_ici(jalon.titre),
            url=adresse,
            genre="reponses",
        )
        for jalon in promises
        if jalon.est_attendu
    ]
    if idee.projet_ouvert_id and idee.projet_ouvert.est_lisible:
        prevues += frise.a_venir(AnonymousUser(), projet=idee.projet_ouvert)
    return sorted(prevues, key=lambda prevue: prevue.le)


def _a_midi(jour) -> datetime:
    """A day of the calendar, as a moment of that day here."""
    return timezone.make_aware(datetime.combine(jour, time(12)))


def etat_du_groupe(communaute, personne) -> dict | None:
    """Panel of a group's pages: its idea, and a word when there is nothing left to work on."""
    if communaute.genre != Communaute.Genre.GROUPE:
        return None
    groupe = GroupeDeTravail.objects.select_related("idee__boite__etape__projet").filter(communaute=communaute).first()
    if groupe is None:
        return None
    visible = Idee.objects.visibles_par(personne).filter(pk=groupe.idee_id).exists()
    return {"idee": groupe.idee if visible else None, "dit": fin_de(groupe.idee) if visible else ""}


def fin_de(idee) -> str:
    """Why an idea no longer needs its group; empty as long as it does."""
    e = Idee.Etat
    phrases = {
        e.NON_RETENUE: _("La collectivité a répondu : cette idée n’est pas retenue. Sa réponse dit pourquoi."),
        e.REALISEE: _("Cette idée est réalisée. Le groupe a fait son travail."),
        e.FUSIONNEE: _("Cette idée a rejoint une autre idée, qui continue son chemin."),
        e.RETIREE: _("Les personnes qui l’ont écrite ont retiré cette idée."),
        e.REFUSEE: _("La modération a refusé cette idée."),
    }
    if idee.est_masquee:
        return _("La modération a masqué cette idée.")
    return phrases.get(idee.etat, "")


def a_un_projet_pas_a_pas(communaute, personne) -> bool:
    """Groups have this section; whoever may find the group may read it, for it shows public things."""
    if communaute.genre != Communaute.Genre.GROUPE:
        return False
    groupe = getattr(communaute, "groupe_de_travail", None)
    return groupe is not None
