"""The cards of the search and what is found in them: the same on both databases."""

import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from idees.indexation import ecarts
from idees.models import Fiche, Idee
from idees.recherche import chercher_en_texte, extrait
from territoires.models import Territoire
from tests.fabriques import IdeeFabrique, amener_depuis_publiee, publier_en_masse, publier_reponse
from timeline.etapes import franchir

pytestmark = [pytest.mark.django_db, pytest.mark.deux_bases("chaque base trouve les mots à sa façon")]

TEXTES = [
    ("Plus de pistes cyclables vers Rezé", "Les vélos n’ont pas de place sur le pont, et les enfants ont peur."),
    ("Des bancs à l’ombre", "Sur la place du marché, on ne peut s’asseoir nulle part quand il fait chaud."),
    ("Ouvrir la bibliothèque le dimanche", "Pour lire, étudier, et trouver un endroit calme près des Écoles."),
    ("Réparer son vélo ensemble", "Un atelier, des outils, et des gens qui savent. Vélo, vélo, vélo !"),
    ("Une ligne de bus la nuit", "Rentrer du travail sans voiture après minuit."),
]


@pytest.fixture
def corpus():
    """{rank in TEXTES: idea}, published in bulk then given their cards."""
    return publier_en_masse(TEXTES)


# --- What is found ---------------------------------------------------------------------------------------------------

#: What is typed, and the ranks in TEXTES of what comes out, in this order.
TROUVES = [
    ("vélo", [3, 0]),
    ("VELOS", [3, 0]),
    ("velo pont", [0]),
    ("piste cyclable", [0]),
    ("ciclables", [0]),
    ("bibliotéque dimanche", [2]),
    ("biblio", [2]),
    ("ecole", [2]),
    ("les bancs de la place", [1]),
    ("banc vélo", []),
    ("bus", [4]),
    ("bu", [4]),
    ("fontaine", []),
    ("de la", []),
    ("a* b* c*", []),
    ("' OR 1=1 --", []),
    ("\"vélo\" & 'pont' | ! :* <->", [0]),
    ("'); select pg_sleep(5)--", []),
    ("vélo\x00", [3, 0]),
    ("½ ² ﬁ 🚲 العربية 漢字", []),
    ("{mots} : velo", []),
]


@pytest.mark.parametrize(("cherche", "attendus"), TROUVES)
def test_ce_qu_on_trouve(corpus, cherche, attendus):
    trouvees = chercher_en_texte(Idee.objects.all(), cherche).order_by("-pertinence", "pk")
    assert [corpus.index(idee) for idee in trouvees] == attendus
    assert trouvees.count() == len(attendus)


def test_une_recherche_vide_laisse_tout(corpus):
    assert chercher_en_texte(Idee.objects.all(), "  ").count() == len(TEXTES)


def test_un_mot_du_titre_pese_plus(corpus):
    premiere, seconde = chercher_en_texte(Idee.objects.all(), "vélo").order_by("-pertinence")
    assert premiere.pertinence > seconde.pertinence > 0


def test_la_recherche_se_filtre_se_compte_et_se_page(corpus):
    trouvees = chercher_en_texte(Idee.objects.all(), "vélo").filter(titre__startswith="Réparer").order_by("-publiee_le")
    assert [i.pk for i in trouvees[:1]] == [corpus[3].pk] and trouvees.exists() and trouvees.count() == 1
    en_liste = trouvees.pour_liste(AnonymousUser())
    assert en_liste.get().nb_soutiens == 0


def test_on_ne_trouve_que_ce_qu_il_peut_voir(corpus, citoyenne):
    IdeeFabrique(titre="Un brouillon sur le vélo", etat="brouillon")
    IdeeFabrique(titre="Un vélo en relecture", etat="a_moderer")
    trouvees = chercher_en_texte(Idee.objects.visibles_par(citoyenne), "vélo")
    assert {idee.pk for idee in trouvees} == {corpus[0].pk, corpus[3].pk}


def test_l_extrait_est_sur():
    idee = Idee(titre="x", texte="<script>alert(1)</script> un vélo")
    assert extrait(idee, "velos") == "&lt;script&gt;alert(1)&lt;/script&gt; un <mark>vélo</mark>"


