"""A vote on priorities as people meet it: moments on the ballot, a calendar in the result, and why a topic is not in it."""

import pytest
from django.urls import reverse

from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin, votante, voter_pour
from tests.votes.parcours_http import adresse, pendant, relire, voter_par_les_pages
from votes.models import Bulletin
from votes.saisie import mesurer
from votes.voter import BulletinRefuse

pytestmark = pytest.mark.django_db
MOMENTS = ["2027", "2028", "2029"]


def priorites(etat="ouvert", **reglages):
    return scrutin(etat, regle="priorites", forme="points", points_max=3, parametres={"moments": MOMENTS, **reglages})


def test_le_bulletin_montre_les_moments(client):
    ouvert = priorites()
    client.force_login(votante())
    with pendant(ouvert):
        page = client.get(adresse(ouvert)).content.decode()
        assert page.count('name="points-p1"') == 4
        assert page.index("<span>2027</span>") < page.index("<span>2029</span>") < page.index("Je ne la demande pas")
        assert 'type="text"' not in page.partition("data-es-bulletin=")[2].partition("</form>")[0]
        relu = relire(client, ouvert, {"points-p1": "3", "points-p2": "1", "points-p3": ""})
        assert "<strong>2027</strong>" in relu
        assert "point" not in relu.partition("titre-bulletin")[2].partition("</section>")[0]
        assert voter_par_les_pages(client, ouvert, {"points-p1": "3", "points-p2": "1"}).status_code == 302
        mien = client.get(reverse("votes:mon_vote", args=[ouvert.slug])).content.decode()
    assert Bulletin.objects.get().notes == {"p1": 3, "p2": 1}
    assert "<strong>2029</strong>" in mien


def test_un_bulletin_vide_parle_de_moments(client):
    ouvert = priorites()
    with pendant(ouvert):
        recu = client.post(adresse(ouvert), {"geste": "relire"})
    assert recu.status_code == 422
    assert "Choisissez un moment pour une proposition au moins" in recu.content.decode()


@pytest.mark.parametrize("valeur", [4, -1])
def test_un_moment_invente_est_refuse(valeur):
    with pytest.raises(BulletinRefuse, match="Un moment choisi n’existe pas"):
        voter_pour(priorites(), notes={"p1": valeur})


def test_ce_qui_reste_compte_les_sujets():
    ouvert = priorites()
    dit = mesurer(ouvert, ouvert.enveloppes.get(), list(ouvert.options.all()), {"p1": 3, "p2": 3})
    assert (dit.employe, dit.phrase) == (2, "2 propositions choisies.")


def test_tout_le_calendrier_est_retenu_et_chaque_sujet_dit_pourquoi(client):
    """Two moments of one place, one asked by too few: first come, pushed back, full, and below the threshold."""
    ouvert = scrutin(
        regle="priorites",
        forme="points",
        points_max=2,
        parametres={"moments": ["2027", "2028"], "capacites": [1, 1], "seuil": 2},
        propositions=(("Bancs", 0), ("Fontaine", 0), ("Arbres", 0), ("Abri", 0), ("Jeux", 0)),
    )
    for notes in ({"p1": 2, "p2": 2, "p3": 2}, {"p1": 2, "p2": 2, "p3": 2}, {"p1": 2, "p2": 2}, {"p1": 2, "p4": 1}):
        voter_pour(ouvert, notes=notes)
    amener(ouvert, "proclame", agent=PersonneFabrique(roles=["agent"]))
    assert set(ouvert.options.filter(est_elue=True).values_list("cle", flat=True)) == {"p1", "p2"}

    def page(cle):
        return client.get(reverse("votes:pourquoi", args=[ouvert.slug, cle])).content.decode()

    assert "Au calendrier : 2027" in page("p1")
    assert "Ce moment était plein : elle va au premier qui a de la place, « 2028 »." in page("p2")
    assert "Ce moment et les suivants étaient pleins" in page("p3")
    assert "Le dernier sujet pris avant elle, « Fontaine », est demandé par 3 bulletins." in page("p3")
    assert "Le règlement en demande au moins 2." in page("p4")
    assert "Personne ne l’a demandée." in page("p5")
    resultats = client.get(reverse("votes:resultats", args=[ouvert.slug])).content.decode()
    assert resultats.count("Au calendrier") == 2
