"""Reading a story: its blocks in order, what it leans on, and the letter that carries it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from notifications.courriels import Lettre, rediger
from projets.models import Bloc, Recit
from reponses.models import Reponse
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

#: Names of the figures of an answer, in the order of the page; `euros` ones are followed by €.
CHIFFRES = (("promises", _("Étapes promises")), ("faites", _("Étapes faites")), ("annulees", _("Étapes annulées")))
EUROS = (("cout_estime", _("Coût estimé")), ("depense", _("Dépensé")))


@dataclass(frozen=True)
class Lecture:
    """A story as it is read now."""

    recit: Recit
    blocs: list[Bloc]

    @property
    def appuyes(self) -> int:
        """Passages followed by a cited entry before the next passage."""
        return len(self._passages(appuyes=True))

    @property
    def seuls(self) -> int:
        return len(self._passages(appuyes=False))

    @property
    def entrees(self) -> int:
        return len({bloc.entree_id for bloc in self.blocs if bloc.entree_id})

    def _passages(self, *, appuyes) -> list[Bloc]:
        passages: list[tuple[Bloc, list[Bloc]]] = []
        for bloc in self.blocs:
            if bloc.genre == Bloc.Genre.TEXTE:
                passages.append((bloc, []))
            elif bloc.entree_id and passages:
                passages[-1][1].append(bloc)
        return [passage for passage, cites in passages if bool(cites) == appuyes]


def lire(recit) -> Lecture:
    """In a constant number of queries, whatever its length and whatever it cites."""
    entrees = Entree.objects.pour_affichage()
    reponses = Reponse.objects.pour_phrase()
    blocs = recit.blocs.prefetch_related(Prefetch("entree", entrees), Prefetch("reponse", reponses)).order_by("rang")
    lus = list(blocs)
    for bloc in lus:
        bloc.faits = faits_de(bloc) if bloc.genre == Bloc.Genre.CHIFFRES else []
    return Lecture(recit, lus)


def faits_de(bloc) -> list[dict]:
    """[{label, value, euros}] of a block of figures."""
    nombres = [(cle, libelle, False) for cle, libelle in CHIFFRES] + [(cle, libelle, True) for cle, libelle in EUROS]
    dits = [
        {"libelle": libelle, "valeur": bloc.chiffres[cle], "euros": euros}
        for cle, libelle, euros in nombres
        if cle in bloc.chiffres and (cle != "annulees" or bloc.chiffres[cle])
    ]
    bloc.releve_le = date.fromisoformat(bloc.chiffres["le"])
    return dits


def pour_la_lettre(lecture) -> dict:
    """Context of `courriels/projets/recit`: what the mail to the followers and the file to download both say."""
    morceaux = []
    for bloc in lecture.blocs:
        masque = bloc.est_masque
        morceaux.append(
            {
                "bloc": bloc,
                "masque": masque,
                "phrase": phrase_en_texte(bloc.entree) if bloc.entree and not masque else "",
                "chemin": bloc.entree.get_absolute_url() if bloc.entree else "",
            }
        )
    recit = lecture.recit
    return {"recit": recit, "morceaux": morceaux, "appuyes": lecture.appuyes, "entrees_citees": lecture.entrees}


def lettre(recit, langue) -> Lettre:
    """The letter as anybody may take it away: no link of one person, no reason why she gets it."""
    contexte = pour_la_lettre(lire(recit)) | {
        "titre": recit.projet.titre,
        "lien": recit.get_absolute_url(),
        "le": recit.publie_le or recit.ouvert_le,
        "pourquoi": "",
        "preferences": "",
    }
    return rediger("projets/recit", contexte, langue)
