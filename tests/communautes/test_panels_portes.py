"""Every address of a panel × everybody, before and after it is announced: who reads, who is refused, who finds nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from communautes.models import Adhesion, Candidate, CompteRendu, Siege, Tirage
from communautes.panels import contenus
from communautes.urls_panels import urlpatterns
from tests.communautes.fabriques_panels import agent, fonder_un_panel, lettres_de, membre_tiree, preparer, tirage_en
from tests.fabriques import PersonneFabrique
from tests.requetes import requetes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]

ROLES = ("visiteur", "citoyenne", "tiree", "membre", "exclue", "animatrice", "referente", "agent", "moderatrice")
LOGIN = 302

#: name -> what each of ROLES reads of a panel that is drawn. « L » leads to the sign-in page.
TIRE = {
    "panel": "200 200 200 200 200 200 200 200 200",
    "tirage": "200 200 200 200 200 200 200 200 200",
    "fichier_tirage": "200 200 200 200 200 200 200 200 200",
    "place": "200 200 200 200 200 200 200 200 200",
    "ma_place": "302 302 200 302 302 302 302 302 302",
    "refuser_place": "302 302 200 302 302 302 302 302 302",
    "compte_rendu": "404 404 404 200 404 200 200 404 404",
    "nouveau_compte_rendu": "L 403 403 403 403 200 200 403 403",
    "corriger_compte_rendu": "L 403 403 403 403 200 200 403 403",
    "publier_avis": "L 403 403 403 403 200 200 403 403",
    "fichier_avis": "404 404 404 404 404 404 404 404 404",
    "lier_synthese": "L 403 403 403 403 200 200 403 403",
    "delier_synthese": "L 405 405 405 405 405 405 405 405",
    "bureau_panels": "L 403 403 403 403 403 200 200 403",
    "nouveau_panel": "L 403 403 403 403 403 403 200 403",
    "bureau_panel": "L 403 403 403 403 403 200 200 403",
    "rediger_mandat": "L 403 403 403 403 403 200 200 403",
    "publier_mandat": "L 403 403 403 403 403 409 409 403",
    "sieges": "L 403 403 403 403 403 200 200 403",
    "lettres": "L 405 405 405 405 405 405 405 405",
    "remplacer": "L 405 405 405 405 405 405 405 405",
    "repondre_au_panel": "L 403 403 403 403 403 409 409 403",
    "commencer_tirage": "L 405 405 405 405 405 405 405 405",
    "preparer_tirage": "L 403 403 403 403 403 200 200 403",
    "recevoir_vivier": "L 403 403 403 403 403 409 409 403",
    "colonnes_vivier": "L 403 403 403 403 403 302 302 403",
    "quotas_tirage": "L 403 403 403 403 403 409 409 403",
    "calculer": "L 405 405 405 405 405 405 405 405",
    "calcul": "L 403 403 403 403 403 200 200 403",
    "arreter_calcul": "L 405 405 405 405 405 405 405 405",
}
#: The same of a panel whose mandate nobody has published: it is not there, except for the team.
PREPARE = ("panel", "place", "tirage", "fichier_tirage", "bureau_panel", "preparer_tirage", "sieges", "quotas_tirage")
DU_BUREAU = {"bureau_panel", "preparer_tirage", "sieges", "quotas_tirage"}
#: POST -> who is refused: nobody but those who conduct.
GESTES = (
    "lettres", "remplacer", "commencer_tirage", "calculer", "arreter_calcul", "rediger_mandat", "recevoir_vivier",
    "quotas_tirage", "repondre_au_panel",
)  # fmt: skip


def chemin(nom, panel) -> str:
    dits = {"slug": panel.communaute.slug, "numero": 1, "nom": "vivier.csv"}
    compte_rendu = CompteRendu.objects.filter(communaute=panel.communaute).first()
    lien = panel.syntheses.first()
    dits["pk"] = lien.pk if nom == "delier_synthese" and lien else compte_rendu.pk if compte_rendu else 0
    motif = next(m for m in urlpatterns if m.name == nom)
    return reverse(f"communautes:{nom}", kwargs={c: dits[c] for c in motif.pattern.converters})


@pytest.fixture
def panel():
    panel = tirage_en("tire").panel
    contenus.ecrire_un_compte_rendu(
        panel, par=panel.cree_par, titre="Séance", seance_le=timezone.localdate(), texte="Bien."
    )
    contenus.lier_une_synthese(panel, par=panel.cree_par, titre="Synthèse", adresse="/idees/")
    return panel


@pytest.fixture
def gens(panel):
    exclue, animatrice = PersonneFabrique(), PersonneFabrique()
    Adhesion.objects.create(communaute=panel.communaute, personne=exclue, etat="exclue", motif="Insultes.")
    Adhesion.objects.create(communaute=panel.communaute, personne=animatrice, etat="acceptee", role="animatrice")
    membre = membre_tiree(panel)
    referente = panel.cree_par
    referente.roles_globaux.all().delete()
    return {
        "visiteur": None,
        "citoyenne": PersonneFabrique(),
        "tiree": PersonneFabrique(),
        "membre": membre,
        "exclue": exclue,
        "animatrice": animatrice,
        "referente": referente,
        "agent": agent(),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
    }


def se_connecter(client, gens, role, panel) -> None:
    client.logout()
    if gens[role]:
        client.force_login(gens[role])
    if role == "tiree":
        siege = Siege.objects.du_panel(panel).filter(etat="contactee").first()
        session = client.session
        session["places_ouvertes"] = {str(siege.pk): siege.cle}
        session.save()


def lu(reponse) -> str:
    if reponse.status_code == LOGIN and "/comptes/login/" in reponse["Location"]:
        return "L"
    return str(reponse.status_code)


def test_la_table_est_complete():
    assert set(TIRE) == {motif.name for motif in urlpatterns}


def test_chaque_adresse_et_chacun(client, panel, gens, refus_en_bref):
    for role in ROLES:
        se_connecter(client, gens, role, panel)
        obtenu = {nom: lu(client.get(chemin(nom, panel))) for nom in TIRE}
        rang = ROLES.index(role)
        assert (role, obtenu) == (role, {nom: ligne.split()[rang] for nom, ligne in TIRE.items()})


def test_les_gestes_sont_refuses_a_qui_ne_conduit_pas(client, panel, gens, refus_en_bref):
    avant = (Siege.objects.filter(etat="contactee").count(), Tirage.objects.count(), panel.mandats.count())
    for role in ROLES[:6] + ROLES[8:]:
        se_connecter(client, gens, role, panel)
        obtenu = {nom: lu(client.post(chemin(nom, panel))) for nom in GESTES}
        assert (role, obtenu) == (role, dict.fromkeys(GESTES, "L" if role == "visiteur" else "403"))
    assert (Siege.objects.filter(etat="contactee").count(), Tirage.objects.count(), panel.mandats.count()) == avant


def test_un_panel_en_preparation_n_existe_que_pour_l_equipe(client):
    panel = preparer(fonder_un_panel(publie=False)).panel
    moderatrice = PersonneFabrique(roles=["moderatrice"])
    for role, personne in (("citoyenne", PersonneFabrique()), ("moderatrice", moderatrice), ("visiteur", None)):
        client.logout()
        if personne:
            client.force_login(personne)
        obtenu = {nom: lu(client.get(chemin(nom, panel))) for nom in PREPARE}
        attendu = {nom: "L" if role == "visiteur" and nom in DU_BUREAU else "404" for nom in PREPARE}
        assert (role, obtenu) == (role, attendu)
    client.force_login(agent())
    obtenu = {nom: lu(client.get(chemin(nom, panel))) for nom in PREPARE}
    assert obtenu == {**dict.fromkeys(PREPARE, "200"), "tirage": "404", "fichier_tirage": "404"}


@pytest.mark.parametrize("etat", ["preparation", "calcule"])
def test_un_tirage_se_lit_une_fois_annonce(client, etat):
    tirage = tirage_en(etat)
    for personne in (None, PersonneFabrique(), tirage.panel.cree_par):
        client.logout()
        if personne:
            client.force_login(personne)
        assert client.get(chemin("tirage", tirage.panel)).status_code == 404
        assert client.get(chemin("fichier_tirage", tirage.panel)).status_code == 404
        etapes = client.get(f"/etapes/communautes.tirage/{tirage.pk}/abandonner/").status_code
        assert etapes == (200 if personne == tirage.panel.cree_par else 404)


def test_une_communaute_qui_n_est_pas_un_panel_n_a_ni_mandat_ni_tirage(client):
    from tests.communautes.fabriques import ouvrir

    communaute = ouvrir()
    assert client.get(f"/communautes/{communaute.slug}/panel/").status_code == 404
    assert "Mandat et tirage" not in client.get(communaute.get_absolute_url()).content.decode()


def test_rien_du_vivier_ne_fuit(client, panel):
    """Neither in the API, nor in the technical administration, nor in the archive of anybody, nor on the pages of the desk."""
    from django.contrib import admin

    from communautes import models

    for modele in (models.Coordonnees, models.FichierRecu, models.Candidate, models.Siege):
        assert not admin.site.is_registered(modele)
    client.force_login(panel.cree_par)
    lettres_de(panel)
    for nom in ("bureau_panel", "preparer_tirage", "sieges", "tirage", "calcul"):
        page = client.get(chemin(nom, panel)).content.decode()
        assert "Nom Fictif" not in page and "rue Inventée" not in page, nom
    schema = client.get("/api/v1/schema/").content.decode()
    assert not {"candidates", "coordonnees", "sieges"} & set(schema.lower().split("/"))


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre(client):
    mesures, panel = {}, tirage_en("tire").panel
    client.force_login(panel.cree_par)
    for nombre in (1, 49):
        for rang in range(nombre):
            contenus.ecrire_un_compte_rendu(
                panel, par=panel.cree_par, titre=f"S{rang}", seance_le=timezone.localdate(), texte="Bien."
            )
            contenus.lier_une_synthese(panel, par=panel.cree_par, titre=f"L{rang}", adresse=f"/idees/?{nombre}-{rang}")
            fonder_un_panel(publie=False, par=agent())
        for nom in ("panel", "tirage", "sieges", "bureau_panel", "bureau_panels"):
            mesures.setdefault(nom, []).append(requetes(client, chemin(nom, panel)))
    for nom in ("panel", "bureau_panels"):
        mesures[nom].append(requetes(client, f"{chemin(nom, panel)}?page=2"))
    assert {nom: couts for nom, couts in mesures.items() if len(set(couts)) > 1} == {}
    assert Candidate.objects.exists()
