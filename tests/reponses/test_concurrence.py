"""Two people press at once, in real processes on the real database: one wins, one entry is written, the other reads why."""

import pytest

from comptes.models import Utilisateur
from reponses.actions import TexteModifie, accomplir_jalon, corriger, modifier, rediger, rendre_avis
from reponses.models import Jalon, Reponse
from tests.fabriques import IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.reponses.conftest import amener_reponse
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
PRESSENT = 4  # processes at once


def _franchir(reponse_pk, nom, personne_pk, **arguments):
    """« fait », or the sentence of the refusal."""
    reponse, personne = Reponse.objects.get(pk=reponse_pk), Utilisateur.objects.get(pk=personne_pk)
    try:
        franchir(getattr(reponse, nom), par=personne, **arguments)
    except EtapeImpossible as refus:
        return str(refus)
    return "fait"


@pytest.fixture
def gens():
    return {"agent": PersonneFabrique(roles=["agent"]), "elue": PersonneFabrique(roles=["elue"])}


def dossier(etat, agent, elue):
    return amener_reponse(rediger_reponse(IdeeFabrique(etat="en_etude"), agent=agent), etat, agent=agent, elue=elue)


def test_deux_signatures_a_la_fois(gens):
    """The same élue on her phone and on her computer."""
    reponse = dossier("a_signer", **gens)
    issues = _ensemble(_franchir, [(reponse.pk, "signer", gens["elue"].pk)] * PRESSENT)
    assert issues.count("fait") == 1
    assert all(gens["elue"].pseudonyme in phrase and "Signée" in phrase for phrase in issues if phrase != "fait")
    assert Entree.objects.filter(type="reponses.signer").count() == 1
    assert verifier()[1] is None


def test_signer_pendant_que_l_agent_reprend(gens):
    """Whichever comes first stands; the other reads who was there."""
    for _fois in range(4):
        reponse = dossier("a_signer", **gens)
        pressent = [(reponse.pk, "signer", gens["elue"].pk), (reponse.pk, "reprendre", gens["agent"].pk)]
        issues = _ensemble(_franchir, pressent)
        reponse.refresh_from_db()
        entrees = Entree.objects.sur(reponse).filter(type__in=["reponses.signer", "reponses.reprendre"])
        assert entrees.count() == 1
        assert sorted(issue == "fait" for issue in issues) == [False, True]
        gagnante = entrees.get().par
        assert next(issue for issue in issues if issue != "fait").count(gagnante.pseudonyme) == 1
        assert (reponse.etat, reponse.signee_le is None) in {("signee", False), ("brouillon", True)}
    assert verifier()[1] is None


def test_publier_a_plusieurs(gens):
    """The idea is decided once, the clock stops once, one step is promised."""
    reponse = dossier("signee", **gens)
    agents = [PersonneFabrique(roles=["agent"]) for _ in range(PRESSENT - 1)]
    issues = _ensemble(_franchir, [(reponse.pk, "publier", p.pk) for p in [*agents, gens["elue"]]])
    assert issues.count("fait") == 1
    assert Jalon.objects.filter(reponse=reponse).count() == 1
    assert Entree.objects.filter(type__in=["reponses.publier", "idees.retenir"]).count() == 2
    assert verifier()[1] is None


def _rediger(idee_pk, personne_pk):
    from idees.models import Idee

    contenu = {"sens": "no_go", "motif": "cout", "texte": f"Texte de {personne_pk}", "alternative": "Autre chose."}
    try:
        rediger(Idee.objects.get(pk=idee_pk), par=Utilisateur.objects.get(pk=personne_pk), **contenu)
    except EtapeImpossible as refus:
        return str(refus)
    return "fait"


def test_une_seule_personne_ouvre_le_dossier():
    idee = IdeeFabrique(etat="en_etude")
    agents = [PersonneFabrique(roles=["agent"]) for _ in range(PRESSENT)]
    issues = _ensemble(_rediger, [(idee.pk, a.pk) for a in agents])
    assert (issues.count("fait"), Reponse.objects.sur(idee).count()) == (1, 1)
    assert {i for i in issues if i != "fait"} == {"Une réponse est déjà en cours d’écriture : ouvrez son dossier."}


