"""What follows an answer, and the stories: the same as on the pages, and nothing that they do not show."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from moderation.actions import masquer
from projets import recits
from projets.models import Recit
from reponses import mediation
from reponses.actions import accomplir_jalon, annoncer_un_retard, donner_des_nouvelles, planifier_jalon
from reponses.chiffres import compter
from reponses.comptes_rendus import Fait
from reponses.models import Jalon
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    publier_reponse,
)
from tests.reponses.conftest import dans
from tests.requetes import requetes
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
CANARI = "canari-non-public"


def lire(client, chemin) -> dict:
    cache.clear()
    reponse = client.get(f"/api/v1/{chemin}")
    assert reponse.status_code == 200, reponse.content
    return reponse.json()


@pytest.fixture
def idee(citoyenne):
    return IdeeFabrique(titre="Des bancs", auteur=citoyenne, etat="en_etude")


@pytest.fixture
def soutiens(idee):
    return [SoutienFabrique(idee=idee).personne for _ in range(6)]


@pytest.fixture
def reponse(idee, soutiens, agent, elue):
    return publier_reponse(idee, agent=agent, elue=elue, cout_estime=9000)


# --- « Réponse utile ? » and the second look -----------------------------------------------------------------------


def test_mon_avis_se_donne_se_change_et_se_retire(api, reponse, citoyenne):
    client, adresse = api(citoyenne), f"reponses/{reponse.pk}/utilite/"
    assert lire(client, adresse) == {
        "nombre": None, "minimum": 5, "niveau": 50, "peut_apprecier": True, "mon_avis": None,
    }  # fmt: skip
    for avis in ("pas_claire", "utile"):
        dit = client.put(f"/api/v1/{adresse}", {"avis": avis, "mot": " Bien. "}, content_type="application/json").json()
        assert (dit["mon_avis"]["avis"], dit["mon_avis"]["mot"]) == (avis, "Bien.")
    assert reponse.appreciations.count() == 1
    for _fois in range(2):
        assert client.delete(f"/api/v1/{adresse}").json()["mon_avis"] is None
    assert reponse.appreciations.count() == 0


def test_un_nombre_et_jamais_qui(api, reponse, soutiens, voisin):
    for rang, personne in enumerate(soutiens):
        assert lire(api(voisin), f"reponses/{reponse.pk}/utilite/")["nombre"] == (
            {"utile": 2, "total": 5} if rang == 5 else None
        )
        mediation.apprecier(reponse, par=personne, avis="utile" if rang < 2 else "pas_utile", mot=CANARI)
    for personne in (None, voisin, soutiens[0]):
        dit = lire(api(personne), f"reponses/{reponse.pk}/utilite/")
        assert dit["nombre"] == {"utile": 2, "total": 6}
        assert (CANARI in str(dit)) is (personne == soutiens[0])  # her own words, to herself


def test_la_seconde_lecture_dit_sa_conclusion_et_pas_les_mots(api, reponse, soutiens, citoyenne, moderatrice):
    mediatrice = PersonneFabrique(pseudonyme="Canari Médiatrice", roles=["mediatrice"])
    lecture = mediation.demander(reponse, par=citoyenne, raison=CANARI)
    for personne in soutiens:
        mediation.apprecier(reponse, par=personne, avis="utile")
    franchir(lecture.prendre, par=mediatrice)
    (avant,) = lire(api(moderatrice), f"reponses/{reponse.pk}/secondes-lectures/")["results"]
    assert (avant["etat"], avant["conclusion"], avant["utilite_lue"], avant["due_le"]) == ("en_lecture", "", None, None)
    franchir(lecture.faire_preciser, par=mediatrice, conclusion="Dites quand.")
    brut = api().get(f"/api/v1/reponses/{reponse.pk}/secondes-lectures/").content.decode()
    (dite,) = lire(api(), f"reponses/{reponse.pk}/secondes-lectures/")["results"]
    assert (dite["etat"], dite["conclusion"], dite["origine"]) == ("a_preciser", "Dites quand.", "autrice")
    assert dite["utilite_lue"] == {"utile": 6, "total": 6} and dite["due_le"] == lecture.due_le.isoformat()
    assert CANARI not in brut and "Canari" not in brut and citoyenne.pseudonyme not in brut


# --- Realisation ---------------------------------------------------------------------------------------------------


def test_la_realisation_est_celle_de_la_page(api, reponse, agent):
    premier = reponse.jalons.get()
    autre = planifier_jalon(reponse, par=agent, titre="Poser les bancs", prevu_le=dans(20))
    accomplir_jalon(premier, par=agent, fait=Fait(texte="C’est choisi.", depense=1200))
    annoncer_un_retard(autre, par=agent, titre="La pluie", texte="Il pleut.", attendue_le=dans(30))
    donner_des_nouvelles(reponse, par=agent, titre="On avance", texte="Le sol est prêt.")
    lue = lire(api(), f"reponses/{reponse.pk}/realisation/")
    nombres = ("promises", "faites", "annulees", "cout_estime", "depense", "sans_depense")
    assert {nom: lue[nom] for nom in nombres} == dict(zip(nombres, (2, 1, 0, 9000, 1200, 0), strict=True))
    faite, attendue = lue["jalons"] if lue["jalons"][0]["fait_le"] else lue["jalons"][::-1]
    assert [r["texte"] for r in faite["comptes_rendus"]] == ["C’est choisi."] and faite["depense"] == 1200
    assert attendue["attendue_le"] == dans(30).isoformat() and attendue["prevu_le"] == dans(20).isoformat()
    assert [(n["titre"], n["genre"], n["jalon"]) for n in lue["nouvelles"]] == [
        ("On avance", "nouvelle", None), ("La pluie", "difficulte", autre.pk),
    ]  # fmt: skip


def test_un_non_ne_promet_rien(api):
    non = publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go")
    lue = lire(api(), f"reponses/{non.pk}/realisation/")
    assert (lue["promises"], lue["jalons"], lue["nouvelles"], lue["depense"]) == (0, [], [], None)


def test_la_realisation_coute_autant_avec_cinquante_etapes(api, reponse, agent):
    adresse = f"/api/v1/reponses/{reponse.pk}/realisation/"
    accomplir_jalon(reponse.jalons.get(), par=agent, fait=Fait(texte="Fait."))
    avant = requetes(api(), adresse)
    for rang in range(49):
        jalon = planifier_jalon(reponse, par=agent, titre=f"Étape {rang}", prevu_le=dans(rang))
        accomplir_jalon(jalon, par=agent, fait=Fait(texte="Fait."))
        donner_des_nouvelles(reponse, par=agent, titre="Nouvelle", texte="On avance.")
    assert Jalon.objects.count() == 50 and requetes(api(), adresse) == avant


# --- Figures -------------------------------------------------------------------------------------------------------


def test_les_chiffres_sont_ceux_de_la_page(api, reponse, agent, elue):
    publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go", agent=agent, elue=elue)
    IdeeFabrique(etat="en_etude")
    chiffres, lus = compter(), lire(api(), "reponses/chiffres/")
    for nom in ("a_temps", "apres", "attendues", "en_retard", "pour_cent_a_temps", "mediane", "neuf_sur_dix"):
        assert lus["ensemble"][nom] == getattr(chiffres.ensemble, nom)
    assert [s["service"] for s in lus["services"]] == [d.service for d in chiffres.services]
    assert {d["code"]: d["nombre"] for d in lus["decisions"]} == {"go": 1, "go_conditions": 0, "no_go": 1}
    (mois,) = lus["mois"]
    assert mois["publie"] is None and mois["recompte"]["total"] == 2 and mois["ecarts"] == mois["causes"] == []


def test_les_filtres_de_la_page_servent_aussi_ici(api, reponse):
    service = reponse.cible.echeances.get().service_id
    mois = f"{timezone.localdate():%Y-%m}"
    trouvees = {f"service={service}": 1, "service=0": 0, "genre=premieres": 1, "genre=corrections": 0}
    trouvees |= {f"mois={mois}": 1, "mois=1999-01": 0, "mois=x": 0}
    for filtre, nombre in trouvees.items():
        assert lire(api(), f"reponses/?{filtre}")["count"] == nombre, filtre


# --- Stories -------------------------------------------------------------------------------------------------------


@pytest.fixture
def projet(agent):
    return ProjetFabrique(slug="la-place", titre="La place", referente=agent, ouvert=True)


def raconter(projet, par, *, textes=1) -> Recit:
    recit = recits.ouvrir(projet, par=par)

    def tour():
        return Recit.objects.get(pk=recit.pk).tour

    for rang in range(textes):
        recits.ecrire(recit, par=par, vu=tour(), texte=f"Passage {rang}.")
    citables = Entree.objects.filter(projet=projet, est_publique=True).exclude(cible_type__model="recit")
    recits.citer(recit, par=par, vu=tour(), entrees=list(citables))
    recit.refresh_from_db()
    franchir(recit.publier, par=par)
    return recit


def test_un_recit_publie_avec_ses_citations(api, projet, agent):
    recit = raconter(projet, agent)
    brouillon = recits.ouvrir(projet, par=agent)
    assert [r["numero"] for r in lire(api(agent), "projets/la-place/recits/")["results"]] == [1]
    assert api(agent).get(f"/api/v1/projets/la-place/recits/{brouillon.numero}/").status_code == 404
    lu = lire(api(), "projets/la-place/recits/1/")
    assert (lu["titre"], lu["etat"], lu["empreinte"]) == (recit.titre, "publie", recit.empreinte())
    texte, *citations = lu["passages"]
    assert (texte["genre"], texte["texte"], texte["entree"]) == ("texte", "Passage 0.", None)
    assert citations and all(c["entree"]["empreinte"] and c["entree"]["phrase"] for c in citations)
    assert lu["appuyes"] == 1


def test_un_recit_retire_ne_se_lit_plus(api, projet, agent):
    recit = raconter(projet, agent)
    franchir(recit.retirer, par=agent, motif="Une erreur de date.")
    lu = lire(api(agent), "projets/la-place/recits/1/")
    assert (lu["etat"], lu["motif_retrait"], lu["passages"], lu["chapo"]) == ("retire", "Une erreur de date.", [], "")


def test_ce_que_la_moderation_a_masque_garde_sa_place_sans_ses_mots(api, agent, elue, moderatrice, projet):
    idee = IdeeFabrique(
        titre=f"Titre {CANARI}", boite=BoiteFabrique(etape=EtapeFabrique(projet=projet)), etat="en_etude"
    )
    publier_reponse(idee, agent=agent, elue=elue)
    raconter(projet, agent)
    assert CANARI in str(lire(api(), "projets/la-place/recits/1/"))
    masquer(idee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    lu = lire(api(), "projets/la-place/recits/1/")
    assert CANARI not in str(lu)
    assert any(p["est_masque"] and p["entree"] is None and p["texte"] == "" for p in lu["passages"])


def test_un_long_recit_coute_autant_qu_un_court(api, projet, agent):
    raconter(projet, agent)
    raconter(projet, agent, textes=50)
    court, long = (requetes(api(), f"/api/v1/projets/la-place/recits/{numero}/") for numero in (1, 2))
    assert court == long
