"""A draw, from its pool to its result: what is computed, announced, drawn and redone by anybody."""

import hashlib
import json
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from communautes.actions import faire_appel
from communautes.models import Adhesion, Calcul, Candidate, Coordonnees, FichierRecu, Siege, Tirage
from communautes.models.adhesion import DELAI_D_APPEL
from communautes.panels import calcul, horloge, mandat, places, vivier
from communautes.panels.quotas import effectifs_de, poser, quotas_de
from communautes.tirage.fautes import TirageInvalide
from communautes.tirage.fichiers import lire_lots
from communautes.tirage.preparation import preparer as preparer_pour_de_bon
from communautes.tirage.quotas import Quota
from notifications.models import Courriel
from tests.communautes.fabriques_panels import (
    VALEUR,
    agent,
    annoncer,
    calculer,
    colonnes,
    fichier_du_vivier,
    fonder_un_panel,
    lettres_de,
    membre_tiree,
    ouvrir_la_place,
    preparer,
    relu,
    tirage_en,
    tirer,
)
from tests.fabriques import PersonneFabrique
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, franchir, transitions_ouvertes
from timeline.models import Entree
from timeline.verification import verifier

FICHIERS = ("vivier.csv", "parametres.json", "lots.csv")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]


# --- The pool ----------------------------------------------------------------------------------------------------


def test_un_vivier_publie_ne_dit_rien_des_personnes():
    tirage = tirage_en("calcule")
    publie = b"".join(tirage.octets(nom) for nom in ("vivier.csv", "lots.csv")).decode()
    for mot in ("Nom Fictif", "rue Inventée", "exemple.fr", "N00001"):
        assert mot not in publie
    brut = "".join(Coordonnees.objects.values_list("contenu", flat=True))
    assert "Nom Fictif" not in brut, "the personal columns are encrypted at rest"
    connues = vivier.coordonnees_de(tirage.panel, Candidate.objects.values_list("code", flat=True))
    assert len(connues) == 40 and {c["autres"]["adresse"] for c in connues.values()} == {
        f"{n} rue Inventée" for n in range(40)
    }


def test_ce_qui_n_est_pas_coche_n_est_pas_garde():
    panel = fonder_un_panel()
    tirage = preparer(panel)
    vivier.recevoir(tirage, par=panel.cree_par, nom="v.csv", octets=fichier_du_vivier())
    vivier.importer_le_vivier(tirage, vivier.Colonnes("numéro", ("genre",), ("nom",)), par=panel.cree_par)
    (une, *_suite) = vivier.coordonnees_de(panel, Candidate.objects.values_list("code", flat=True)).values()
    assert set(une) == {"identifiant", "autres"} and set(une["autres"]) == {"nom"}
    assert not FichierRecu.objects.exists() and Candidate.objects.count() == 40, "the pool before is replaced whole"


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"PK\x03\x04zip", "pas un CSV"),
        ("numéro;genre;âge;nom;adresse;courriel\n1;femme;16-29;a;b\n".encode(), "Ligne 2"),
        ("numéro;genre;âge;nom;adresse;courriel\n1;;16-29;a;b;c\n".encode(), "« genre » est vide"),
        ("numéro;genre;âge;nom;adresse;courriel\n1;f;j;a;b;c\n1;f;j;a;b;c\n".encode(), "déjà à la ligne 2"),
        ("numéro;genre;âge;nom;adresse;courriel\n1;=1+1;j;a;b;c\n".encode(), "formule"),
        ("genre;âge;nom;adresse;courriel\nf;j;a;b;c\n".encode(), "« numéro » n’est pas dans le fichier"),
    ],
)
def test_un_mauvais_fichier_dit_sa_ligne_et_n_ecrit_rien(octets, phrase):
    panel = fonder_un_panel()
    tirage = preparer(panel)
    avant = set(Candidate.objects.values_list("code", flat=True))

    def importer():
        vivier.recevoir(tirage, par=panel.cree_par, nom="v.csv", octets=octets)
        vivier.importer_le_vivier(tirage, colonnes(), par=panel.cree_par)

    with pytest.raises(TirageInvalide) as faute:
        importer()
    assert phrase in " ".join(faute.value.phrases())
    assert set(Candidate.objects.values_list("code", flat=True)) == avant and quotas_de(relu(tirage))


