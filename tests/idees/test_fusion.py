"""Two ideas united: state × transition × role, what supports become, who may keep hers apart, what an undoing gives back."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commentaires.models import Commentaire
from comptes.effacement import effacer
from idees.actions import ne_plus_soutenir, soutenir
from idees.depositaires import Depositaire
from idees.fusion import avancer, chiffres, proposer, refuser_le_transfert
from idees.horloge import battre
from idees.models import Fusion, Idee, SoutienPorte
from moderation.actions import masquer
from notifications.abonnements import abonner, desabonner, facon_de, suit
from notifications.models import Courriel, Notification
from notifications.tasks import rattraper
from socle.permissions import SYSTEME
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    amener_depuis_publiee,
    publier_reponse,
    reunir,
)
from tests.tableau import a_l_essai, attendus, cases_fautives, ce_qui_arrive, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
POURQUOI = "Elles demandent la même chose."


@pytest.fixture
def boite():
    return BoiteFabrique(seuil_soutiens=100)


@pytest.fixture
def source(boite):
    """B, the idea that joins."""
    return IdeeFabrique(boite=boite, titre="Des bancs au lavoir", etat="publiee")


@pytest.fixture
def cible(boite):
    """A, the idea that goes on."""
    return IdeeFabrique(boite=boite, titre="S’asseoir près du lavoir", etat="publiee")


def soutiens(idee) -> set[int]:
    return set(idee.soutiens.values_list("personne", flat=True))


def relire(*objets):
    for objet in objets:
        objet.refresh_from_db()


def trois_voisins():
    return [PersonneFabrique() for _ in range(3)]


# --- The machine ---------------------------------------------------------------------------------------------------

ROLES = (
    "visiteur", "autrice_source", "autrice_cible", "voisin", "agent", "moderatrice", "elue", "administratrice",
    "referente_d_une", "systeme",
)  # fmt: skip
AUTRICES, AGENTS = {"autrice_source", "autrice_cible"}, {"agent", "administratrice"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("proposee", "accepter"): ("proposee", AUTRICES),
    ("proposee", "refuser"): ("refusee", AUTRICES),
    ("proposee", "abandonner"): ("abandonnee", AGENTS | {"systeme"}),
    ("proposee", "imposer"): ("effective", AGENTS),
    # By the second agreement or by the clock: not before.
    ("proposee", "effectuer"): ("effective", set()),
    ("effective", "demander"): ("effective", AUTRICES),
    ("effective", "defaire"): ("defaite", AGENTS),
}
ARGUMENTS = {
    "imposer": {"urgence": "Vite."},
    "demander": {"motif": "Autre chose."},
    "defaire": {"motif": "Une erreur."},
}


def dans_l_etat(etat, autrices, projet=None) -> Fusion:
    boite = BoiteFabrique(seuil_soutiens=100)
    deux = [IdeeFabrique(boite=boite, auteur=autrices[nom], etat="publiee") for nom in sorted(AUTRICES, reverse=True)]
    if projet:  # of one of the two alone
        Idee.objects.filter(pk=deux[0].pk).update(projet=projet)
        deux[0].refresh_from_db()
    agent = PersonneFabrique(roles=["agent"])
    fusion = proposer(*deux, par=agent, motif=POURQUOI)
    chemins = {
        "proposee": [],
        "effective": [("imposer", agent)],
        "defaite": [("imposer", agent), ("defaire", agent)],
        "refusee": [("refuser", autrices["autrice_cible"])],
        "abandonnee": [("abandonner", agent)],
    }
    for nom, par in chemins[etat]:
        franchir(getattr(fusion, nom), par=par, **ARGUMENTS.get(nom, {}))
    return Fusion.objects.get(pk=fusion.pk)


@pytest.mark.parametrize("etat", Fusion.Etat.values)
def test_table(etat):
    """AC-04 whole: who is neither an author nor an agent of both gets 403, and nothing changes."""
    referente = PersonneFabrique()
    projet = ProjetFabrique(referente=referente)
    gens = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue", "administratrice")}
    gens |= {nom: PersonneFabrique() for nom in (*AUTRICES, "voisin")}
    gens |= {"visiteur": AnonymousUser(), "referente_d_une": referente, "systeme": SYSTEME}
    fusion = dans_l_etat(etat, gens, projet)
    ideees = (fusion.source, fusion.cible)

    def portraits():
        relire(*ideees)
        return [(i.etat, i.auteur_id, i.fusionnee_dans_id) for i in ideees]

    avant, fautives = portraits(), []
    for transition in sorted(noms(Fusion)):
        vise, permis = TABLE.get((etat, transition), (None, set()))
        attendu = attendus(ROLES, vise, permis)
        refusees = {role: refus for role, refus in attendu.items() if role not in permis}
        dits = ARGUMENTS.get(transition, {})
        with a_l_essai():  # one after the other, so that what a refusal would have written is seen
            for role, refus in refusees.items():
                if (obtenu := ce_qui_arrive(fusion, transition, gens[role], **dits)) != refus:
                    fautives.append((etat, transition, role, obtenu, refus))
            if portraits() != avant:
                fautives.append((etat, transition, "les idées ont changé"))
        fautives += cases_fautives(fusion, transition, {r: attendu[r] for r in permis}, gens, **dits)
    assert fautives == []


def test_le_graphe_est_celui_de_la_table():
    assert {(depart, nom) for depart, nom, _vers in graphe(Fusion)} == set(TABLE)


# --- Who proposes what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["voisin", "moderatrice", "elue"])
def test_qui_n_est_ni_auteur_ni_agent_ne_propose_rien(source, cible, role, client):
    personne = PersonneFabrique(roles=[role] if role != "voisin" else [])
    with pytest.raises(EtapeInterdite):
        proposer(source, cible, par=personne, motif=POURQUOI)
    client.force_login(personne)
    adresse = reverse("idees:reunir", args=[source.pk])
    assert client.get(adresse).status_code == 403
    assert client.post(adresse, {"avec": cible.pk, "motif": POURQUOI}).status_code == 403
    assert not Fusion.objects.exists()


def test_la_referente_d_un_seul_projet_ne_reunit_pas_avec_un_autre(source, cible):
    referente = PersonneFabrique()
    Idee.objects.filter(pk=source.pk).update(projet=ProjetFabrique(referente=referente))
    relire(source)
    with pytest.raises(EtapeInterdite):
        proposer(source, cible, par=referente, motif=POURQUOI)


def test_seule_une_idee_publiee_peut_rejoindre(boite, cible, agent):
    """State of the source × state of the target, from what the rule says."""
    for etat in ("brouillon", "a_moderer", "publiee", "en_etude", "retenue", "retiree", "refusee"):
        idee = IdeeFabrique(boite=boite, etat=etat)
        if etat == "publiee":
            assert reunir(idee, cible, par=agent).etat == "effective"
        else:
            with pytest.raises(EtapeInvalide):
                proposer(idee, cible, par=agent, motif=POURQUOI)
    for etat in ("brouillon", "a_moderer", "publiee", "en_etude", "retenue", "retiree", "refusee", "fusionnee"):
        idee, but = IdeeFabrique(boite=boite, etat="publiee"), IdeeFabrique(boite=boite, etat=etat)
        if etat in Idee.ETATS_SOUTENABLES:
            assert reunir(idee, but, par=agent).etat == "effective"
        else:
            with pytest.raises(EtapeInvalide):
                proposer(idee, but, par=agent, motif=POURQUOI)
    with pytest.raises(EtapeInvalide):
        proposer(cible, cible, par=agent, motif=POURQUOI)


def test_rien_avec_une_idee_masquee(source, cible, agent, moderatrice):
    masquer(cible, par=moderatrice, motif="publicite", explication="Publicité.")
    for paire in ((source, cible), (cible, source)):
        with pytest.raises(EtapeInvalide):
            proposer(*paire, par=agent, motif=POURQUOI)


def test_une_seule_reunion_par_idee_qui_rejoint(source, cible, boite, agent):
    proposer(source, cible, par=agent, motif=POURQUOI)
    with pytest.raises(EtapeImpossible, match="déjà proposée"):
        proposer(source, IdeeFabrique(boite=boite, etat="publiee"), par=agent, motif=POURQUOI)


def test_apres_un_non_seul_qui_l_a_dit_propose_de_nouveau(source, cible, agent):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    franchir(fusion.refuser, par=cible.auteur, motif="Ce n’est pas la même idée.")
    for par in (agent, source.auteur):
        for paire in ((source, cible), (cible, source)):
            with pytest.raises(EtapeInvalide, match="déjà dit non"):
                proposer(*paire, par=par, motif=POURQUOI, urgence="Vite." if par == agent else "")
    assert proposer(source, cible, par=cible.auteur, motif="J’ai changé d’avis.").etat == "proposee"


def test_deux_sens_ne_sont_jamais_ouverts_a_la_fois(source, cible, agent):
    """Else a no to one would leave the other to take effect by silence."""
    aller = proposer(source, cible, par=agent, motif=POURQUOI)
    with pytest.raises(EtapeImpossible, match="dans l’autre"):
        proposer(cible, source, par=agent, motif=POURQUOI)
    with pytest.raises(EtapeImpossible, match="dans l’autre"):
        proposer(cible, source, par=cible.auteur, motif=POURQUOI)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Fusion.objects.create(source=cible, cible=source, voie="agent", motif=POURQUOI, echeance_le=timezone.now())
    franchir(aller.imposer, par=agent, urgence="Vite.")
    franchir(aller.defaire, par=agent, motif="Une erreur.")
    relire(source, cible)
    seconde = proposer(source, cible, par=agent, motif=POURQUOI)
    franchir(seconde.refuser, par=cible.auteur, motif="Ce n’est pas la même idée.")
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        avancer()
    relire(source, cible)
    assert (source.etat, cible.etat) == ("publiee", "publiee")
    assert not Fusion.objects.filter(etat__in=["proposee", "effective"]).exists()


def test_la_page_dit_que_l_autre_sens_est_propose(source, cible, agent, client):
    proposer(source, cible, par=agent, motif=POURQUOI)
    client.force_login(agent)
    adresse = reverse("idees:reunir", args=[cible.pk])
    reponse = client.post(adresse, {"avec": source.pk, "continue": source.pk, "motif": POURQUOI})
    assert reponse.status_code == 409 and "déjà proposé" in reponse.content.decode()


def test_une_reunion_eteint_ce_qui_voulait_rejoindre_la_meme_idee(source, cible, boite, agent):
    """What can no longer be is closed, and both authors are told."""
    troisieme = IdeeFabrique(boite=boite, etat="publiee")
    vaine = proposer(troisieme, source, par=agent, motif=POURQUOI)
    reunir(source, cible, par=agent)
    avancer()
    relire(vaine)
    assert (vaine.etat, vaine.motif_fin) == ("abandonnee", "L’une des deux idées n’est plus ouverte.")
    assert Entree.objects.sur(vaine).filter(type="idees.fusion.abandonner").count() == 1


def test_la_migration_eteint_le_sens_propose_en_second(source, cible, agent):
    migration = import_module("idees.migrations.0070_reunions")
    aller = proposer(source, cible, par=agent, motif=POURQUOI)
    with connection.cursor() as curseur:
        curseur.execute("DROP INDEX fusion_une_par_paire")
    retour = Fusion.objects.create(
        source=cible, cible=source, voie="agent", motif=POURQUOI, echeance_le=timezone.now() + timedelta(days=9)
    )
    migration.eteindre_les_contraires(apps, None)
    relire(aller, retour)
    assert (aller.etat, retour.etat, aller.close_le) == ("proposee", "abandonnee", None)
    assert retour.close_le and "dans l’autre sens" in retour.motif_fin


def test_on_ne_harcele_pas(boite, citoyenne):
    mienne = IdeeFabrique(boite=boite, auteur=citoyenne, etat="publiee")
    for _fois in range(5):
        proposer(IdeeFabrique(boite=boite, etat="publiee"), mienne, par=citoyenne, motif=POURQUOI)
    with pytest.raises(TropVite):
        proposer(IdeeFabrique(boite=boite, etat="publiee"), mienne, par=citoyenne, motif=POURQUOI)


# --- When it takes effect ------------------------------------------------------------------------------------------


def test_la_collectivite_propose_les_deux_auteurs_acceptent(source, cible, agent):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    franchir(fusion.accepter, par=source.auteur)
    assert (fusion.etat, issue(fusion, "accepter", source.auteur)) == ("proposee", "403")
    franchir(fusion.accepter, par=cible.auteur)
    relire(fusion, source)
    assert (fusion.etat, source.etat, source.fusionnee_dans) == ("effective", "fusionnee", cible)


def test_le_silence_vaut_accord_a_la_date_annoncee_pas_avant(source, cible, agent, settings):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    assert fusion.echeance_le.date() == (timezone.now() + timedelta(days=settings.FUSION_JOURS_ACCORD)).date()
    with time_machine.travel(fusion.echeance_le - timedelta(minutes=1), tick=False):
        assert avancer() == 0
    with time_machine.travel(fusion.echeance_le, tick=False):
        assert (avancer(), avancer()) == (1, 0)
    relire(fusion)
    assert fusion.etat == "effective"


def test_entre_auteurs_le_silence_ne_vaut_pas_accord(source, cible):
    fusion = proposer(source, cible, par=source.auteur, motif=POURQUOI)
    assert (fusion.voie, fusion.etat) == ("autrices", "proposee")
    with time_machine.travel(fusion.echeance_le, tick=False):
        assert avancer() == 1
    relire(fusion, source)
    assert (fusion.etat, source.etat) == ("abandonnee", "publiee")


def test_entre_auteurs_le_second_accord_suffit(source, cible):
    fusion = proposer(source, cible, par=cible.auteur, motif=POURQUOI)
    franchir(fusion.accepter, par=source.auteur)
    assert Fusion.objects.get().etat == "effective"


def test_les_agents_n_imposent_pas_ce_que_des_auteurs_se_proposent(source, cible, agent):
    fusion = proposer(source, cible, par=cible.auteur, motif=POURQUOI)
    assert issue(fusion, "imposer", agent, urgence="Vite.") == "403"


def test_un_agent_n_impose_pas_pour_sa_propre_idee(source, boite, agent):
    la_sienne = IdeeFabrique(boite=boite, auteur=agent, etat="publiee")
    with pytest.raises(EtapeInterdite):
        proposer(source, la_sienne, par=agent, motif=POURQUOI, urgence="Vite.")
    assert not Fusion.objects.exists()


def test_le_meme_auteur_pour_les_deux_est_d_accord_pour_les_deux(boite, citoyenne):
    deux = [IdeeFabrique(boite=boite, auteur=citoyenne, etat="publiee") for _ in range(2)]
    assert Fusion.objects.get(pk=proposer(*deux, par=citoyenne, motif=POURQUOI).pk).etat == "effective"


def test_une_autrice_sans_compte_repond_pour_l_idee_qu_elle_tient(boite, cible, agent, client):
    source = IdeeFabrique(boite=boite, etat="publiee")
    Idee.objects.filter(pk=source.pk).update(auteur=None)
    relire(source)
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    session = client.session
    session["idees_tenues"] = [source.pk]
    session.save()
    page = client.get(fusion.get_absolute_url()).content.decode()
    assert "Je suis d’accord" in page
    assert client.post(reverse("idees:decider_fusion", args=[fusion.pk, "accepter"])).status_code == 302
    relire(fusion)
    assert fusion.accord_source_le and not fusion.accord_cible_le
    assert issue(fusion, "accepter", Depositaire([source.pk + 100])) == "403"


def test_une_idee_partie_ailleurs_eteint_la_proposition(source, cible, agent):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    franchir(source.retirer, par=source.auteur, motif="Je préfère y réfléchir.")
    assert issue(fusion, "accepter", cible.auteur) == "409"
    assert issue(fusion, "imposer", agent, urgence="Vite.") == "409"
    assert (avancer(), avancer()) == (1, 0)
    relire(fusion)
    assert fusion.etat == "abandonnee"


def test_pas_de_cycle(source, cible, agent):
    reunir(source, cible, par=agent)
    relire(source, cible)
    with pytest.raises(EtapeInvalide):
        proposer(cible, source, par=agent, motif=POURQUOI)
    for idee in (source, cible):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Fusion.objects.create(source=idee, cible=idee, voie="agent", motif=POURQUOI, echeance_le=timezone.now())


# --- What supports become ------------------------------------------------------------------------------------------


def test_chaque_personne_compte_une_fois_et_rien_ne_quitte_la_source(source, cible, agent):
    seul, les_deux, deja = trois_voisins()
    for personne, idees in ((seul, [source]), (les_deux, [source, cible]), (deja, [cible]), (cible.auteur, [source])):
        for idee in idees:
            soutenir(idee, par=personne)
    assert chiffres(source, cible) == {"source": 3, "cible": 2, "communs": 1, "ensemble": 3}
    reunir(source, cible, par=agent)
    assert soutiens(cible) == {seul.pk, les_deux.pk, deja.pk}
    assert soutiens(source) == {seul.pk, les_deux.pk, cible.auteur.pk}
    porte = cible.soutiens.get(personne=seul)
    assert porte.cree_le == source.soutiens.get(personne=seul).cree_le


def test_le_seuil_peut_etre_atteint_par_une_reunion(agent):
    boite = BoiteFabrique(seuil_soutiens=3)
    source, cible = (IdeeFabrique(boite=boite, etat="publiee") for _ in range(2))
    for idee, combien in ((source, 2), (cible, 1)):
        SoutienFabrique.create_batch(combien, idee=idee)
    reunir(source, cible, par=agent)
    relire(source, cible)
    assert (source.etat, cible.etat, cible.echeance.jours_restants) == ("fusionnee", "en_etude", 60)


def test_defaire_rend_tout_et_l_etude_commencee_continue(agent):
    boite = BoiteFabrique(seuil_soutiens=3)
    source, cible = (IdeeFabrique(boite=boite, etat="publiee") for _ in range(2))
    voisins = trois_voisins()
    for voisin, idee in zip(voisins, (source, source, cible), strict=True):
        soutenir(idee, par=voisin)
    fusion = reunir(source, cible, par=agent)
    relire(cible)
    franchir(fusion.defaire, par=agent, motif="Ce sont deux demandes.")
    relire(source, cible, fusion)
    assert (source.etat, source.fusionnee_dans, fusion.etat) == ("publiee", None, "defaite")
    assert (cible.etat, cible.echeance.jours_restants) == ("en_etude", 60)
    assert (soutiens(source), soutiens(cible)) == ({voisins[0].pk, voisins[1].pk}, {voisins[2].pk})
    assert soutenir(source, par=PersonneFabrique())


def test_qui_a_soutenu_elle_meme_reste_apres_la_separation(source, cible, agent):
    """Said again while it counted already; taken back then given again; given meanwhile; never."""
    redit, repris, neuf, silencieux = (PersonneFabrique() for _ in range(4))
    for personne in (redit, repris, silencieux):
        soutenir(source, par=personne)
    fusion = reunir(source, cible, par=agent)
    soutenir(cible, par=redit)
    ne_plus_soutenir(cible, par=repris)
    soutenir(cible, par=repris)
    soutenir(cible, par=neuf)
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert soutiens(cible) == {redit.pk, repris.pk, neuf.pk}
    assert soutiens(source) == {redit.pk, repris.pk, silencieux.pk}


def test_deux_reunions_qui_amenent_la_meme_personne(source, cible, boite, agent, voisin):
    """Undoing one leaves her by the other; undoing both leaves nothing."""
    troisieme = IdeeFabrique(boite=boite, etat="publiee")
    for idee in (source, troisieme):
        soutenir(idee, par=voisin)
    une, autre = reunir(source, cible, par=agent), reunir(troisieme, cible, par=agent)
    assert soutiens(cible) == {voisin.pk}
    franchir(une.defaire, par=agent, motif="Une erreur.")
    assert soutiens(cible) == {voisin.pk} and suit(voisin, cible)
    franchir(autre.defaire, par=agent, motif="Une erreur.")
    assert soutiens(cible) == set() and not suit(voisin, cible)


def test_une_suite_de_reunions_se_defait_par_la_derniere(source, cible, boite, agent, voisin):
    fin = IdeeFabrique(boite=boite, etat="publiee")
    soutenir(source, par=voisin)
    une, autre = reunir(source, cible, par=agent), reunir(cible, fin, par=agent)
    assert soutiens(fin) == {voisin.pk}
    assert issue(une, "defaire", agent, motif="Une erreur.") == "409"
    assert issue(autre, "defaire", agent, motif="Une erreur.") == "defaite"
    assert issue(Fusion.objects.get(pk=une.pk), "defaire", agent, motif="Une erreur.") == "defaite"
    assert (soutiens(source), soutiens(cible), soutiens(fin)) == ({voisin.pk}, set(), set())


def test_on_ne_separe_plus_une_idee_qui_a_sa_reponse(source, cible, agent):
    fusion = reunir(source, cible, par=agent)
    relire(cible)
    amener_depuis_publiee(cible, "retenue")
    assert issue(fusion, "defaire", agent, motif="Une erreur.") == "409"


def test_une_idee_qui_en_reunit_d_autres_ne_se_retire_pas(source, cible, agent):
    fusion = reunir(source, cible, par=agent)
    relire(cible)
    assert issue(cible, "retirer", cible.auteur, motif="Je pars.") == "400"
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert issue(cible, "retirer", cible.auteur, motif="Je pars.") == "retiree"


def test_les_deux_auteurs_separent_sans_agent(source, cible, agent):
    fusion = reunir(source, cible, par=agent)
    franchir(fusion.demander, par=source.auteur, motif="Ce n’est plus la même idée.")
    assert (fusion.etat, issue(fusion, "demander", source.auteur, motif="Encore.")) == ("effective", "403")
    franchir(fusion.demander, par=cible.auteur, motif="D’accord.")
    relire(fusion, source)
    assert (fusion.etat, fusion.motif_fin, source.etat) == ("defaite", "Ce n’est plus la même idée.", "publiee")


def test_masquer_ne_bloque_pas_la_separation(source, cible, agent, moderatrice, voisin):
    """Nobody should remain in an idea that moderation hides."""
    soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    relire(cible)
    masquer(cible, par=moderatrice, motif="publicite", explication="Publicité.")
    assert issue(fusion, "defaire", agent, motif="L’autre est masquée.") == "defaite"
    assert (soutiens(source), soutiens(cible)) == ({voisin.pk}, set())


def test_un_compte_efface_entre_temps_ne_perd_pas_son_soutien(source, cible, agent, voisin):
    soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    effacer(voisin)
    assert soutiens(cible) == {voisin.pk}
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert (soutiens(source), soutiens(cible)) == ({voisin.pk}, set())


def test_l_auteur_efface_une_autre_facon_de_conclure_reste(source, cible, agent):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    effacer(source.auteur)
    with time_machine.travel(fusion.echeance_le, tick=False):
        avancer()
    relire(fusion)
    assert fusion.etat == "effective"


def test_un_soutien_donne_pendant_la_reunion_suit(source, cible, agent, voisin):
    """As when the support commits just after the merge: the idea in hand still says « publiée »."""
    reunir(source, cible, par=agent)
    SoutienFabrique(idee=source, personne=voisin)
    assert avancer() == 1
    assert soutiens(cible) == {voisin.pk}
    assert (avancer(), SoutienPorte.objects.count()) == (0, 1)


# --- Keeping one's support apart -----------------------------------------------------------------------------------


def test_garder_son_soutien_a_part(source, cible, agent, voisin):
    soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    assert suit(voisin, cible)
    assert refuser_le_transfert(fusion, par=voisin) is True
    assert refuser_le_transfert(fusion, par=voisin) is False
    assert (soutiens(source), soutiens(cible), suit(voisin, cible), suit(voisin, source)) == (
        {voisin.pk}, set(), False, True,
    )  # fmt: skip
    assert soutenir(cible, par=voisin)
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert soutiens(cible) == {voisin.pk}


def test_on_ne_refuse_que_ce_qui_vient_de_la_reunion(source, cible, agent, voisin, citoyenne):
    for idee in (source, cible):
        soutenir(idee, par=voisin)
    fusion = reunir(source, cible, par=agent)
    assert refuser_le_transfert(fusion, par=voisin) is False
    assert soutiens(cible) == {voisin.pk}
    for personne in (citoyenne, AnonymousUser(), agent):
        with pytest.raises(EtapeInterdite):
            refuser_le_transfert(fusion, par=personne)


def test_le_refus_a_un_delai(source, cible, agent, voisin, settings):
    soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    assert fusion.refus_jusqu_au - fusion.effective_le == timedelta(days=settings.FUSION_JOURS_REFUS)
    with time_machine.travel(fusion.refus_jusqu_au, tick=False), pytest.raises(EtapeImpossible):
        refuser_le_transfert(fusion, par=voisin)
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    with pytest.raises(EtapeImpossible):
        refuser_le_transfert(fusion, par=voisin)


def test_un_refus_se_suit_jusqu_au_bout(source, cible, boite, agent, voisin):
    """The target has joined a third meanwhile: her support leaves it too."""
    fin = IdeeFabrique(boite=boite, etat="publiee")
    soutenir(source, par=voisin)
    une = reunir(source, cible, par=agent)
    reunir(cible, fin, par=agent)
    refuser_le_transfert(une, par=voisin)
    assert (soutiens(source), soutiens(cible), soutiens(fin)) == ({voisin.pk}, set(), set())
    assert avancer() == 0


def test_une_reunion_porte_la_facon_de_suivre_de_chacune(source, cible, boite, agent):
    nouvelle, deja, tout = trois_voisins()
    fin = IdeeFabrique(boite=boite, etat="publiee")
    for personne, facon in ((nouvelle, "informe"), (deja, "participe"), (tout, "participe")):
        abonner(personne, source, facon)
    abonner(deja, cible, "informe")
    reunir(source, cible, par=agent)
    reunir(cible, fin, par=agent)
    for idee in (cible, fin):
        assert [facon_de(personne, idee) for personne in (nouvelle, deja, tout)] == ["informe", "informe", "participe"]


def test_les_abonnes_suivent_puis_retrouvent(source, cible, agent):
    nouvelle, deja, partie = trois_voisins()
    for personne in (nouvelle, deja, partie):
        abonner(personne, source)
    abonner(deja, cible)
    fusion = reunir(source, cible, par=agent)
    assert all(suit(personne, cible) for personne in (nouvelle, deja, partie))
    desabonner(partie, cible)
    abonner(partie, cible)  # by herself
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert [suit(personne, cible) for personne in (nouvelle, deja, partie)] == [False, True, True]
    assert all(suit(personne, source) for personne in (nouvelle, deja, partie))


# --- The record ----------------------------------------------------------------------------------------------------


def test_les_deux_actes_sont_dans_les_deux_chaines(agent):
    projets = [ProjetFabrique(ouvert=True) for _ in range(2)]
    source, cible = (
        IdeeFabrique(boite=BoiteFabrique(etape=EtapeFabrique(projet=p), seuil_soutiens=50), etat="publiee")
        for p in projets
    )
    fusion = reunir(source, cible, par=agent)
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    actes = Entree.objects.filter(est_publique=True, type__regex="fusion|separer").order_by("numero")
    de_la_source, de_la_cible = (list(actes.filter(projet=p).values_list("type", flat=True)) for p in projets)
    assert de_la_source == ["idees.fusionner", "idees.separer"]
    assert de_la_cible == ["idees.fusion.proposer", "idees.fusion.imposer", "idees.fusion.defaire"]
    assert verifier()[1] is None


@pytest.mark.parametrize("fin", ["refuser", "abandonner", "accepter", "effectuer", "defaire"])
def test_chaque_phrase_se_lit_et_tait_ce_qui_est_masque(source, cible, agent, moderatrice, fin):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    if fin in {"refuser", "accepter"}:
        franchir(getattr(fusion, fin), par=cible.auteur)
    elif fin == "abandonner":
        franchir(fusion.abandonner, par=agent)
    else:
        for idee in (source, cible):
            franchir(fusion.accepter, par=idee.auteur)
        relire(fusion)
        if fin == "defaire":
            franchir(fusion.demander, par=source.auteur, motif="Autre chose.")
            franchir(fusion.defaire, par=agent, motif="Une erreur.")
    entrees = Entree.objects.autour(fusion, source)
    for entree in entrees.pour_affichage():
        assert source.titre in entree.phrase
    masquer(Idee.objects.get(pk=source.pk), par=moderatrice, motif="publicite", explication="Publicité.")
    for entree in entrees.exclude(type__startswith="moderation").pour_affichage():
        assert source.titre not in entree.phrase and entree.phrase


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_un_agent_cherche_lit_les_chiffres_et_propose(client, source, cible, agent, voisin):
    soutenir(source, par=voisin)
    client.force_login(agent)
    adresse = reverse("idees:reunir", args=[source.pk])
    assert cible.titre not in client.get(adresse).content.decode()
    for mots in ("lavoir asseoir", str(cible.pk), f"n° {cible.pk}"):
        assert cible.titre in client.get(adresse, {"q": mots}).content.decode()
    for rien in ("piscine", "9" * 30, "\x00", "%", source.titre):
        assert (
            "Aucune idée ouverte ne correspond" in client.get(adresse, {"q": rien}).content.decode() or rien == "\x00"
        )
    page = client.get(adresse, {"avec": cible.pk}).content.decode()
    assert source.texte in page and "Soutiens ensemble" in page
    vide = client.post(adresse, {"avec": cible.pk, "motif": "", "sans_attendre": "on", "urgence": ""})
    assert vide.status_code == 422 and "Écrivez pourquoi il ne faut pas attendre" in vide.content.decode()
    assert not Fusion.objects.exists()
    client.post(adresse, {"avec": cible.pk, "motif": POURQUOI, "continue": source.pk})
    fusion = Fusion.objects.get()
    assert (fusion.source, fusion.cible, fusion.etat, fusion.voie) == (cible, source, "proposee", "agent")


@pytest.mark.parametrize("avec", ["", "0", "abc", "-1", "9" * 30, "brouillon", "soi"])
def test_un_mauvais_numero_est_dit(client, source, agent, avec):
    if avec in {"brouillon", "soi"}:
        avec = source.pk if avec == "soi" else IdeeFabrique().pk
    client.force_login(agent)
    reponse = client.post(reverse("idees:reunir", args=[source.pk]), {"avec": avec, "motif": POURQUOI})
    assert reponse.status_code in {200, 404} and not Fusion.objects.exists()


def test_un_refus_du_domaine_garde_ce_qui_est_tape(client, source, cible, boite, agent):
    proposer(source, IdeeFabrique(boite=boite, etat="publiee"), par=agent, motif=POURQUOI)
    client.force_login(agent)
    reponse = client.post(reverse("idees:reunir", args=[source.pk]), {"avec": cible.pk, "motif": "Ma raison à moi."})
    page = reponse.content.decode()
    assert reponse.status_code == 409 and "déjà proposée" in page and "Ma raison à moi." in page


def test_la_lignee_se_lit_des_deux_cotes(client, source, cible, agent, voisin):
    soutenir(source, par=voisin)
    Commentaire.objects.create(cible=source, auteur=voisin, texte="Un commentaire resté là.")
    fusion = reunir(source, cible, par=agent)
    client.force_login(voisin)
    de_la_cible = client.get(cible.get_absolute_url()).content.decode()
    for mots in ("Née de 2 idées", source.titre, source.auteur.pseudonyme, f"La discussion de l’idée n° {source.pk}"):
        assert mots in de_la_cible
    de_la_source = client.get(source.get_absolute_url()).content.decode()
    for mots in ("continue avec une autre", cible.titre, "Un commentaire resté là.", "Vous pouvez refuser jusqu’au"):
        assert mots in de_la_source
    liste = client.get(reverse("idees:liste")).content.decode()
    boite = client.get(source.boite.get_absolute_url()).content.decode()
    for page in (liste, boite):
        assert source.titre not in page and "réunit 2 idées" in page
    publique = client.get(fusion.get_absolute_url()).content.decode()
    assert POURQUOI in publique and "L’étude commence demain." in publique


def test_une_idee_masquee_ne_se_lit_pas_par_l_autre(client, source, cible, agent, moderatrice):
    fusion = reunir(source, cible, par=agent)
    masquer(Idee.objects.get(pk=cible.pk), par=moderatrice, motif="injure", explication="Injure.")
    for adresse in (source.get_absolute_url(), fusion.get_absolute_url()):
        page = client.get(adresse).content.decode()
        assert cible.titre not in page and POURQUOI not in page
    masquer(Idee.objects.get(pk=source.pk), par=moderatrice, motif="injure", explication="Injure.")
    assert client.get(fusion.get_absolute_url()).status_code == 404


def test_refuser_demande_puis_agit(client, source, cible, agent, voisin):
    soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    adresse = reverse("idees:garder_mon_soutien", args=[fusion.pk])
    assert client.get(adresse).status_code == client.post(adresse).status_code == 302
    client.force_login(voisin)
    assert "Garder mon soutien à part" in client.get(adresse).content.decode()
    assert soutiens(cible) == {voisin.pk}, "reading changes nothing"
    client.post(adresse)
    assert soutiens(cible) == set()
    assert "Il n’y a rien à changer" in client.get(adresse).content.decode()
    client.force_login(PersonneFabrique())
    assert client.post(adresse).status_code == 403


def test_aucune_etape_automatique_par_l_adresse(client, source, cible, agent):
    fusion = proposer(source, cible, par=agent, motif=POURQUOI)
    client.force_login(agent)
    assert client.post(reverse("idees:decider_fusion", args=[fusion.pk, "effectuer"])).status_code == 409
    refus = client.post(reverse("timeline:etape", args=["idees.idee", source.pk, "fusionner"]))
    assert refus.status_code == 409 and "elle vient d’elle-même" in refus.content.decode()
    client.force_login(PersonneFabrique())
    assert client.post(reverse("idees:decider_fusion", args=[fusion.pk, "imposer"])).status_code == 403
    assert client.get(reverse("idees:decider_fusion", args=[fusion.pk, "inventer"])).status_code == 404


def test_les_pages_coutent_autant_avec_cinquante_idees_reunies(client, boite, cible, agent, voisin):
    client.force_login(voisin)

    def cout(adresse):
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        return len(requetes)

    def grossir(combien):
        for _fois in range(combien):
            source = IdeeFabrique(boite=boite, etat="publiee", auteur=voisin)
            SoutienFabrique(idee=source)
            fusion = reunir(source, cible, par=agent)
        return fusion

    adresses = [cible.get_absolute_url(), reverse("idees:liste"), grossir(1).get_absolute_url()]
    for adresse in adresses:
        cout(adresse)
    un = [cout(adresse) for adresse in adresses]
    grossir(49)
    assert all(apres <= avant for avant, apres in zip(un, map(cout, adresses), strict=True)), un


def test_l_api_montre_la_lignee_et_ne_la_change_pas(client, source, cible, agent):
    fusion = reunir(source, cible, par=agent)
    lue = client.get(f"/api/v1/idees/{cible.pk}/").json()
    assert (lue["reunit"], [f["id"] for f in lue["fusions"]], lue["fusions"][0]["etat"]) == (
        [source.pk], [fusion.pk], "effective",
    )  # fmt: skip
    assert client.get(f"/api/v1/idees/{source.pk}/").json()["fusionnee_dans"] == cible.pk
    client.force_login(agent)
    etapes = [e["nom"] for e in client.get(f"/api/v1/idees/{cible.pk}/etapes/").json()]
    assert "fusionner" not in etapes and "separer" not in etapes


def test_la_reponse_de_la_cible_se_publie_malgre_la_reunion(source, agent, boite):
    cible = IdeeFabrique(boite=boite, etat="en_etude")
    reunir(source, cible, par=agent)
    publier_reponse(cible, agent=agent)
    relire(source, cible)
    assert (source.etat, cible.etat) == ("fusionnee", "retenue")


# --- What an import had brought, and a target that moderation hides --------------------------------------------------


def test_les_soutiens_repris_d_ailleurs_se_lisent_sur_la_cible_et_reviennent(client, source, cible, boite, agent):
    Idee.objects.filter(pk=source.pk).update(repris_de="Ville fictive", soutiens_repris=4055)
    relire(source)
    fusion = reunir(source, cible, par=agent)
    page = client.get(cible.get_absolute_url()).content.decode()
    assert page.count("4\u202f055") + page.count("4\xa0055") >= 2, "beside the gauge, and with the idea that joined"
    battre()
    relire(cible)
    assert cible.poids == 4055
    fin = IdeeFabrique(boite=boite, etat="publiee")
    suite = reunir(cible, fin, par=agent)
    assert (cible.repris_par_reunion(), fin.repris_par_reunion()) == (4055, 4055)
    franchir(suite.defaire, par=agent, motif="Une erreur.")
    franchir(Fusion.objects.get(pk=fusion.pk).defaire, par=agent, motif="Une erreur.")
    assert (cible.repris_par_reunion(), fin.repris_par_reunion()) == (0, 0)
    assert "repris d’un autre site" not in client.get(cible.get_absolute_url()).content.decode()


def test_une_cible_masquee_se_dit_sur_la_source_et_aux_agents(client, source, cible, agent, moderatrice, monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    fusion = reunir(source, cible, par=agent)
    relire(cible)
    masquer(cible, par=moderatrice, motif="publicite", explication="Publicité.")
    page = client.get(source.get_absolute_url()).content.decode()
    assert "Tant qu’elle est masquée" in page and "comptent là-bas" not in page
    rattraper()
    assert Notification.objects.filter(personne=agent, entree__type="moderation.masquer").count() == 1
    assert Courriel.objects.filter(personne=agent, texte__contains=fusion.get_absolute_url()).exists()
