"""What becomes of an elected option: a projet with its chronology, that whoever proposed it and supported it follows."""

from django.db import transaction
from django.utils.translation import gettext as _

from idees import actions as idees
from idees.permissions import peut_ouvrir_un_projet as peut_ouvrir_celui_de_l_idee
from projets.models import Projet
from socle.adresses import avec_adresse_libre
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.journal import consigner
from votes.jonction import idees_jointes
from votes.models import Option
from votes.permissions import peut_ouvrir_un_projet


@transaction.atomic
def ouvrir_un_projet(option: Option, *, par, cadre: dict) -> Projet:
    """Open the projet of an elected option; the one that its idea has opened already, when it has.

    `cadre` holds the fields of the projet. It is announced at once when its frame is complete. Raises EtapeImpossible when
    somebody already did, or EtapeInterdite.
    """
    tenue = (
        Option.objects.select_for_update(of=("self",))
        .select_related("idee", "scrutin__etape__projet")
        .get(pk=option.pk)
    )
    if tenue.projet_id:
        raise EtapeImpossible(_("Un projet est déjà ouvert pour cette proposition."))
    if not peut_ouvrir_un_projet(tenue, par):
        raise EtapeInterdite(_("Seul un agent peut ouvrir le projet d’une proposition élue."))
    idee = tenue.idee
    if idee is not None and idee.projet_ouvert is not None:
        projet = idee.projet_ouvert
    elif idee is not None and peut_ouvrir_celui_de_l_idee(idee, par):
        projet = idees.ouvrir_un_projet(idee, par=par, cadre=cadre)
    else:
        projet = _ouvrir(par, cadre)
    for jointe in idees_jointes(tenue):
        idees.faire_suivre(jointe, projet)
    tenue.projet = projet
    tenue.save(update_fields=["projet"])
    consigner(
        "votes.ouvrir_un_projet",
        cible=tenue.scrutin,
        projet=projet,
        par=par,
        donnees={"option": tenue.cle, "titre": tenue.titre, "projet": projet.pk},
    )
    return projet


def _ouvrir(par, cadre: dict) -> Projet:
    thematiques = cadre.pop("thematiques", None) or []
    projet = avec_adresse_libre(Projet, cadre["titre"], lambda slug: Projet.objects.create(slug=slug, **cadre))
    projet.thematiques.set(thematiques)
    if not projet.manques_du_cadre():
        franchir(projet.annoncer, par=par)
    return projet
