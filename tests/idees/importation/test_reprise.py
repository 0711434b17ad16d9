"""Taking over for good: states, dates, figures, threads; batches all or nothing; twice is once; nothing forged."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from commentaires.models import Commentaire
from idees.horloge import battre
from idees.importation import depart, ecriture, moteur
from idees.importation.correspondance import Regles
from idees.importation.lecture import Tableau
from idees.importation.moteur import essayer, executer
from idees.models import Idee, Importation, LigneRefusee, ProvenanceCommentaire, ProvenanceIdee, Soutien
from idees.permissions import peut_conclure
from notifications.models import Courriel, Notification
from projets.models import Thematique
from reponses.models import Echeance, Reponse
from tests.fabriques import PersonneFabrique, SoutienFabrique
from tests.idees.importation.conftest import COLONNES_FILS, FILS, SIMPLE, en_csv, fil, modele, rangee
from timeline.etapes import EtapeInterdite, franchir
from timeline.models import Entree, Relais
from timeline.verification import verifier

pytestmark = pytest.mark.django_db

PARIS = [
    "thematique", "lancement_procedure_projet", "debut_etudes_projet", "identifiant_projet_gagnant", "adresse_projet_gagnant",
    "arrondissement_projet_gagnant", "budget_global_projet_gagnant", "titre_projet_gagnant", "direction_pilote_projet",
    "ouverture_projet", "edition", "avancement_projet", "lancement_travaux_projet", "livraison_prev_projet",
]  # fmt: skip


def paris(n, **autres):
    ligne = {
        "thematique": "Cadre de vie", "lancement_procedure_projet": "2015-06", "debut_etudes_projet": "2015-03",
        "identifiant_projet_gagnant": str(n), "adresse_projet_gagnant": "Place fictive", "arrondissement_projet_gagnant": "13",
        "budget_global_projet_gagnant": "100000", "titre_projet_gagnant": f"Projet gagnant {n}",
        "direction_pilote_projet": "Direction fictive", "ouverture_projet": "2016-10", "edition": "2014",
        "avancement_projet": "FIN", "lancement_travaux_projet": "2015-12", "livraison_prev_projet": "2016-09",
    }  # fmt: skip
    return list((ligne | autres).values())


# --- Ideas ---------------------------------------------------------------------------------------------------------


def test_une_idee_arrive_dans_son_etat_et_personne_n_est_prevenu(reprendre):
    importation = reprendre([rangee(1), rangee(2, etat="faite"), rangee(3, etat="non")])
    assert (importation.reprises, importation.refusees, importation.etat) == (3, 0, "terminee")
    assert list(Idee.objects.order_by("pk").values_list("etat", "auteur", "soutiens_repris", "poids")) == [
        ("publiee", None, 1, 1),
        ("realisee", None, 2, 2),
        ("non_retenue", None, 3, 3),
    ]
    assert not Notification.objects.exists() and not Courriel.objects.exists()
    assert [r.entree.type for r in Relais.objects.select_related("entree")] == ["idees.importation.terminer"]
    assert not Reponse.objects.exists() and not Echeance.objects.exists()
    assert verifier()[1] is None


def test_l_entree_nomme_la_source_et_l_identifiant(reprendre, agent):
    reprendre([rangee(7)])
    entree = Entree.objects.get(type="idees.importer")
    assert (entree.est_publique, entree.par) == (True, agent)
    attendu = {
        "source": "Ville fictive",
        "cle": "A7",
        "etat": "publiee",
        "survenu_le": "2019-03-12",
        "precision": "jour",
    }
    assert attendu.items() <= entree.donnees.items()


def test_la_vraie_chronologie(reprendre, client):
    reprendre([paris(12)], modele("paris-budget-participatif"), PARIS)
    idee = Idee.objects.get()
    faits = Entree.objects.sur(idee).order_by("survenu_le", "pk")
    assert [(e.type.rpartition(".")[2], e.survenue.libelle) for e in faits] == [
        ("importer", "2014"),
        ("vote", "2014"),
        ("etudes", "mars 2015"),
        ("procedure", "juin 2015"),
        ("travaux", "décembre 2015"),
        ("livraison", "septembre 2016"),
        ("ouverture", "octobre 2016"),
    ]
    page = " ".join(client.get(idee.get_absolute_url()).content.decode().replace("\xa0", " ").split())
    for dit in (
        "mars 2015", "Budget : 100 000 €", "Pilote : Direction fictive", "Édition 2014", "Repris de Budget participatif de Paris",
        "elle n’a pas de réponse signée sur ce site", "Place fictive, arrondissement 13", ">2014</time>",
    ):  # fmt: skip
        assert dit in page, dit
    assert "1 janvier 2014" not in page and "1er janvier 2014" not in page


def test_une_date_seulement_annoncee_n_est_pas_un_fait(reprendre, client):
    etudes = paris(1, avancement_projet="ETUDES", livraison_prev_projet="2030-12", ouverture_projet="Non ouvert")
    reprendre([etudes], modele("paris-budget-participatif"), PARIS)
    idee = Idee.objects.get()
    types = set(Entree.objects.sur(idee).values_list("type", flat=True))
    assert types == {"idees.importer", "idees.reprise.vote", "idees.reprise.etudes"}
    assert [a["fait"] for a in idee.provenance.annonces] == ["procedure", "travaux", "livraison"]
    assert "annoncé pour décembre 2030" in client.get(idee.get_absolute_url()).content.decode()


def test_les_soutiens_repris_comptent_pour_le_tri_et_ne_lancent_pas_l_horloge(reprendre, boite, client):
    reprendre([rangee(1, votes="242"), rangee(2, votes="5", etat="faite")])
    idee, faite = Idee.objects.order_by("pk")
    boite.seuil_soutiens = 2
    boite.save()
    battre()
    assert Idee.objects.get(pk=idee.pk).etat == "publiee" and not idee.seuil_atteint()
    SoutienFabrique(idee=idee)
    assert battre()["poids"] == 1
    assert Idee.objects.get(pk=idee.pk).poids == 243
    assert battre()["poids"] == 0
    assert "242 soutiens repris de « Ville fictive »" in client.get(idee.get_absolute_url()).content.decode()
    assert "Dont 5 repris de « Ville fictive »" in client.get(faite.get_absolute_url()).content.decode()
    assert "242 soutiens repris" in client.get("/idees/").content.decode()


def test_ses_vrais_soutiens_la_font_vivre_ici(reprendre, boite, agent):
    boite.seuil_soutiens = 1
    boite.save()
    reprendre([rangee(1), rangee(2, etat="gagnante")])
    idee, gagnante = Idee.objects.order_by("pk")
    Soutien.objects.create(idee=idee, personne=PersonneFabrique())
    battre()
    idee.refresh_from_db()
    assert idee.etat == "en_etude" and Echeance.objects.get().cible == idee
    assert not peut_conclure(gagnante, agent)
    franchir(gagnante.realiser, par=agent)
    assert gagnante.etat == "en_realisation"


def test_un_titre_trop_long_est_refuse_ou_coupe_si_on_le_demande(reprendre):
    long = "Un très long titre " * 10
    assert reprendre([rangee(1, titre=long)]).refusees == 1
    regles = {**SIMPLE, "champs": {**SIMPLE["champs"], "titre": {"colonne": "titre", "trop_long": "tronquer"}}}
    reprendre([rangee(1, titre=long)], regles)
    idee = Idee.objects.get()
    assert len(idee.titre) <= 120 and idee.titre.endswith("…")
    assert idee.texte.startswith(" ".join(long.split()))
    assert Entree.objects.get(type="idees.importer").donnees["titre_tronque"] is True


def test_le_theme_est_trouve_ou_cree(reprendre):
    Thematique.objects.create(nom="Cadre de vie", slug="cadre")
    lignes = [
        paris(1),
        paris(2, thematique="CADRE  DE VIE"),
        paris(3, thematique="Propreté"),
        paris(4, thematique="Propreté"),
    ]
    reprendre(lignes, modele("paris-budget-participatif"), PARIS)
    assert list(Thematique.objects.values_list("nom", flat=True)) == ["Cadre de vie", "Propreté"]


#: What is wrong -> the row, the column told, a word of the reason.
REFUS = {
    "sans titre": (rangee(1, titre=" "), "titre", "est vide"),
    "sans identifiant": (rangee(1, id=""), "id", "est vide"),
    "état inconnu": (rangee(1, etat="perdue"), "etat", "correspondance"),
    "date impossible": (rangee(1, date="2019-02-31"), "date", "n’existe pas"),
    "date à venir": (rangee(1, date="2089-01-01"), "date", "à venir"),
    "nombre": (rangee(1, votes="beaucoup"), "votes", "nombre entier"),
    "formule": (rangee(1, votes="=1+1"), "votes", "nombre entier"),
    "nul": (rangee(1, texte="a\x00b"), "texte", "caractère nul"),
}


@pytest.mark.parametrize(("ligne", "colonne", "raison"), REFUS.values(), ids=REFUS)
def test_chaque_ligne_refusee_est_dite_et_les_autres_passent(reprendre, ligne, colonne, raison):
    importation = reprendre([ligne, rangee(2)])
    refusee = LigneRefusee.objects.get()
    assert (refusee.numero, refusee.colonne) == (2, colonne) and raison in refusee.raison
    assert (importation.lues, importation.reprises, importation.refusees) == (2, 1, 1)


def test_une_ligne_dit_tous_ses_defauts(reprendre):
    importation = reprendre([rangee(1, titre="", etat="perdue", votes="x")])
    assert set(LigneRefusee.objects.values_list("colonne", flat=True)) == {"titre", "etat", "votes"}
    assert importation.refusees == 1


def test_un_identifiant_en_double_dans_le_fichier(reprendre):
    importation = reprendre([rangee(1), rangee(2), rangee(1, titre="Une autre")], lot=1)
    assert (importation.reprises, importation.refusees) == (2, 1)
    assert "déjà à la ligne 2" in LigneRefusee.objects.get().raison


def test_une_ligne_refusee_n_en_cache_pas_une_bonne(reprendre):
    """The first that can be taken over is the one; the next ones repeat it."""
    importation = reprendre(
        [rangee(1, etat="perdue"), rangee(1, titre="La bonne"), rangee(1, titre="Une autre")], lot=1
    )
    assert (importation.reprises, importation.refusees) == (1, 2)
    assert Idee.objects.get().titre == "La bonne"
    assert "déjà à la ligne 3" in LigneRefusee.objects.get(numero=4).raison


# --- Twice, in pieces, at once --------------------------------------------------------------------------------------


def test_deux_fois_le_meme_fichier_ne_change_rien(reprendre):
    reprendre([rangee(1), rangee(2)])
    seconde = reprendre([rangee(1, titre="Titre changé"), rangee(2), rangee(3)])
    assert (seconde.reprises, seconde.deja) == (1, 2)
    assert Idee.objects.count() == 3 and not Idee.objects.filter(titre="Titre changé").exists()


def test_l_essai_n_ecrit_rien(fichier, boite, django_assert_max_num_queries):
    tableau = Tableau.ouvrir(fichier(en_csv([rangee(1), rangee(2, titre=""), rangee(1)])))
    with django_assert_max_num_queries(5) as requetes:
        bilan = essayer(tableau, Regles.lire(SIMPLE))
    assert (bilan.lues, bilan.acceptees, bilan.refusees) == (3, 1, 2)
    assert [(d.numero, d.colonne) for d in bilan.defauts] == [(3, "titre"), (4, "id")]
    assert all(requete["sql"].startswith("SELECT") for requete in requetes.captured_queries)
    assert not Idee.objects.exists() and not Importation.objects.exists() and not Entree.objects.exists()


def test_un_lot_est_pris_en_entier_ou_pas_du_tout(fichier, boite, agent, monkeypatch):
    """The third batch fails at its last write: two batches stay, nothing of the third, and the job goes on from there."""
    tableau = Tableau.ouvrir(fichier(en_csv([rangee(n) for n in range(10)])))
    importation = depart.preparer(tableau, Regles.lire(SIMPLE), boite=boite, par=agent, nom="x.csv", lot=3)
    depart.lancer(importation)
    vrai, appels = moteur.LigneRefusee.objects.bulk_create, []

    def tomber(*args, **kwargs):
        appels.append(1)
        if len(appels) == 3:
            raise RuntimeError("panne")
        return vrai(*args, **kwargs)

    monkeypatch.setattr(moteur.LigneRefusee.objects, "bulk_create", tomber)
    with pytest.raises(RuntimeError, match="panne"), transaction.atomic():
        executer(importation, tableau)
    # The outer transaction of this test stands for the death of the process: only what was committed before remains.
    importation = Importation.objects.get(pk=importation.pk)
    assert (importation.reprises, Idee.objects.count()) == (0, 0)
    assert executer(importation, tableau)
    assert (importation.reprises, Idee.objects.count(), verifier()[1]) == (10, 10, None)


def test_elle_reprend_apres_le_dernier_lot_ecrit(fichier, boite, agent):
    tableau = Tableau.ouvrir(fichier(en_csv([rangee(n) for n in range(10)])))
    importation = depart.preparer(tableau, Regles.lire(SIMPLE), boite=boite, par=agent, nom="x.csv", lot=4)
    depart.lancer(importation)
    assert not executer(importation, tableau, pendant=0)
    assert (importation.reprises, importation.curseur) == (4, 5)
    autre = Importation.objects.get(pk=importation.pk)
    assert depart.a_reprendre(tableau, Regles.lire(SIMPLE), boite) == autre
    assert executer(autre, tableau)
    # The first process, which knows nothing of it, finds the job moved and writes nothing twice.
    assert executer(importation, tableau)
    assert (Idee.objects.count(), autre.reprises, importation.reprises) == (10, 10, 10)


def test_personne_d_autre_qu_un_agent(fichier, boite, citoyenne, moderatrice, elue):
    tableau = Tableau.ouvrir(fichier(en_csv([rangee(1)])))
    importation = Importation(boite=boite, source="x", source_nom="X", genre="idees")
    for personne in (citoyenne, moderatrice, elue, AnonymousUser()):
        with pytest.raises(EtapeInterdite):
            depart.preparer(tableau, Regles.lire(SIMPLE), boite=boite, par=personne, nom="x.csv")
        with pytest.raises(EtapeInterdite):
            ecriture.reprendre_idees([], importation=importation, par=personne)
        with pytest.raises(EtapeInterdite):
            ecriture.reprendre_commentaires([], importation=importation, par=personne)


# --- Comments ------------------------------------------------------------------------------------------------------


@pytest.fixture
def discussion(reprendre):
    """One idea; answers come before what they answer, as files happen to be sorted."""

    def faire(lignes):
        reprendre([rangee(1)])
        return reprendre(lignes, FILS, COLONNES_FILS, lot=2)

    return faire


def test_les_fils_sont_reconstruits(discussion, client):
    importation = discussion(
        [
            fil(3, sur="C2", genre="commentaire"),
            fil(2, sur="C1", genre="commentaire"),
            fil(1, avis="1", votes="12"),
            fil(4, avis="-1"),
        ]
    )
    assert (importation.reprises, importation.refusees) == (4, 0)
    par_cle = {p.cle: p.commentaire for p in ProvenanceCommentaire.objects.select_related("commentaire")}
    assert {cle: c.parent_id for cle, c in par_cle.items()} == {
        "C1": None, "C4": None, "C2": par_cle["C1"].pk, "C3": par_cle["C1"].pk,
    }  # fmt: skip
    assert (par_cle["C1"].position, par_cle["C4"].position, par_cle["C1"].accords_repris) == ("pour", "contre", 12)
    assert all(c.auteur is None and c.repris_de == "Ville fictive" for c in par_cle.values())
    page = client.get(Idee.objects.get().get_absolute_url()).content.decode()
    assert "Repris de Ville fictive" in page and "12 personnes sont d’accord" in page and "dont 12 repris" in page


def test_ce_qui_ne_s_accroche_a_rien_est_refuse(discussion):
    importation = discussion(
        [
            fil(1, sur="Z9"),
            fil(2, sur="C1", genre="commentaire"),
            fil(3, sur="C4", genre="commentaire"),
            fil(4, sur="C3", genre="commentaire"),
            fil(5, texte="x" * 3001),
            fil(6, date="2019-03"),
        ]
    )
    assert (importation.reprises, importation.refusees) == (0, 6)
    raisons = dict(LigneRefusee.objects.values_list("numero", "raison"))
    assert "Aucune idée" in raisons[2] and "n’est pas repris" in raisons[3] and "en rond" in raisons[4]
    assert "trop long" in raisons[6] and "au jour près" in raisons[7]


def test_l_essai_des_commentaires_dit_la_meme_chose(reprendre, fichier, boite):
    reprendre([rangee(1)])
    lignes = [fil(2, sur="C1", genre="commentaire"), fil(1), fil(3, sur="Z", genre="commentaire"), fil(4, sur="Z")]
    bilan = essayer(Tableau.ouvrir(fichier(en_csv(lignes, COLONNES_FILS))), Regles.lire(FILS))
    assert (bilan.acceptees, bilan.refusees) == (2, 2)
    assert not Commentaire.objects.exists()


def test_un_commentaire_d_un_autre_site_ne_s_attache_pas_a_l_idee_de_meme_numero(reprendre):
    """Two platforms number their proposals alike: the address decides."""
    ici, ailleurs = "https://ici.example/p/1", "https://ailleurs.example/p/1"
    idees = {**SIMPLE, "champs": {**SIMPLE["champs"], "adresse": {"valeur": ici}}}
    reprendre([rangee(1)], idees)
    fils = {**FILS, "champs": {**FILS["champs"], "adresse_idee": {"colonne": "page"}}}
    lignes = [[*fil(1), ailleurs], [*fil(2), ici.replace("https", "http") + "/"]]
    importation = reprendre(lignes, fils, [*COLONNES_FILS, "page"])
    assert (importation.reprises, importation.refusees) == (1, 1)
    assert "il n’est pas d’ici" in LigneRefusee.objects.get().raison


def test_la_meme_provenance_ne_peut_pas_exister_deux_fois(reprendre):
    reprendre([rangee(1)])
    existante = ProvenanceIdee.objects.get()
    autre = ProvenanceIdee(
        source=existante.source, cle="A1", ligne=9, importation=existante.importation, idee=existante.idee
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        autre.save()
