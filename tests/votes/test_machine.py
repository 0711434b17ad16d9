"""State × transition × role of a vote and of a feasibility study, from a written table. What is not in it is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from socle.permissions import SYSTEME
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique
from tests.tableau import issue, noms
from tests.votes.fabriques import scrutin
from timeline.diagrammes import graphe
from timeline.etapes import franchir, transitions_ouvertes
from votes.models import Bulletin, Enveloppe, Etude, Option, Scrutin

pytestmark = pytest.mark.django_db

CONDUISENT = {"agent", "administratrice", "referente"}
ROLES = ("visiteur", "citoyenne", "agent", "referente", "autre_referente", "moderatrice", "elue", "administratrice", "systeme")  # fmt: skip

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("brouillon", "annoncer"): ("annonce", CONDUISENT),
    ("annonce", "ouvrir"): ("ouvert", {"systeme"}),
    ("ouvert", "clore"): ("clos", {"systeme"}),
    ("clos", "depouiller"): ("depouille", CONDUISENT | {"systeme"}),
    ("depouille", "proclamer"): ("proclame", CONDUISENT),
    ("annonce", "annuler"): ("annule", CONDUISENT),
    ("ouvert", "annuler"): ("annule", CONDUISENT),
    ("clos", "annuler"): ("annule", CONDUISENT),
    ("depouille", "annuler"): ("annule", CONDUISENT),
    ("brouillon", "reprendre"): ("clos", set()),  # a vote of this site is nobody's to take over
}
#: The same, of a vote that comes from a file and belongs to no projet.
TABLE_DU_FICHIER = {("brouillon", "reprendre"): ("clos", {"agent", "administratrice", "systeme"})}

TABLE_DES_ETUDES = {
    ("demandee", "rendre"): ("rendue", CONDUISENT),
    ("rendue", "reprendre"): ("demandee", CONDUISENT),
}

ARGUMENTS = {
    "annuler": {"motif": "Une erreur dans la liste."},
    "depouiller": {"empreinte": "0" * 64},
    "rendre": {"conclusion": "faisable", "motif": "Rien ne l’empêche."},
}


@pytest.fixture
def roles(citoyenne, agent, moderatrice, elue, administratrice):
    autre = PersonneFabrique()
    ProjetFabrique(referente=autre)
    return {
        "visiteur": AnonymousUser(),
        "citoyenne": citoyenne,
        "agent": agent,
        "referente": PersonneFabrique(),
        "autre_referente": autre,
        "moderatrice": moderatrice,
        "elue": elue,
        "administratrice": administratrice,
        "systeme": SYSTEME,
    }


def en(etat, roles) -> Scrutin:
    """Of a stage of the projet of `referente`, in this state."""
    loin = timedelta(days=60)
    etape = EtapeFabrique(
        projet=ProjetFabrique(referente=roles["referente"], ouvert=True),
        ouvre=["voter"],
        ouvre_le=timezone.now() - loin,
        ferme_le=timezone.now() + loin,
    )
    depart = "clos" if etat == "depouille" else "annonce" if etat == "annule" else etat
    if etat == "proclame":
        depart = "clos"
    vote = scrutin(depart, agent=roles["agent"], etape=etape)
    if etat in {"depouille", "proclame"}:
        franchir(vote.depouiller, par=SYSTEME, empreinte="0" * 64)
    if etat == "proclame":
        franchir(vote.proclamer, par=roles["agent"])
    if etat == "annule":
        franchir(vote.annuler, par=roles["agent"], motif="Une erreur.")
    return vote


def essayer(objet, nom, roles, attendus, *, a_l_heure=None):
    """Every role tries the step; each attempt is undone, so that all start from the same state."""
    for role in ROLES:
        with transaction.atomic(), time_machine.travel(a_l_heure or timezone.now(), tick=False):
            obtenu = issue(objet, nom, roles[role], **ARGUMENTS.get(nom, {}))
            transaction.set_rollback(True)
        objet.refresh_from_db()
        assert (role, obtenu) == (role, attendus(role))


@pytest.mark.parametrize("nom", sorted(noms(Scrutin)))
@pytest.mark.parametrize("etat", Scrutin.Etat.values)
def test_table(etat, nom, roles):
    vote = en(etat, roles)
    vers, permis = TABLE.get((etat, nom), (None, set()))
    heure = {"ouvrir": vote.ouvre_le, "clore": vote.ferme_le}.get(nom) if (etat, nom) in TABLE else None
    essayer(
        vote, nom, roles, lambda role: "409" if vers is None else vers if role in permis else "403", a_l_heure=heure
    )


def du_fichier() -> Scrutin:
    maintenant = timezone.now()
    vote = Scrutin.objects.create(
        titre="Un vote passé", slug="un-vote-passe", question="?", origine="fichier",
        ouvre_le=maintenant - timedelta(days=400), ferme_le=maintenant - timedelta(days=390),
    )  # fmt: skip
    enveloppe = Enveloppe.objects.create(scrutin=vote, nom="Tout", budget=100)
    for cle in ("a", "b"):
        Option.objects.create(scrutin=vote, enveloppe=enveloppe, cle=cle, titre=cle, cout=50)
    Bulletin.objects.create(scrutin=vote, enveloppe=enveloppe, origine="v1", notes={"a": 1})
    return vote


@pytest.mark.parametrize("nom", sorted(noms(Scrutin)))
def test_table_d_un_vote_repris(nom, roles):
    vote = du_fichier()
    if nom == "annoncer":  # it is past, and belongs to no projet
        assert issue(vote, nom, roles["agent"]) == "400"
        return
    vers, permis = TABLE_DU_FICHIER.get(("brouillon", nom), (None, set()))
    essayer(vote, nom, roles, lambda role: "409" if vers is None else vers if role in permis else "403")


@pytest.mark.parametrize("nom", sorted(noms(Etude)))
@pytest.mark.parametrize("etat", Etude.Etat.values)
def test_table_des_etudes(etat, nom, roles):
    vote = en("brouillon", roles)
    etude = Etude.objects.create(
        option=vote.options.first(), service=ServiceFabrique(), attendue_le=timezone.localdate() + timedelta(days=3)
    )
    if etat == "rendue":
        franchir(etude.rendre, par=roles["agent"], **ARGUMENTS["rendre"])
    vers, permis = TABLE_DES_ETUDES.get((etat, nom), (None, set()))
    essayer(etude, nom, roles, lambda role: "409" if vers is None else vers if role in permis else "403")


@pytest.mark.parametrize("nom", sorted(noms(Etude)))
def test_une_etude_d_un_vote_annonce_n_est_plus_a_personne(nom, roles):
    vote = en("brouillon", roles)
    etude = Etude(option=vote.options.first(), service=ServiceFabrique(), attendue_le=timezone.localdate())
    if nom == "reprendre":
        etude.save()
        franchir(etude.rendre, par=roles["agent"], **ARGUMENTS["rendre"])
    franchir(vote.annoncer, par=roles["agent"])
    if nom == "rendre":  # asked by some other road: no step leads from here
        etude.save()
    etude = Etude.objects.get(pk=etude.pk)
    essayer(etude, nom, roles, lambda role: "403")


@pytest.mark.parametrize(("modele", "table"), [(Scrutin, TABLE), (Etude, TABLE_DES_ETUDES)], ids=["Scrutin", "Etude"])
def test_le_graphe_est_celui_de_la_table(modele, table):
    ecrites = {(depart, nom, vers) for (depart, nom), (vers, _permis) in table.items()}
    assert {(depart, nom, vers) for depart, nom, vers in graphe(modele)} == ecrites


def test_personne_ne_voit_de_bouton_pour_ce_que_fait_l_horloge_ou_le_comptage(roles):
    for etat in ("annonce", "ouvert", "clos"):
        boutons = {nom for nom, _etiquette in transitions_ouvertes(en(etat, roles), roles["agent"])}
        assert boutons == {"annuler"}


# --- What each step requires ------------------------------------------------------------------------------------------------------


def test_l_horloge_attend_l_heure(roles):
    assert issue(en("annonce", roles), "ouvrir", SYSTEME) == "400"
    assert issue(en("ouvert", roles), "clore", SYSTEME) == "400"


@pytest.mark.parametrize("motif", ["", "  \n "])
def test_une_annulation_dit_pourquoi(motif, roles):
    assert issue(en("annonce", roles), "annuler", roles["agent"], motif=motif) == "400"


def test_on_n_annonce_pas_une_ouverture_passee(roles):
    vote = en("brouillon", roles)
    with time_machine.travel(vote.ouvre_le + timedelta(minutes=1), tick=False):
        assert issue(vote, "annoncer", roles["agent"]) == "400"


@pytest.mark.parametrize(
    ("tort", "phrase"),
    [
        ("sans étape", "l’étape du projet"),
        ("projet pas annoncé", "Annoncez d’abord son projet"),
        ("étape sans vote", "ne permet pas de voter"),
        ("dates qui débordent", "dates qui tiennent dans"),
        ("ouverture passée", "Choisissez une ouverture à venir"),
        ("une seule proposition", "au moins deux"),
        ("sans budget", "Donnez un budget à chaque enveloppe."),
        ("sans coût", "Donnez un coût"),
        ("trop chère", "plus grand que leur enveloppe"),
        ("enveloppe vide", "Ajoutez une proposition à ces enveloppes"),
        ("forme qui ne va pas", "ne va pas avec"),
        ("points sans total", "combien de points"),
        ("sans mentions", "deux mentions"),
        ("réglage inconnu", "Réglages inconnus"),
        ("réglage impossible", "valeur possible"),
        ("priorités sans moments", "moments du calendrier"),
        ("oui sans non", "« oui » et « non »"),
    ],
)
def test_ce_qui_manque_retient_l_annonce_et_se_dit(tort, phrase, agent):
    vote = scrutin("brouillon", agent=agent)
    projet = vote.etape.projet
    reglages = {
        "sans étape": {"etape": None},
        "dates qui débordent": {"ferme_le": timezone.now() + timedelta(days=900)},
        "ouverture passée": {"ouvre_le": timezone.now() - timedelta(minutes=1)},
        "forme qui ne va pas": {"forme": "mentions"},
        "points sans total": {"forme": "points"},
        "sans mentions": {"regle": "jugement-majoritaire", "forme": "mentions"},
        "réglage inconnu": {"parametres": {"inventé": 1}},
        "réglage impossible": {"regle": "schulze", "forme": "classement", "parametres": {"force": "hasard"}},
        "priorités sans moments": {"regle": "priorites", "forme": "points"},
        "oui sans non": {"regle": "oui-non", "forme": "choix"},
    }
    if tort in reglages:
        Scrutin.objects.filter(pk=vote.pk).update(**reglages[tort])
    elif tort == "projet pas annoncé":
        etape = EtapeFabrique(projet=ProjetFabrique(annonce=False), ouvre=["voter"])
        Scrutin.objects.filter(pk=vote.pk).update(etape=etape)
    elif tort == "étape sans vote":
        type(vote.etape).objects.filter(pk=vote.etape_id).update(ouvre=["commenter"])
    elif tort == "une seule proposition":
        vote.options.exclude(cle="p1").delete()
    elif tort == "sans budget":
        vote.enveloppes.update(budget=None)
    elif tort == "sans coût":
        vote.options.filter(cle="p1").update(cout=None)
    elif tort == "trop chère":
        vote.options.filter(cle="p1").update(cout=10**9)
    elif tort == "enveloppe vide":
        from territoires.models import Territoire

        lieu = Territoire.objects.create(genre="metropole", nom="Vide", slug="vide", code="V1")
        Enveloppe.objects.create(scrutin=vote, nom="Vide", territoire=lieu, budget=100)
    from votes.reglement import defauts

    vote = Scrutin.objects.get(pk=vote.pk)
    assert sum(phrase in defaut for defaut in defauts(vote)) == 1, defauts(vote)
    if tort == "sans budget":
        assert len(defauts(vote)) == 1
    assert issue(vote, "annoncer", agent) == "400"
    assert projet.est_annonce