def test_un_critere_qui_designe_les_personnes_est_refuse():
    panel = fonder_un_panel()
    tirage = preparer(panel)
    vivier.recevoir(tirage, par=panel.cree_par, nom="v.csv", octets=fichier_du_vivier())
    with pytest.raises(TirageInvalide, match="40 valeurs différentes"):
        vivier.importer_le_vivier(tirage, vivier.Colonnes("numéro", ("nom",)), par=panel.cree_par)


def test_un_fichier_oublie_s_en_va_apres_un_jour():
    tirage = preparer(fonder_un_panel())
    vivier.recevoir(tirage, par=tirage.panel.cree_par, nom="v.csv", octets=fichier_du_vivier())
    horloge.battre()
    assert FichierRecu.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert horloge.battre()["fichiers_oublies"] == 1


# --- Quotas ------------------------------------------------------------------------------------------------------


def test_les_quotas_proposes_font_le_compte_et_se_corrigent():
    tirage = preparer(fonder_un_panel(places=10))
    for classes in quotas_de(tirage).values():
        assert sum(q.minimum for q in classes.values()) == sum(q.maximum for q in classes.values()) == 10
    larges = {c: {v: Quota(0, 10) for v in classes} for c, classes in quotas_de(tirage).items()}
    poser(tirage, larges, par=tirage.panel.cree_par)
    assert quotas_de(relu(tirage)) == larges


def test_le_compte_des_quotas_s_accorde(client):
    tirage = preparer(fonder_un_panel(places=10))
    for minimum, phrase in (
        (0, "au moins 0 place, au plus"),
        (1, "au moins 1 place, au plus"),
        (2, "au moins 2 places,"),
    ):
        quotas = {
            critere: {valeur: Quota(minimum if rang == 0 else 0, 10) for rang, valeur in enumerate(classes)}
            for critere, classes in quotas_de(tirage).items()
        }
        poser(relu(tirage), quotas, par=tirage.panel.cree_par)
        client.force_login(tirage.panel.cree_par)
        assert phrase in client.get(tirage.adresse_du_bureau).content.decode()


def test_les_groupes_d_un_critere_se_rangent_par_leur_numero():
    tirage = preparer(fonder_un_panel())
    tirage.criteres = ["quartier"]
    noms = [f"quartier {n}" for n in (1, 2, 10, 11)]
    for candidate, nom in zip(tirage.candidates.all(), noms * 10, strict=True):
        candidate.valeurs = [nom]
        candidate.save()
    assert list(effectifs_de(tirage)["quartier"]) == noms


def test_des_quotas_impossibles_sont_expliques_avant_le_calcul():
    tirage = preparer(fonder_un_panel(places=10))
    faux = {c: {v: Quota(9, 10) for v in classes} for c, classes in quotas_de(tirage).items()}
    with pytest.raises(TirageInvalide, match="les minimums font 18 places en tout, pour 10"):
        poser(tirage, faux, par=tirage.panel.cree_par)


def test_des_quotas_impossibles_ensemble_arretent_le_calcul_et_se_disent():
    """Each one is fine; nobody is a woman of sixty and more in this pool, and both are asked for."""
    panel = fonder_un_panel(places=2)
    tirage = preparer(panel)
    lignes = ["numéro;genre;âge;nom;adresse;courriel"]
    lignes += [f"{n};femme;16-29;a;b;c@exemple.fr" for n in range(5)] + [
        f"{n};homme;60 et plus;a;b;c@exemple.fr" for n in range(5, 10)
    ]
    vivier.recevoir(tirage, par=panel.cree_par, nom="v.csv", octets="\n".join(lignes).encode())
    vivier.importer_le_vivier(tirage, colonnes(), par=panel.cree_par)
    tirage = relu(tirage)
    quotas = {
        "genre": {"femme": Quota(2, 2), "homme": Quota(0, 2)},
        "âge": {"16-29": Quota(0, 2), "60 et plus": Quota(1, 2)},
    }
    poser(tirage, quotas, par=panel.cree_par)
    demande = calcul.demander(tirage, par=panel.cree_par)
    calcul.executer(demande.pk)
    demande.refresh_from_db()
    assert demande.etat == "arrete" and "impossibles" in demande.echec and "Il suffirait" in demande.echec
    assert relu(tirage).etat == "preparation" and not tirage.fichiers.exists()


# --- The computation ---------------------------------------------------------------------------------------------


