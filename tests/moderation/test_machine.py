"""State × transition × role of a report, and who may decide. Everything that is not in the table is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commentaires.actions import commenter
from moderation.actions import masquer, retablir, signaler
from moderation.models import Decision, Signalement
from moderation.permissions import peut_moderer, peut_signaler
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, PersonneFabrique
from tests.tableau import cellules, issue, noms
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "voisin", "agent", "elue", "moderatrice", "administratrice", "systeme",
    "moderatrice_autrice", "moderatrice_signalante", "moderatrice_qui_signale_aussi",
)  # fmt: skip
DECIDENT = {"moderatrice", "administratrice"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("recu", "retenir"): ("fonde", DECIDENT),
    ("recu", "ecarter"): ("ecarte", DECIDENT),
}
ARGUMENTS = {"retenir": {"motif": "injure", "explication": "Restons polis."}, "ecarter": {}}


@pytest.fixture
def personnes():
    gens = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "elue", "moderatrice", "administratrice")}
    parties = ("moderatrice_autrice", "moderatrice_signalante", "moderatrice_qui_signale_aussi")
    gens |= {nom: PersonneFabrique(roles=["moderatrice"]) for nom in parties}
    return gens | {"visiteur": AnonymousUser(), "voisin": PersonneFabrique(), "systeme": SYSTEME}


@pytest.fixture
def commentaire(personnes):
    return commenter(IdeeFabrique(etat="publiee"), par=personnes["moderatrice_autrice"], texte="Vous êtes nuls.")


@pytest.fixture
def nouveau(personnes, commentaire):
    """A report of the comment by one moderator; another one reported it too."""

    def recevoir(etat):
        signalement, _nouveau = signaler(commentaire, par=personnes["moderatrice_signalante"], motif="injure")
        signaler(commentaire, par=personnes["moderatrice_qui_signale_aussi"], motif="injure")
        if etat == "fonde":
            franchir(signalement.retenir, par=personnes["moderatrice"], **ARGUMENTS["retenir"])
        if etat == "ecarte":
            franchir(signalement.ecarter, par=personnes["moderatrice"])
        return Signalement.objects.get(pk=signalement.pk)

    return recevoir


def test_la_table_connait_toute_la_machine():
    assert {nom for _etat, nom in TABLE} == noms(Signalement)
    assert {etat for etat, _nom in TABLE} <= set(Signalement.Etat.values)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("etat", "transition"), cellules(Signalement.Etat.values, sorted(noms(Signalement)), TABLE))
def test_table(etat, transition, role, personnes, nouveau):
    signalement = nouveau(etat)
    decisions = Decision.objects.count()
    vise, permis = TABLE.get((etat, transition), (None, set()))
    attendu = "409" if vise is None else vise if role in permis else "403"
    assert issue(signalement, transition, personnes[role], **ARGUMENTS[transition]) == attendu
    assert Decision.objects.count() - decisions == (1 if attendu == "fonde" else 0)


#: Who may hide or restore, on a contribution of the moderator-author that two other moderators reported.
MASQUENT = {"moderatrice", "administratrice"}
RETABLISSENT = {"moderatrice", "administratrice", "moderatrice_signalante", "moderatrice_qui_signale_aussi"}


@pytest.mark.parametrize("role", ROLES)
def test_qui_masque(role, personnes, commentaire, nouveau):
    nouveau("recu")
    geste = {"par": personnes[role], "motif": "injure", "explication": "Restons polis."}
    if role in MASQUENT:
        masquer(commentaire, **geste)
        with pytest.raises(EtapeImpossible):
            masquer(commentaire, **geste)
    else:
        with pytest.raises(EtapeInterdite):
            masquer(commentaire, **geste)
    commentaire.refresh_from_db()
    assert commentaire.est_masquee is (role in MASQUENT)
    assert Decision.objects.count() == Entree.objects.filter(type="moderation.masquer").count() == (role in MASQUENT)


@pytest.mark.parametrize("role", ROLES)
def test_qui_retablit(role, personnes, commentaire, nouveau):
    nouveau("fonde")
    if role in RETABLISSENT:
        retablir(commentaire, par=personnes[role], explication="Relu : c’est permis.")
        with pytest.raises(EtapeImpossible):
            retablir(commentaire, par=personnes[role], explication="Relu : c’est permis.")
    else:
        with pytest.raises(EtapeInterdite):
            retablir(commentaire, par=personnes[role], explication="Relu : c’est permis.")
    commentaire.refresh_from_db()
    assert commentaire.est_masquee is (role not in RETABLISSENT)


@pytest.mark.parametrize("role", ROLES)
def test_qui_modere_et_qui_signale(role, personnes, commentaire):
    personne = personnes[role]
    moderatrices = {r for r in ROLES if r.startswith("moderatrice")} | {"administratrice"}
    assert peut_moderer(commentaire, personne) is (role in moderatrices - {"moderatrice_autrice"})
    assert peut_signaler(commentaire, personne) is (role != "moderatrice_autrice")


def test_on_ne_decide_pas_de_ce_qu_on_ne_peut_pas_lire(personnes):
    """A moderator does not see drafts: she cannot hide one by its number."""
    brouillon = IdeeFabrique()
    with pytest.raises(EtapeInterdite):
        masquer(brouillon, par=personnes["moderatrice"], motif="injure", explication="Restons polis.")


def test_refuser_une_idee_laisse_ses_raisons(personnes):
    idee = IdeeFabrique(etat="a_moderer")
    franchir(idee.refuser, par=personnes["moderatrice"], motif="publicite", explication="C’est une publicité.")
    decision = Decision.objects.sur(idee).get()
    assert (decision.sens, decision.motif, decision.explication) == ("refuser", "publicite", "C’est une publicité.")
    assert decision.par == personnes["moderatrice"]