@pytest.mark.parametrize("motif", ["a* b* c* ", "vélo ", "(", "x", "'", "mot9 "])
def test_dix_kilo_octets_de_recherche_ne_genent_personne(corpus, motif):
    cherche = motif * (10_000 // len(motif))
    debut = time.perf_counter()
    list(chercher_en_texte(Idee.objects.all(), cherche).order_by("-pertinence"))
    assert time.perf_counter() - debut < 1


def test_autant_de_requetes_pour_une_et_pour_cinquante(corpus):
    def requetes():
        with CaptureQueriesContext(connection) as faites:
            list(chercher_en_texte(Idee.objects.all(), "vélo").order_by("-pertinence"))
        return len(faites)

    avant = requetes()
    publier_en_masse([(f"Le vélo numéro {n}", "Rouler partout.") for n in range(50)])
    assert requetes() == avant


# --- The cards are true ----------------------------------------------------------------------------------------------

FICHEES = [
    ("brouillon", False),
    ("a_moderer", False),
    ("publiee", True),
    ("en_etude", True),
    ("retenue", True),
    ("non_retenue", True),
    ("en_realisation", True),
    ("realisee", True),
    ("retiree", False),
    ("refusee", False),
    ("fusionnee", False),
]


@pytest.mark.parametrize(("etat", "fichee"), FICHEES)
def test_une_idee_a_sa_fiche_tant_que_tout_le_monde_peut_la_lire(etat, fichee):
    idee = IdeeFabrique(etat=etat)
    assert Fiche.objects.filter(idee=idee).exists() == fichee
    assert list(ecarts()) == []


def test_chaque_etat_est_dans_la_table():
    assert {etat for etat, _fichee in FICHEES} == set(Idee.Etat.values) - {"soumise"}
    assert {etat for etat, fichee in FICHEES if fichee} == set(Fiche.ETATS)


def test_la_fiche_suit_les_mots_dans_la_meme_transaction():
    idee = IdeeFabrique(titre="Un kiosque à musique", etat="publiee")
    idee.titre = "Une fontaine à boire"
    with transaction.atomic():
        idee.save()
        assert trouvees("fontaine") == [idee]
        transaction.set_rollback(True)
    assert trouvees("kiosque") == [idee] and trouvees("fontaine") == []
    idee.save()
    assert trouvees("kiosque") == [] and trouvees("fontaine") == [idee]
    assert list(ecarts()) == []


def trouvees(cherche):
    return list(chercher_en_texte(Idee.objects.all(), cherche))


def test_un_enregistrement_qui_ne_touche_pas_aux_mots_ne_touche_pas_a_la_fiche():
    idee = IdeeFabrique(etat="publiee")
    with CaptureQueriesContext(connection) as requetes:
        idee.save(update_fields=["poids"])
    assert not [r for r in requetes if "idees_fiche" in r["sql"]]


def test_une_idee_qui_se_retire_ne_se_trouve_plus():
    idee = IdeeFabrique(titre="Un kiosque à musique", etat="publiee")
    franchir(idee.retirer, par=idee.auteur, motif="J’ai changé d’avis.")
    assert trouvees("kiosque") == [] and list(ecarts()) == []


def test_la_reponse_publiee_entre_dans_la_fiche(agent, elue):
    idee = IdeeFabrique(titre="Un kiosque à musique", etat="en_etude")
    assert idee.fiche.tetes_reponse == ""
    publier_reponse(idee, sens="no_go", agent=agent, elue=elue, texte="La pelouse est protégée.")
    assert "pelou" in Fiche.objects.get(idee=idee).tetes_reponse.split()
    assert list(ecarts()) == []


def test_ce_qui_s_ecrit_en_masse_se_verifie_puis_se_refait(capsys):
    idee, autre = IdeeFabrique(etat="publiee"), IdeeFabrique(etat="publiee")
    Idee.objects.filter(pk=idee.pk).update(titre="Écrit sans passer par la porte")
    autre.fiche.delete()
    brouillon = IdeeFabrique()
    Fiche.objects.create(idee=brouillon, **Fiche.mots_de("Un brouillon", "caché"))
    assert dict(ecarts()) == {
        idee.pk: "fiche périmée : titre, mots_titre, mots, tetes",
        autre.pk: "fiche absente",
        brouillon.pk: "fiche d’une idée qui n’est pas publique",
    }
    with pytest.raises(CommandError, match="3 fiches à refaire") as erreur:
        call_command("reindexer", "--verifier")
    assert erreur.value.returncode == 1 and f"Idée n° {autre.pk}" in capsys.readouterr().err
    call_command("reindexer")
    call_command("reindexer", "--verifier")
    assert "2 fiches écrites" in (sortie := capsys.readouterr().out) and "vraies" in sortie
    assert trouvees("porte") == [Idee.objects.get(pk=idee.pk)]


def test_une_idee_supprimee_emporte_sa_fiche():
    [idee] = publier_en_masse([("Un kiosque à musique", "Pour danser.")])
    idee.delete()
    assert not Fiche.objects.exists() and trouvees("kiosque") == []


def test_l_etat_avance_sans_refaire_deux_fiches():
    idee = IdeeFabrique(etat="publiee")
    amener_depuis_publiee(idee, "realisee")
    assert Fiche.objects.filter(idee=idee).count() == 1 and list(ecarts()) == []


# --- Places and numbers ------------------------------------------------------------------------------------------------


def test_le_nom_d_un_lieu_et_un_numero_se_cherchent():
    commune = Territoire.objects.create(nom="Rivebelle", slug="rivebelle", code="R1", genre="commune")
    quartier = Territoire.objects.create(
        nom="Les Tanneries", slug="tanneries", code="R2", genre="quartier", parent=commune
    )
    la, dedans = (
        IdeeFabrique(titre="Planter des arbres", texte="De l’ombre partout en ville.", territoire=lieu, etat="publiee")
        for lieu in (commune, quartier)
    )
    ailleurs = IdeeFabrique(titre="Planter des arbres", texte="De l’ombre partout en ville.", etat="publiee")
    dite = IdeeFabrique(titre="Planter des arbres", texte="Comme on le fait à Rivebelle.", etat="publiee")
    autre = IdeeFabrique(
        titre="Une fontaine", texte="De l’eau fraîche pour tout le monde.", territoire=commune, etat="publiee"
    )

    def trouvees(texte):
        return set(chercher_en_texte(Idee.objects.all(), texte))

    assert trouvees("arbres à Rivebelle") == {la, dedans, dite}
    assert trouvees("arbres aux Tanneries") == {dedans}
    assert trouvees("rivebelle") == {la, dedans, dite, autre}
    for texte in (f"n° {ailleurs.pk}", f"N°{ailleurs.pk}", f"idée n° {ailleurs.pk}"):
        assert trouvees(texte) == {ailleurs}
    assert trouvees("n° " + "9" * 18) == set()