def test_le_calcul_donne_mille_lots_et_des_chances_qui_font_le_compte(monkeypatch):
    monkeypatch.setattr(calcul, "preparer", preparer_pour_de_bon)
    tirage = tirage_en("calcule")
    assert tirage.octets("lots.csv").count(b"\n") == 1001
    chances = list(tirage.candidates.values_list("lots", flat=True))
    assert sum(chances) == 1000 * tirage.places
    assert hashlib.sha256(tirage.octets("lots.csv")).hexdigest() == tirage.empreinte_lots
    assert Calcul.objects.get().etat == "termine"


def test_deux_demandes_un_calcul():
    tirage = preparer(fonder_un_panel())
    premier = calcul.demander(tirage, par=tirage.panel.cree_par)
    assert calcul.demander(tirage, par=agent()) == premier
    with pytest.raises(EtapeImpossible, match="Un calcul est en cours"):
        poser(tirage, quotas_de(tirage), par=tirage.panel.cree_par)


def test_un_calcul_arrete_ne_laisse_rien(monkeypatch):
    tirage = preparer(fonder_un_panel())
    demande = calcul.demander(tirage, par=tirage.panel.cree_par)

    def arreter(*_arguments):
        if Calcul.objects.en_cours().exists():
            calcul.abandonner(demande, par=tirage.panel.cree_par)

    monkeypatch.setattr(calcul, "preparer", preparer_pour_de_bon)
    monkeypatch.setattr(calcul, "SOUFFLE", 0)
    monkeypatch.setattr(calcul, "diffuser", arreter)
    calcul.executer(demande.pk)
    demande.refresh_from_db()
    assert demande.etat == "abandonne" and relu(tirage).etat == "preparation" and not tirage.fichiers.exists()
    monkeypatch.setattr(calcul, "diffuser", lambda *_groupes: None)
    assert calculer(tirage).etat == "calcule", "and it may be asked for again"


def test_un_calcul_perdu_est_repris_par_l_horloge():
    tirage = preparer(fonder_un_panel())
    demande = calcul.demander(tirage, par=tirage.panel.cree_par)
    Calcul.objects.filter(pk=demande.pk).update(
        avance_le=timezone.now(), fait=12, total=1000
    )  # its process was killed here
    repris = []
    assert horloge.relancer(repris.append) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert horloge.relancer(repris.append) == 1 and horloge.relancer(repris.append) == 0
    calcul.executer(repris[0])
    calcul.executer(repris[0])
    assert relu(tirage).etat == "calcule" and Entree.objects.filter(type="communautes.tirage.calculer").count() == 1


def test_reprendre_la_preparation_jette_les_lots():
    tirage = tirage_en("calcule")
    franchir(tirage.reprendre, par=tirage.panel.cree_par)
    assert not tirage.fichiers.exists() and not tirage.candidates.filter(lots__isnull=False).exists()
    assert relu(tirage).empreinte_lots == "" and calculer(relu(tirage)).etat == "calcule"


# --- Announced and drawn -----------------------------------------------------------------------------------------


def test_une_valeur_deja_connue_ne_s_annonce_pas():
    tirage = tirage_en("calcule")
    passee = {"source": "Le Loto d’hier", "connue_le": timezone.now() - timedelta(minutes=1)}
    assert issue(tirage, "annoncer", tirage.panel.cree_par, **passee) == "400"
    assert (
        issue(tirage, "annoncer", tirage.panel.cree_par, source=" ", connue_le=timezone.now() + timedelta(days=2))
        == "400"
    )
    assert not tirage.fichiers.filter(nom="parametres.json").exists(), "a refused announcement writes no file"


@pytest.mark.parametrize(
    ("dans", "attendu"), [(timedelta(hours=23, minutes=59), "400"), (timedelta(hours=24), "annonce")]
)
def test_la_valeur_est_connue_un_jour_apres_l_annonce_au_moins(dans, attendu):
    tirage = tirage_en("calcule")
    with time_machine.travel(timezone.now(), tick=False):
        valeur = {"source": "Le Loto", "connue_le": timezone.now() + dans}
        assert issue(tirage, "annoncer", tirage.panel.cree_par, **valeur) == attendu


def test_on_n_annonce_rien_avant_le_mandat():
    tirage = tirage_en("calcule", fonder_un_panel(publie=False))
    future = {"source": "Le Loto", "connue_le": timezone.now() + timedelta(days=2)}
    assert issue(tirage, "annoncer", tirage.panel.cree_par, **future) == "400"


