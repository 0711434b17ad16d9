"""A working group on an idea: founded from its page, opened as any community, told of each step."""

from django.db import transaction
from django.utils.translation import gettext as _

from communautes import actions as communautes
from communautes.models import Adhesion, Communaute
from communautes.ouverture import convier
from idees.models import GroupeDeTravail, Idee
from idees.permissions_ensemble import peut_fonder_un_groupe
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner


@transaction.atomic
def fonder(idee, *, par, animatrice=None, experte=None, referente=None, **contenu) -> GroupeDeTravail:
    """Found the group of an idea. By an agent it opens at once, with `referente`; otherwise it waits for one, as any
    community. Raises EtapeInterdite, EtapeImpossible (there is one already), EtapeInvalide (`acces`) or TropVite.
    """
    if contenu.get("acces", Communaute.Acces.PUBLIQUE) not in GroupeDeTravail.PORTES:
        raise EtapeInvalide(str(GroupeDeTravail.RESTE_CONNU), champ="acces")
    idee = Idee.objects.select_for_update(of=("self",), no_key=True).select_related("projet_ouvert").get(pk=idee.pk)
    ancien = GroupeDeTravail.objects.select_related("communaute").filter(idee=idee).first()
    if ancien is not None and ancien.compte:
        raise EtapeImpossible(_("Cette idée a déjà un groupe de travail."))
    if not peut_fonder_un_groupe(idee, par):
        raise EtapeInterdite(
            _("Un groupe de travail se fonde sur une idée à l’étude ou retenue, par ses auteurs ou par un agent.")
        )
    if ancien is not None:
        ancien.delete()  # never opened; its community keeps its own record
    communaute = communautes.fonder(par=par, genre=Communaute.Genre.GROUPE, **_rattachement(idee), **contenu)
    groupe = GroupeDeTravail.objects.create(idee=idee, communaute=communaute, animatrice=animatrice, experte=experte)
    if par.est_agent:
        franchir(communaute.ouvrir, par=par, referente=referente or par)
    return groupe


def _rattachement(idee) -> dict:
    """To one thing: the projet that it has become, else its place, else its theme."""
    if idee.projet_ouvert_id and idee.projet_ouvert.est_lisible:
        return {"projet": idee.projet_ouvert}
    if idee.territoire_id:
        return {"territoire_id": idee.territoire_id}
    return {"thematique_id": idee.thematique_id}


def convier_au_groupe(communaute, *, par) -> None:
    """When a group opens: those who wrote the idea, whoever leads, the expert; and its chronology says so."""
    groupe = (
        GroupeDeTravail.objects.select_related("idee", "animatrice", "experte").filter(communaute=communaute).first()
    )
    if groupe is None:
        return
    if groupe.animatrice is not None:
        convier(communaute, groupe.animatrice, Adhesion.Role.ANIMATRICE, par=par)
    if groupe.experte is not None:
        convier(communaute, groupe.experte, Adhesion.Role.EXPERTE, par=par)
    idee = groupe.idee
    equipe = [coautrice.personne for coautrice in idee.coautrices.acceptees().select_related("personne")]
    for personne in filter(None, [idee.auteur, *equipe]):
        convier(communaute, personne, par=par)
    consigner("idees.groupe.ouvrir", cible=groupe, projet=idee.projet, par=par, publique=idee.est_lisible)


def faire_rester_connu(communaute) -> str:
    """Why a group is not hidden afterwards either; nothing for any other community."""
    return str(GroupeDeTravail.RESTE_CONNU) if communaute.genre == Communaute.Genre.GROUPE else ""


def groupe_de(idee, personne) -> GroupeDeTravail | None:
    """The group of an idea, for whoever may know of it."""
    visibles = GroupeDeTravail.objects.visibles_par(personne).select_related("communaute__projet")
    groupe = visibles.filter(idee=idee).first()
    return groupe if groupe is not None and groupe.compte else None