def _modifier(reponse_pk, personne_pk, version):
    try:
        modifier(
            Reponse.objects.get(pk=reponse_pk),
            par=Utilisateur.objects.get(pk=personne_pk),
            version=version,
            texte=f"Texte de {personne_pk}",
        )
    except TexteModifie as refus:
        return refus.actuelle.texte
    return "fait"


def test_une_seule_personne_change_le_brouillon(gens):
    """Both opened the same text: the others learn which one is kept."""
    reponse = dossier("brouillon", **gens)
    agents = [PersonneFabrique(roles=["agent"]) for _ in range(PRESSENT)]
    issues = _ensemble(_modifier, [(reponse.pk, a.pk, reponse.version()) for a in agents])
    reponse.refresh_from_db()
    assert issues.count("fait") == 1
    assert {i for i in issues if i != "fait"} == {reponse.texte}


def _corriger(reponse_pk, personne_pk):
    reponse = Reponse.objects.get(pk=reponse_pk)
    try:
        corriger(
            reponse, par=Utilisateur.objects.get(pk=personne_pk), **{n: getattr(reponse, n) for n in Reponse.CONTENU}
        )
    except EtapeImpossible as refus:
        return str(refus)
    return "fait"


def test_une_seule_correction_s_ouvre(gens):
    reponse = publier_reponse(IdeeFabrique(etat="en_etude"), **gens)
    issues = _ensemble(_corriger, [(reponse.pk, gens["agent"].pk)] * PRESSENT)
    assert (issues.count("fait"), reponse.corrections.count()) == (1, 1)


def _rendre(avis_pk, personne_pk, texte):
    from reponses.models import Avis

    try:
        rendre_avis(Avis.objects.get(pk=avis_pk), par=Utilisateur.objects.get(pk=personne_pk), texte=texte)
    except EtapeImpossible as refus:
        return str(refus)
    return texte


def test_un_avis_se_rend_une_fois(gens):
    reponse = dossier("en_consultation", **gens)
    avis = reponse.avis.get()
    issues = _ensemble(_rendre, [(avis.pk, gens["agent"].pk, f"Avis {n}") for n in range(PRESSENT)])
    avis.refresh_from_db()
    assert issues.count(avis.texte) == 1
    assert sum("déjà rendu son avis" in issue for issue in issues) == PRESSENT - 1
    assert Entree.objects.filter(type="reponses.avis.rendre").count() == 1


def _accomplir(jalon_pk, personne_pk):
    return str(accomplir_jalon(Jalon.objects.get(pk=jalon_pk), par=Utilisateur.objects.get(pk=personne_pk)).fait_le)


def test_une_etape_est_faite_une_fois(gens):
    reponse = publier_reponse(IdeeFabrique(etat="en_etude"), **gens)
    jalon = reponse.jalons.get()
    issues = _ensemble(_accomplir, [(jalon.pk, gens["agent"].pk)] * PRESSENT)
    assert len(set(issues)) == 1
    assert Entree.objects.filter(type="reponses.jalon.accomplir").count() == 1


def _battre():
    from reponses.rappels import rappeler

    return rappeler()


def test_plusieurs_horloges_a_la_fois():
    """Late for a day: whatever beats at once, one row, one public entry."""
    from django.db import transaction

    from reponses.models import Echeance, Escalade
    from tests.fabriques import ServiceFabrique

    for _n in range(3):
        idee = IdeeFabrique(etat="publiee")
        Echeance.lancer(idee, service=ServiceFabrique(), jours=-1)
        with transaction.atomic():
            type(idee)._base_manager.filter(pk=idee.pk).update(etat="en_etude")
    assert sum(_ensemble(_battre, [()] * PRESSENT)) == 3
    assert list(Escalade.objects.values_list("palier", flat=True)) == ["retard"] * 3
    assert Entree.objects.filter(type="reponses.echeance.depasser").count() == 3
    assert verifier()[1] is None