def test_on_n_annonce_pas_une_valeur_connue_apres_l_effacement_des_noms():
    tirage = tirage_en("calcule", fonder_un_panel(effacer_dans=5))
    tard = {"source": "Le Loto", "connue_le": timezone.now() + timedelta(days=5)}
    assert issue(tirage, "annoncer", tirage.panel.cree_par, **tard) == "400"


def test_un_mandat_qui_change_de_places_se_suit_jusqu_a_l_annonce():
    tirage = tirage_en("calcule")
    champs = {nom: getattr(tirage.panel.mandat, nom) for nom in mandat.CHAMPS}
    mandat.rediger(tirage.panel, par=tirage.panel.cree_par, motif="Plus grand.", **{**champs, "places": 6})
    future = {"source": "Le Loto", "connue_le": timezone.now() + timedelta(days=2)}
    assert issue(tirage, "annoncer", tirage.panel.cree_par, **future) == "400"
    franchir(tirage.reprendre, par=tirage.panel.cree_par)
    larges = {c: {v: Quota(0, 6) for v in classes} for c, classes in quotas_de(relu(tirage)).items()}
    poser(relu(tirage), larges, par=tirage.panel.cree_par)
    assert annoncer(calculer(relu(tirage))).places == 6


def test_apres_l_effacement_on_n_importe_plus_personne():
    tirage = preparer(fonder_un_panel())
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        horloge.battre()
        with pytest.raises(EtapeImpossible, match="effacés"):
            vivier.recevoir(relu(tirage), par=tirage.panel.cree_par, nom="v.csv", octets=fichier_du_vivier())
    assert not Coordonnees.objects.exists() and not FichierRecu.objects.exists()


def test_la_chronologie_raconte_le_tirage(client):
    tirage = tirage_en("tire")
    page = client.get("/chronologie/").content.decode()
    for phrase in (
        "Le tirage au sort du panel",
        "est tiré au sort",
        "Le mandat du panel",
        tirage.empreinte_vivier,
        tirage.graine,
    ):
        assert phrase in page


def test_l_annonce_est_dans_la_chronologie_avec_ses_empreintes():
    tirage = tirage_en("annonce")
    dit = Entree.objects.publiques().get(type="communautes.tirage.annoncer").donnees
    assert dit["empreintes"] == {
        nom: hashlib.sha256(tirage.octets(nom)).hexdigest() for nom in ("vivier.csv", "parametres.json", "lots.csv")
    }
    publies = json.loads(tirage.octets("parametres.json"))
    assert publies["valeur_publique"]["nom"] == dit["source"] == tirage.source and publies["places"] == 4


def test_on_ne_tire_pas_avant_la_date_et_on_n_annule_plus_apres():
    tirage = tirage_en("annonce")
    par = tirage.panel.cree_par
    assert issue(tirage, "tirer", par, valeur=VALEUR) == "400"
    assert [nom for nom, _e in transitions_ouvertes(tirage, par)] == ["tirer", "annuler"]
    with time_machine.travel(tirage.connue_le, tick=False):
        assert [nom for nom, _e in transitions_ouvertes(tirage, par)] == ["tirer"]
        assert issue(tirage, "annuler", par, motif="Le résultat ne me plaît pas.") == "400"
        assert issue(tirage, "tirer", par, valeur="  ") == "400"
        assert issue(tirage, "tirer", par, valeur=VALEUR) == "tire"
    assert verifier()[1] is None


def test_n_importe_qui_refait_le_tirage(tmp_path, capsys):
    tirage = tirage_en("tire")
    for nom in ("vivier.csv", "parametres.json", "lots.csv"):
        (tmp_path / nom).write_bytes(tirage.octets(nom))
    call_command(
        "refaire_tirage", *(str(tmp_path / nom) for nom in ("vivier.csv", "parametres.json", "lots.csv")),
        valeur=f"  {VALEUR} ", json=True, annoncees=list(tirage.empreintes.values()),
    )  # fmt: skip
    refait = json.loads(capsys.readouterr().out)
    assert set(refait["tires"]) == set(tirage.sieges.values_list("code", flat=True)) and len(refait["tires"]) == 4
    # The recipe of the page, without a line of our code.
    lignes = [
        "estuaire-tirage-1",
        *(hashlib.sha256((tmp_path / n).read_bytes()).hexdigest() for n in FICHIERS),
        VALEUR,
    ]
    graine = hashlib.sha256("".join(f"{ligne}\n" for ligne in lignes).encode()).hexdigest()
    assert (tirage.graine, tirage.lot) == (graine, int(graine, 16) % 1000)
    dit = Entree.objects.publiques().get(type="communautes.tirage.tirer").donnees
    assert (dit["valeur"], dit["graine"], dit["lot"]) == (VALEUR, graine, tirage.lot)


