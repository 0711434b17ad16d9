"""Role × action × state, for what is no transition: what is not in the table is refused, and nothing is written.

The transitions of the chain have their own table in `test_machine`; who reads what went up, in `test_escalade`.
"""

import pytest
from django.contrib.auth.models import AnonymousUser

from reponses.actions import (
    accomplir_jalon,
    annuler_jalon,
    corriger,
    modifier,
    planifier_jalon,
    rediger,
    rendre_avis,
)
from reponses.models import Avis, Jalon, Reponse
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, ServiceFabrique, rediger_reponse
from tests.idees.gestes import coautrice_de
from tests.reponses.conftest import amener_reponse, dans
from timeline.etapes import EtapeRefusee
from timeline.models import Entree

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "autrice", "coautrice", "agent", "agent_autrice", "referente", "autre_referente", "moderatrice", "elue",
    "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte", "administratrice", "systeme",
)  # fmt: skip
ETATS = (None, *Reponse.Etat.values)  # None: no dossier yet
INSTRUCTION = {"agent", "referente", "administratrice"}
AVIS = INSTRUCTION | {"experte"}
AVANT_SIGNATURE = ("brouillon", "en_consultation", "a_signer")

#: (action, state) -> who may. Absent: nobody, in this state.
TABLE = {
    ("rediger", None): INSTRUCTION,
    ("modifier", "brouillon"): INSTRUCTION,
    **{("rendre_avis", etat): AVIS for etat in AVANT_SIGNATURE},
    ("corriger", "publiee"): INSTRUCTION,
    ("planifier_jalon", "publiee"): INSTRUCTION,
    ("accomplir_jalon", "publiee"): INSTRUCTION,
    ("annuler_jalon", "publiee"): INSTRUCTION,
}
ACTIONS = ("rediger", "modifier", "rendre_avis", "corriger", "planifier_jalon", "accomplir_jalon", "annuler_jalon")
CONTENU = {
    "sens": "go", "motif": "interet_general", "texte": "Autre texte.", "premiere_etape": "Poser", "premiere_etape_le": dans(20),
}  # fmt: skip


@pytest.fixture
def scene(
    boite, citoyenne, agent, referente, autre_referente, moderatrice, elue, autre_elue, ancienne_elue, elue_du_projet, experte,
    autre_experte, administratrice,
):  # fmt: skip
    """Everybody around one idea of the projet, written by two of them: one is an agent too."""
    idee = IdeeFabrique(boite=boite, auteur=citoyenne, etat="en_etude")
    gens = {
        "visiteur": AnonymousUser(), "autrice": citoyenne, "coautrice": coautrice_de(idee),
        "agent_autrice": coautrice_de(IdeeFabrique(boite=boite), roles=["agent"]), "agent": agent, "referente": referente,
        "autre_referente": autre_referente, "moderatrice": moderatrice, "elue": elue, "autre_elue": autre_elue,
        "ancienne_elue": ancienne_elue, "elue_du_projet": elue_du_projet, "experte": experte, "autre_experte": autre_experte,
        "administratrice": administratrice, "systeme": SYSTEME,
    }  # fmt: skip
    idee.coautrices.create(
        personne=gens["agent_autrice"], place=2, expire_le=idee.cree_le, etat="acceptee", repondue_le=idee.cree_le
    )
    return idee, gens


def amenee(idee, etat, gens):
    """Its dossier at this station, with an opinion still awaited and a promised step; None without a dossier."""
    if etat is None:
        return None
    reponse = amener_reponse(rediger_reponse(idee, agent=gens["agent"]), etat, agent=gens["agent"], elue=gens["elue"])
    Avis.objects.create(reponse=reponse, service=ServiceFabrique(), attendu_le=dans(-1))
    if etat != "publiee":
        Jalon.objects.create(reponse=reponse, titre="Une étape", prevu_le=dans(9))
    return Reponse.objects.get(pk=reponse.pk)


def agir(action, idee, reponse, par):
    """Call the action as a page does."""
    if action == "rediger":
        return rediger(idee, par=par, **CONTENU)
    jalon = reponse.jalons.first()
    return {
        "modifier": lambda: modifier(reponse, par=par, version=reponse.version(), texte="Changé."),
        "rendre_avis": lambda: rendre_avis(reponse.avis.filter(rendu_le=None).last(), par=par, texte="Favorable."),
        "corriger": lambda: corriger(reponse, par=par, **CONTENU),
        "planifier_jalon": lambda: planifier_jalon(reponse, par=par, titre="Poser", prevu_le=dans(5)),
        "accomplir_jalon": lambda: accomplir_jalon(jalon, par=par),
        "annuler_jalon": lambda: annuler_jalon(jalon, par=par, motif="Plus de place."),
    }[action]()


def traces():
    """Everything that such an action writes."""
    return (
        list(Reponse.objects.order_by("pk").values()),
        list(Avis.objects.order_by("pk").values()),
        list(Jalon.objects.order_by("pk").values()),
        Entree.objects.count(),
    )


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("etat", ETATS, ids=str)
def test_table(scene, etat, action):
    """All refused roles on one dossier, each leaving it as it was; then each allowed one, undone for the next."""
    from django.db import transaction

    if etat is None and action != "rediger":
        pytest.skip("nothing to act upon")
    idee, gens = scene
    reponse = amenee(idee, etat, gens)
    permis = TABLE.get((action, etat), set())
    avant = traces()
    for role in ROLES:
        if role not in permis:
            with pytest.raises(EtapeRefusee) as refus, transaction.atomic():
                agir(action, type(idee).objects.get(pk=idee.pk), reponse, gens[role])
            assert str(refus.value), "a refusal says why"
            en_droit = role in (AVIS if action == "rendre_avis" else INSTRUCTION)
            assert (role, refus.value.statut) == (role, 409 if en_droit else 403)
            assert traces() == avant, role
    for role in sorted(permis):
        point = transaction.savepoint()
        agir(action, type(idee).objects.get(pk=idee.pk), reponse, gens[role])
        assert traces() != avant, role
        transaction.savepoint_rollback(point)
    assert traces() == avant


@pytest.mark.parametrize("action", ["planifier_jalon", "accomplir_jalon", "annuler_jalon"])
def test_un_non_publie_ne_promet_rien(scene, action):
    """Nor does a correction: steps follow the first yes."""
    idee, gens = scene
    reponse = rediger_reponse(idee, sens="no_go", agent=gens["agent"])
    amener_reponse(reponse, "publiee", agent=gens["agent"], elue=gens["elue"])
    Jalon.objects.create(reponse=reponse, titre="Par la base", prevu_le=dans(9))
    with pytest.raises(EtapeRefusee) as refus:
        agir(action, idee, reponse, gens["agent"])
    assert refus.value.statut == 409
