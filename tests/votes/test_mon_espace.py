"""« Mon espace »: my votes and what became of them; my archive; where votes are met on the site."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from portail.mes_donnees import archiver
from portail.tic import PARTIES
from projets.actions_ouvertes import actions_de
from socle.devenir import raconter
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique
from tests.requetes import copier, requetes
from tests.votes.fabriques import scrutin, voter_pour
from tests.votes.parcours_http import avec_territoires, de_forme, pendant
from tests.votes.test_pages import en
from timeline.models import Entree
from votes.models import Bulletin, Emargement, Scrutin

pytestmark = pytest.mark.django_db


def lire(client, adresse, **demande) -> str:
    reponse = client.get(adresse, demande)
    assert reponse.status_code == 200
    return (b"".join(reponse.streaming_content) if reponse.streaming else reponse.content).decode()


# --- My votes ----------------------------------------------------------------------------------------------------------


def test_mes_votes_et_pas_ceux_des_autres(client, citoyenne, voisin):
    mien, autre = en("ouvert", titre="Le mien"), en("ouvert", titre="Celui du voisin")
    voter_pour(mien, "p1", personne=citoyenne)
    voter_pour(autre, "p1", personne=voisin)
    client.force_login(citoyenne)
    page = lire(client, reverse("portail:mes_votes"))
    assert "Le mien" in page and "Celui du voisin" not in page
    assert reverse("votes:mon_vote", args=[mien.slug]) in page and "Le vote est ouvert jusqu’au" in page
    assert "Bancs de la place" not in page, "what was voted is one more click away from whoever looks over a shoulder"


def test_rien_encore(client, citoyenne):
    client.force_login(citoyenne)
    assert "Vous n’avez pas encore voté" in lire(client, reverse("portail:mes_votes"))


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("brouillon", "En préparation"),
        ("annonce", "s’ouvre le"),
        ("ouvert", "ouvert jusqu’au"),
        ("clos", "les bulletins vont être comptés"),
        ("depouille", "les résultats vont être proclamés"),
        ("proclame", "Résultats proclamés le"),
        ("annule", "La liste avait une erreur."),
    ],
)
def test_ce_qu_il_est_devenu(etat, phrase, django_assert_num_queries):
    fait = Scrutin.objects.get(pk=en(etat).pk)
    with django_assert_num_queries(0):
        raconter([fait])
    assert phrase in fait.devenir.phrase and fait.devenir.url == fait.get_absolute_url()


def voter_encore(premier):
    """As she did in this one, in forty-nine others."""
    autres = copier(premier, 49, slug=lambda n: f"copie-{n}")
    registre = copier(premier.emargements.get(), 49, scrutin_id=lambda n: autres[n].pk)
    copier(premier.bulletins.get(), 49, scrutin_id=lambda n: autres[n].pk, emargement_id=lambda n: registre[n].pk)


def test_la_page_coute_toujours_autant(client, citoyenne):
    client.force_login(citoyenne)
    adresse, premier = reverse("portail:mes_votes"), en("ouvert")
    voter_pour(premier, "p1", personne=citoyenne)
    un = requetes(client, adresse)
    voter_encore(premier)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [un, un]
    assert client.get(adresse).context["page"].paginator.count == 50
    assert un <= 9


# --- The archive ---------------------------------------------------------------------------------------------------------


def test_l_archive_dit_ce_que_j_ai_vote_en_mots(citoyenne, voisin):
    points = de_forme("points")
    ville = avec_territoires()
    voter_pour(points, notes={"p1": 6, "p3": 4}, personne=citoyenne)
    voter_pour(ville, notes={}, personne=citoyenne)
    voter_pour(ville, "e2-1", personne=citoyenne, enveloppe=ville.enveloppes.get(nom="Le Port"))
    voter_pour(ville, "p2", personne=voisin)
    with archiver(citoyenne) as fichier:
        lue = zipfile.ZipFile(io.BytesIO(fichier.read()))
    donnees = json.loads(lue.read("donnees.json"))
    assert len(donnees["votes"]) == 3
    assert [(b["vote"], b["enveloppe"], b["proposition"], b["valeur"]) for b in donnees["votes_bulletins"]] == [
        (points.titre, "Toute la ville", "Bancs de la place", "6 points"),
        (points.titre, "Toute la ville", "Arbres de la rue", "4 points"),
        (ville.titre, "Toute la ville", "vote blanc", ""),
        (ville.titre, "Le Port", "Le Port, proposition 1", "10\u00a0000\u00a0€"),
    ]
    assert "Fontaine" not in lue.read("donnees.json").decode()


def test_l_archive_coute_toujours_autant(citoyenne):
    def cout() -> int:
        from votes.archive import bulletins_en_mots

        with CaptureQueriesContext(connection) as captees:
            list(bulletins_en_mots(citoyenne))
        return len(captees)

    premier = en("ouvert")
    voter_pour(premier, "p1", personne=citoyenne)
    un = cout()
    voter_encore(premier)
    assert cout() == un


# --- Where people pass -----------------------------------------------------------------------------------------------------


@pytest.fixture
def etape():
    maintenant = timezone.now()
    return EtapeFabrique(
        projet=ProjetFabrique(ouvert=True, titre="Le projet des rues"),
        ouvre=["voter"],
        ouvre_le=maintenant - timedelta(days=30),
        ferme_le=maintenant + timedelta(days=60),
    )


@pytest.fixture
def tous(etape):
    return {
        etat: en(etat, etape=etape, titre=f"Vote {etat}")
        for etat in ("brouillon", "annonce", "ouvert", "clos", "annule")
    }


def lus_dans(texte) -> set[str]:
    return {etat for etat in ("brouillon", "annonce", "ouvert", "clos", "annule") if f"Vote {etat}" in texte}


def test_le_menu_l_accueil_et_le_plan(client, tous):
    assert f'href="{reverse("votes:liste")}"' in lire(client, "/charte/")
    with pendant(tous["ouvert"]):
        accueil = lire(client, "/")
    section = accueil.partition('id="titre-votes"')[2].partition("</section>")[0]
    assert "En ce moment : un vote" in section and lus_dans(section) == {"ouvert"}
    plan = lire(client, reverse("portail:plan_pages"))
    assert f"{tous['ouvert'].get_absolute_url()}<" in plan and f"{reverse('votes:liste')}<" in plan
    assert f"{tous['ouvert'].get_absolute_url()}propositions/p1/<" in plan
    assert tous["brouillon"].get_absolute_url() not in plan
    assert reverse("votes:liste") in lire(client, reverse("portail:plan_du_site"))


def test_la_page_du_projet(client, tous, etape):
    with pendant(tous["ouvert"]):
        page = lire(client, etape.projet.get_absolute_url())
        boutons = actions_de([etape], None)[etape.pk]
    section = page.partition('id="titre-votes"')[2].partition("</section>")[0]
    assert lus_dans(section) == {"annonce", "ouvert", "clos", "annule"}
    assert section.index("Vote ouvert") < section.index("Vote annonce") < section.index("Vote clos")
    # By the clock of that day the announced one has opened too.
    assert (f"Voter : {tous['ouvert'].titre}", reverse("votes:voter", args=[tous["ouvert"].slug])) in boutons
    assert {libelle for libelle, _url in boutons} == {"Voter : Vote ouvert", "Voter : Vote annonce"}


def test_la_page_du_projet_coute_toujours_autant(client, etape):
    page, premier = etape.projet.get_absolute_url(), en("annonce", etape=etape)
    un = requetes(client, page)
    copier(premier, 49, slug=lambda n: f"copie-{n}")
    assert requetes(client, page) == un <= 31


def test_les_agendas(client, tous, etape):
    def noms(texte) -> set[str]:
        return {str(e["summary"]) for e in Calendar.from_ical(texte).walk("VEVENT")}

    du_projet = noms(lire(client, reverse("projets:calendrier", args=[etape.projet.slug])))
    assert {"Vote : Vote annonce", "Vote : Vote ouvert", "Vote : Vote clos"} < du_projet
    assert not {"Vote : Vote brouillon", "Vote : Vote annule"} & du_projet
    assert "Vote : Vote ouvert" in noms(lire(client, reverse("projets:calendrier_general")))


@pytest.mark.parametrize(
    ("etat", "phrases"),
    [
        ("proclame", ["est annoncé : ses règles", "Empreinte du règlement", "s’ouvre : vous pouvez voter", "se termine.",
                      "Personne n’a voté.", "sont comptés", "sont proclamés"]),
        ("annule", ["est annulé.", "Raison : La liste avait une erreur."]),
    ],
)  # fmt: skip
def test_la_chronologie_raconte(client, etat, phrases):
    fait = en(etat)
    page = lire(client, reverse("timeline:chronologie"), genre="votes")
    for phrase in phrases:
        assert phrase in page, phrase
    assert Entree.objects.filter(type__startswith="votes.", est_publique=True).count() >= 3 and fait.titre in page


def test_une_proposition_retiree_se_lit_dans_la_chronologie(client):
    from timeline.journal import consigner

    fait = en("annonce")
    option = fait.options.get(cle="p2")
    consigner("votes.option.retirer", cible=option, projet=fait.projet, par=PersonneFabrique(roles=["agent"]),
              donnees={"motif": "Le terrain est vendu."})  # fmt: skip
    page = lire(client, reverse("timeline:chronologie"), genre="votes")
    assert "est retirée du vote" in page and "Le terrain est vendu." in page and option.titre in page


def test_le_tic_ouvre_ferme_et_rappelle():
    assert {"votes", "rappels_des_votes"} <= set(PARTIES)
    annonce = en("annonce")
    with pendant(annonce):
        assert PARTIES["votes"]()["ouverts"] == 1
    assert Scrutin.objects.get(pk=annonce.pk).etat == "ouvert"


def test_un_bulletin_de_fichier_n_est_a_personne(client, citoyenne):
    repris = scrutin("brouillon", regle="approbation", origine="fichier")
    Bulletin.objects.create(scrutin=repris, enveloppe=repris.enveloppes.get(), origine="1", notes={"p1": 1})
    client.force_login(citoyenne)
    assert "Vous n’avez pas encore voté" in lire(client, reverse("portail:mes_votes"))
    assert not Emargement.objects.exists()