# --- Replacements ------------------------------------------------------------------------------------------------


def test_les_places_vides_sont_tirees_de_la_meme_facon():
    panel = tirage_en("tire").panel
    lettres = list(lettres_de(panel).items())
    places.decliner(ouvrir_la_place(panel, *lettres[0]))
    partie = PersonneFabrique()
    places.accepter(ouvrir_la_place(panel, *lettres[1]), par=partie, version=1)
    franchir(panel.communaute.adhesions.get(personne=partie).quitter, par=partie)
    reste = PersonneFabrique()
    places.accepter(ouvrir_la_place(panel, *lettres[2]), par=reste, version=1)

    remplacement = places.preparer_le_remplacement(panel, par=panel.cree_par)
    assert (remplacement.places, remplacement.remplace, remplacement.candidates.count()) == (
        2,
        panel.premier_tirage,
        36,
    )
    fait = tirer(annoncer(calculer(relu(remplacement))))
    assert fait.etat == "tire" and fait.get_absolute_url() != panel.premier_tirage.get_absolute_url()
    etats = dict(Siege.objects.du_panel(panel).values_list("code", "etat"))
    assert etats[lettres[0][0]] == etats[lettres[1][0]] == "remplacee" and etats[lettres[2][0]] == "acceptee"
    assert sorted(etats.values()) == ["acceptee", "contactee", "remplacee", "remplacee", "tiree", "tiree"]
    premiers = quotas_de(panel.premier_tirage)["genre"]
    assises = [valeurs[0] for valeurs in Siege.objects.du_panel(panel).tenus().values_list("valeurs", flat=True)]
    assert {g: assises.count(g) for g in premiers} == {g: q.minimum for g, q in premiers.items()}, (
        "the first quotas hold"
    )


def test_une_place_liberee_apres_la_preparation_attend_le_remplacement_suivant():
    panel = tirage_en("tire").panel
    lettres = list(lettres_de(panel).items())
    places.decliner(ouvrir_la_place(panel, *lettres[0]))
    remplacement = annoncer(calculer(relu(places.preparer_le_remplacement(panel, par=panel.cree_par))))
    places.decliner(ouvrir_la_place(panel, *lettres[1]))
    tirer(remplacement)
    etats = dict(Siege.objects.du_panel(panel).values_list("code", "etat"))
    assert (etats[lettres[0][0]], etats[lettres[1][0]]) == ("remplacee", "declinee")
    assert Siege.objects.du_panel(panel).tenus().count() == 3, "one of four waits for its own draw"
    assert places.preparer_le_remplacement(panel, par=panel.cree_par).places == 1


def test_la_place_quittee_apres_l_annonce_attend_meme_si_elle_avait_ete_acceptee_avant():
    panel = tirage_en("tire").panel
    membre = membre_tiree(panel)
    lettres = {x["code"]: x["cle"] for x in places.ecrire_les_lettres(panel, par=panel.cree_par, de_nouveau=True)}
    code, cle = next(iter(lettres.items()))
    places.decliner(ouvrir_la_place(panel, code, cle))
    remplacement = annoncer(calculer(relu(places.preparer_le_remplacement(panel, par=panel.cree_par))))
    franchir(panel.communaute.adhesions.get(personne=membre).quitter, par=membre)
    tirer(remplacement)
    assert Siege.objects.get(code=code).etat == "remplacee" and Siege.objects.get(personne=membre).etat == "retiree"


