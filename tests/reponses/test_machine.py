"""State × transition × role of an answer, from a written table. Everything that is not in the table is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser

from comptes.models import Role
from projets.models import RoleProjet
from reponses.models import Jalon, Reponse
from socle.permissions import SYSTEME
from tests.fabriques import (
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse, dans, ecrire_avec
from tests.tableau import cellules, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "autrice", "agent", "referente", "autre_referente", "moderatrice",
    "elue", "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte", "administratrice", "systeme",
    "agente_coautrice", "elue_coautrice", "mediatrice",
)  # fmt: skip
INSTRUCTION = {"agent", "administratrice", "referente"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody. « elue » is the one whose name was put.
TABLE = {
    ("brouillon", "consulter"): ("en_consultation", INSTRUCTION),
    ("en_consultation", "presenter"): ("a_signer", INSTRUCTION),
    ("en_consultation", "reprendre"): ("brouillon", INSTRUCTION),
    ("a_signer", "reprendre"): ("brouillon", INSTRUCTION),
    ("a_signer", "renvoyer"): ("brouillon", {"elue"}),
    ("a_signer", "signer"): ("signee", {"elue"}),
    ("signee", "publier"): ("publiee", INSTRUCTION | {"elue"}),
}


@pytest.fixture
def personnes(
    citoyenne,
    agent,
    referente,
    autre_referente,
    moderatrice,
    elue,
    autre_elue,
    ancienne_elue,
    elue_du_projet,
    experte,
    autre_experte,
    administratrice,
    agente_coautrice,
    elue_coautrice,
    mediatrice,
):
    return {
        "visiteur": AnonymousUser(),
        "autrice": citoyenne,
        "agent": agent,
        "referente": referente,
        "autre_referente": autre_referente,
        "moderatrice": moderatrice,
        "elue": elue,
        "autre_elue": autre_elue,
        "ancienne_elue": ancienne_elue,
        "elue_du_projet": elue_du_projet,
        "experte": experte,
        "autre_experte": autre_experte,
        "agente_coautrice": agente_coautrice,
        "elue_coautrice": elue_coautrice,
        "mediatrice": mediatrice,
        "administratrice": administratrice,
        "systeme": SYSTEME,
    }


def arguments(nom, elue):
    return {
        "consulter": lambda: {"services": [ServiceFabrique()], "attendu_le": dans(5)},
        "presenter": lambda: {"signataire": elue},
        "renvoyer": lambda: {"retour": "Dites qui paiera."},
    }.get(nom, dict)()


@pytest.mark.parametrize(("etat", "transition"), cellules(Reponse.Etat.values, sorted(noms(Reponse)), TABLE))
def test_table(etat, transition, personnes, boite):
    """All refused roles on one dossier, then each allowed one on a fresh dossier."""
    vise, permis = TABLE.get((etat, transition), (None, set()))
    elue = personnes["elue"]

    def nouvelle():
        idee = IdeeFabrique(boite=boite, auteur=personnes["autrice"], etat="en_etude")
        ecrire_avec(idee, personnes["agente_coautrice"], personnes["elue_coautrice"])
        reponse = rediger_reponse(idee, agent=personnes["agent"])
        amener_reponse(reponse, etat, agent=personnes["agent"], elue=elue)
        reponse.avis.filter(rendu_le__isnull=True).update(attendu_le=dans(-1))
        return Reponse.objects.get(pk=reponse.pk)

    reponse = nouvelle()
    for role in ROLES:
        if role not in permis:
            attendu = "409" if vise is None else "403"
            assert (role, issue(reponse, transition, personnes[role], **arguments(transition, elue))) == (role, attendu)
    for role in sorted(permis):
        reponse = nouvelle()
        assert (role, issue(reponse, transition, personnes[role], **arguments(transition, elue))) == (role, vise)


def test_le_graphe_est_celui_de_la_table():
    assert {(depart, nom, vers) for depart, nom, vers in graphe(Reponse)} == {
        (d, nom, vers) for (d, nom), (vers, _) in TABLE.items()
    }


def test_rien_ne_part_d_une_reponse_publiee():
    """« Sans marche arrière » : the last state is the last."""
    assert not [nom for depart, nom, _vers in graphe(Reponse) if depart == "publiee"]
    assert {vers for depart, _nom, vers in graphe(Reponse) if depart == "signee"} == {"publiee"}


# --- Mandates ----------------------------------------------------------------------------------------------------


def test_une_elue_dont_le_mandat_finit_rend_le_dossier_mais_ne_signe_plus(a_signer, elue):
    elue.mandats.update(fin=dans(-1))
    assert issue(a_signer, "signer", elue) == "400"
    assert issue(a_signer, "renvoyer", elue, retour="Mon mandat est fini.") == "brouillon"


def test_une_elue_qui_perd_son_role_ne_voit_plus_le_dossier(a_signer, elue):
    Role.objects.filter(personne=elue).delete()
    elue = type(elue).objects.get(pk=elue.pk)
    assert issue(a_signer, "signer", elue) == "403"
    assert not Reponse.objects.visibles_par(elue).exists()


def test_l_elue_nommee_dans_le_projet_peut_signer(en_consultation, projet, agent):
    """Without the global role: the projet names her, and her mandate is current."""
    personne = PersonneFabrique(roles=["elue"])
    Role.objects.filter(personne=personne).delete()
    personne = type(personne).objects.get(pk=personne.pk)
    en_consultation.avis.update(attendu_le=dans(-1))
    assert issue(en_consultation, "presenter", agent, signataire=personne) == "400"
    RoleProjet.objects.create(projet=projet, personne=personne, role="elue")
    assert issue(en_consultation, "presenter", agent, signataire=personne) == "a_signer"
    assert Reponse.objects.visibles_par(personne).get() == en_consultation
    assert issue(en_consultation, "signer", personne) == "signee"


def test_une_elue_de_deux_mandats_choisit(a_signer, elue):
    nouveau = elue.mandats.create(nom_officiel="Élue Fictive", intitule="Maire adjointe fictive", debut=dans(-5))
    ancien = elue.mandats.exclude(pk=nouveau.pk).get()
    franchir(a_signer.signer, par=elue, mandat=ancien)
    assert a_signer.signataire_mandat == ancien.intitule


def test_on_ne_signe_pas_au_nom_du_mandat_d_une_autre(a_signer, elue, autre_elue):
    assert issue(a_signer, "signer", elue, mandat=autre_elue.mandats.get()) == "400"


def test_un_ancien_mandat_ne_se_choisit_pas(en_consultation, agent, ancienne_elue, citoyenne):
    en_consultation.avis.update(attendu_le=dans(-1))
    for personne in (ancienne_elue, citoyenne, agent):
        assert issue(en_consultation, "presenter", agent, signataire=personne) == "400"


# --- What she reads is what she signs ------------------------------------------------------------------------------


def test_on_ne_signe_pas_un_texte_qu_on_n_a_pas_lu(a_signer, agent, elue):
    """Recalled, changed and sent again while her page was open: the state is the same, the words are not."""
    lue = a_signer.version()
    franchir(a_signer.reprendre, par=agent)
    a_signer.texte = "Un tout autre texte."
    a_signer.save(update_fields=["texte"])
    franchir(a_signer.consulter, par=agent, services=[])
    franchir(a_signer.presenter, par=agent, signataire=elue)
    assert issue(a_signer, "signer", elue, lue=lue) == "409"
    assert issue(a_signer, "signer", elue, lue=a_signer.version()) == "signee"


def test_on_ne_signe_pas_une_reponse_que_plus_personne_n_attend(a_signer, idee, elue):
    """No road leads there today: an idea in study is owed its own answer. The step asks all the same."""
    type(idee)._base_manager.filter(pk=idee.pk).update(etat="retiree", motif_retrait="J’ai changé d’avis.")
    a_signer = Reponse.objects.get(pk=a_signer.pk)
    assert issue(a_signer, "signer", elue) == "409"


@pytest.mark.parametrize("nom", ["fusionner", "retirer"])
def test_une_idee_a_l_etude_ne_disparait_pas_avant_sa_reponse(signee, idee, agent, citoyenne, boite, nom):
    arguments = {"avec": IdeeFabrique(boite=boite, etat="publiee")} if nom == "fusionner" else {"motif": "Tant pis."}
    for personne in (agent, citoyenne):
        assert issue(idee, nom, personne, **arguments) == "409"


# --- Services ------------------------------------------------------------------------------------------------------


def test_on_consulte_au_moins_un_service_puis_on_attend_son_avis(brouillon, agent, elue):
    assert issue(brouillon, "consulter", agent, services=[], attendu_le=dans(5)) == "400"
    assert issue(brouillon, "consulter", agent, services=[ServiceFabrique()], attendu_le=dans(-1)) == "400"
    assert issue(brouillon, "consulter", agent, services=[ServiceFabrique()]) == "400"
    assert issue(brouillon, "consulter", agent, services=[ServiceFabrique()], attendu_le=dans(0)) == "en_consultation"
    assert issue(brouillon, "presenter", agent, signataire=elue) == "400"
    brouillon.avis.update(attendu_le=dans(-1))
    assert issue(brouillon, "presenter", agent, signataire=elue) == "a_signer"


def test_redemander_un_avis_change_sa_date_et_garde_les_avis_rendus(a_signer, agent):
    rendu = a_signer.avis.get()
    franchir(a_signer.reprendre, par=agent)
    tardif = ServiceFabrique()
    franchir(a_signer.consulter, par=agent, services=[tardif], attendu_le=dans(1))
    franchir(a_signer.reprendre, par=agent)
    franchir(a_signer.consulter, par=agent, services=[rendu.service, tardif], attendu_le=dans(9))
    assert dict(a_signer.avis.values_list("service", "attendu_le")) == {
        rendu.service_id: rendu.attendu_le,
        tardif.pk: dans(9),
    }


def test_un_renvoi_sans_raison_est_refuse(a_signer, elue):
    assert issue(a_signer, "renvoyer", elue, retour="  ") == "400"


# --- What the publication brings -----------------------------------------------------------------------------------


def test_un_oui_publie_retient_l_idee_arrete_l_horloge_et_promet_la_premiere_etape(signee, idee, echeance, agent):
    franchir(signee.publier, par=agent)
    idee.refresh_from_db()
    echeance.refresh_from_db()
    jalon = Jalon.objects.get()
    assert (idee.etat, echeance.tenue_le) == ("retenue", signee.publiee_le)
    assert (jalon.reponse, jalon.titre, jalon.prevu_le) == (signee, signee.premiere_etape, signee.premiere_etape_le)
    types = list(
        Entree.objects.filter(est_publique=True, type__regex="^(reponses|idees.retenir)")
        .order_by("pk")
        .values_list("type", flat=True)
    )
    assert types == ["reponses.publier", "idees.retenir"]


def test_un_non_publie_ecarte_l_idee_sans_etape(idee, agent):
    publier_reponse(idee, sens="no_go", agent=agent)
    idee.refresh_from_db()
    assert (idee.etat, Jalon.objects.count()) == ("non_retenue", 0)


@pytest.mark.parametrize("par", ["agent", "referente", "elue"])
def test_une_reponse_a_un_projet_le_decide(par, agent, referente, elue):
    """Also when the élue herself publishes what she has signed."""
    projet = ProjetFabrique(referente=referente, ouvert=True)
    reponse = rediger_reponse(projet, agent=agent)
    amener_reponse(reponse, "signee", agent=agent, elue=elue)
    assert issue(reponse, "publier", {"agent": agent, "referente": referente, "elue": elue}[par]) == "publiee"
    projet.refresh_from_db()
    assert projet.etat == "decide"


def test_rien_ne_conclut_une_idee_sans_reponse_publiee(idee, signee, agent, administratrice, elue):
    """FR-04: no closing without a published, reasoned answer, not even one word before it is published."""
    for nom in ("retenir", "ecarter"):
        for personne in (agent, administratrice, elue):
            assert issue(idee, nom, personne) == "403"