def test_une_place_rendue_avant_le_tirage_ne_se_tire_plus(client):
    panel = tirage_en("tire").panel
    membre = membre_tiree(panel)
    lettres = {x["code"]: x["cle"] for x in places.ecrire_les_lettres(panel, par=panel.cree_par, de_nouveau=True)}
    places.decliner(ouvrir_la_place(panel, *next(iter(lettres.items()))))
    adhesion = panel.communaute.adhesions.get(personne=membre)
    franchir(adhesion.exclure, par=panel.cree_par, motif="A insulté une voisine.")
    assert places.preparer_le_remplacement(panel, par=panel.cree_par).places == 1, "hers is kept for an appeal"
    client.force_login(panel.cree_par)
    bureau = client.get(reverse("communautes:sieges", args=[panel.communaute.slug])).content.decode()
    assert "le reprendre" in bureau and "Préparer un tirage de remplacement" not in bureau
    client.logout()
    franchir(panel.tirages.latest("numero").abandonner, par=panel.cree_par, motif="Trop tôt.")
    Adhesion.objects.filter(pk=adhesion.pk).update(depuis_le=timezone.now() - DELAI_D_APPEL)
    remplacement = annoncer(calculer(relu(places.preparer_le_remplacement(panel, par=panel.cree_par))))
    appel = faire_appel(adhesion, par=membre, texte="Ce n’était pas moi.")
    franchir(appel.accorder, par=PersonneFabrique(roles=["mediatrice"]), reponse="C’est exact.")
    fait = tirer(remplacement)
    assert (fait.places, fait.sieges.count()) == (2, 1) and Siege.objects.du_panel(panel).tenus().count() == 4
    lot = lire_lots(fait.octets("lots.csv"))[fait.lot]
    assert fait.sieges.get().code == lot[0]
    page = client.get(fait.get_absolute_url()).content.decode()
    assert "Ce lot tient 2 codes" in page and f"<code>{lot[1]}</code> (sans place)" in page
    assert "1 place a été rendue à sa personne avant ce tirage" in page


def test_on_ne_remplace_personne_quand_tout_le_monde_est_la():
    panel = tirage_en("tire").panel
    with pytest.raises(TirageInvalide, match="personne à remplacer"):
        places.preparer_le_remplacement(panel, par=panel.cree_par)


# --- Erased at the date ------------------------------------------------------------------------------------------


def test_les_noms_et_les_adresses_s_effacent_a_la_date_du_mandat():
    tirage = tirage_en("tire")
    panel = tirage.panel
    membre_tiree(panel)
    assert Courriel.objects.filter(cle__startswith="panel-").count() == 4
    midi = timezone.make_aware(datetime.combine(panel.mandat.effacer_le, time(12)))
    with time_machine.travel(midi - timedelta(days=1)):
        assert horloge.battre()["viviers_effaces"] == 0 and Coordonnees.objects.count() == 40
    with time_machine.travel(midi):
        assert horloge.battre()["viviers_effaces"] == 1
        assert horloge.battre()["viviers_effaces"] == 0, "told once"
    panel.refresh_from_db()
    assert (
        panel.efface_le
        and not Coordonnees.objects.exists()
        and not Courriel.objects.filter(cle__startswith="panel-").exists()
    )
    assert Candidate.objects.count() == 40 and tirage.octets("vivier.csv"), (
        "codes and classes stay: the draw can still be redone"
    )
    assert Entree.objects.publiques().filter(type="communautes.panel.effacer").count() == 1
    with pytest.raises(EtapeImpossible, match="effacés"):
        places.ecrire_les_lettres(panel, par=panel.cree_par)
    with pytest.raises(EtapeImpossible, match="effacés"):
        places.preparer_le_remplacement(panel, par=panel.cree_par)


def test_un_panel_jamais_publie_ne_garde_pas_les_noms_plus_longtemps():
    tirage = preparer(fonder_un_panel(publie=False, effacer_dans=5))
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        horloge.battre()
    assert not Coordonnees.objects.exists() and tirage.candidates.count() == 40
    assert not Entree.objects.filter(type="communautes.panel.effacer").exists()


def test_annuler_efface_les_coordonnees_et_garde_ce_qui_etait_publie():
    tirage = tirage_en("annule")
    assert not Coordonnees.objects.exists() and tirage.candidates.count() == 40 and tirage.fichiers.count() == 3
    suivant = preparer(tirage.panel)
    assert (suivant.numero, Tirage.objects.count()) == (2, 2)


def test_abandonner_ne_laisse_rien_du_vivier():
    tirage = tirage_en("calcule")
    franchir(tirage.abandonner, par=tirage.panel.cree_par, motif="Mauvais fichier.")
    assert not Coordonnees.objects.exists() and not Candidate.objects.exists() and not tirage.fichiers.exists()
