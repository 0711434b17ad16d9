"""The dossier on one page: everything one reads before one decides, for those of the chain and nobody else."""

import re

import pytest
from django.urls import reverse

from commentaires.actions import approuver, commenter
from commentaires.distinctions import distinguer
from commentaires.models import Commentaire
from moderation.actions import masquer
from reponses import lots
from reponses.models import LotReponses, PlaceDeLot
from tests.fabriques import (
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    publier_en_masse,
    publier_reponse,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse
from tests.requetes import copier, requetes
from timeline.models import Entree

pytestmark = pytest.mark.django_db

POSITIONS = {
    "pour": "Mon père s’y assoit chaque jour.",
    "contre": "Le bruit du soir va durer longtemps.",
    "neutre": "Et la nuit, que se passe-t-il ?",
}


def discuter(idee, n=1):
    """`n` comments of each position; the last « pour » is returned."""
    return [
        commenter(idee, par=PersonneFabrique(), texte=f"{texte} {i}", position=position)
        for i in range(n)
        for position, texte in POSITIONS.items()
    ][-3]


def lire(client, personne, reponse) -> str:
    client.force_login(personne)
    recue = client.get(reponse.get_absolute_url())
    assert recue.status_code == 200
    return recue.content.decode()


@pytest.fixture
def riche(idee, citoyenne):
    """Placed on the map, discussed, with an argument that changed something, near two others of which one is answered."""
    type(idee)._base_manager.filter(pk=idee.pk).update(latitude=47.21, longitude=-1.55, lieu="Devant le lavoir")
    idee.refresh_from_db()
    distinguer(discuter(idee), par=citoyenne, ce_qui_change="Les bancs auront un dossier.")
    repondue = IdeeFabrique(titre="Des bancs à l’ombre du parc", texte=idee.texte, boite=idee.boite, etat="en_etude")
    publier_reponse(repondue, sens="no_go")
    IdeeFabrique(titre="Des bancs à l’ombre des arbres", texte=idee.texte, boite=idee.boite, etat="publiee")
    return idee


def test_tout_tient_sur_une_page(client, riche, brouillon, agent, elue):
    amener_reponse(brouillon, "a_signer", agent=agent, elue=elue)
    for personne in (agent, elue):
        corps = lire(client, personne, brouillon)
        for mots in (
            riche.texte.split("\n")[0], "Devant le lavoir", *POSITIONS.values(), "Les bancs auront un dossier.",
            "Des bancs à l’ombre du parc", "Des bancs à l’ombre des arbres", "Déjà répondu : Non", "Avis favorable.",
            "Le chemin de ce dossier",
        ):  # fmt: skip
            assert mots in corps, mots
        assert 'id="carte-dossier"' in corps
        assert len(re.findall("<h1", corps)) == 1


def test_qui_lit_le_dossier_en_lit_le_chemin(client, brouillon, agent, elue, referente, experte):
    """Whoever signs reads how the text came to her; the page of each entry stays where it was, and no link leads to it."""
    amener_reponse(brouillon, "a_signer", agent=agent, elue=elue)
    entrees = Entree.objects.sur(brouillon)
    assert entrees.count() >= 3 and not entrees.publiques().exists()
    for personne in (agent, elue, referente, experte):
        corps = lire(client, personne, brouillon)
        assert [f'id="entree-{entree.pk}"' in corps for entree in entrees] == [True] * entrees.count()
        assert not any(entree.get_absolute_url() in corps for entree in entrees)


def test_la_page_de_la_signature_montre_la_meme_chose(client, riche, a_signer, elue):
    client.force_login(elue)
    adresse = reverse("timeline:etape", args=["reponses.reponse", a_signer.pk, "signer"])
    corps = client.get(f"{adresse}?etat=a_signer").content.decode()
    for mots in (POSITIONS["contre"], "Les bancs auront un dossier.", "Déjà répondu : Non", "Avis favorable."):
        assert mots in corps, mots


def test_les_arguments_les_plus_soutenus_d_abord(client, idee, brouillon, agent):
    dits = [
        commenter(idee, par=PersonneFabrique(), texte=f"Argument numéro {i} pour les bancs.", position="pour")
        for i in range(5)
    ]
    for commentaire, combien in ((dits[4], 2), (dits[2], 1)):
        for _n in range(combien):
            approuver(commentaire, par=PersonneFabrique())
    corps = lire(client, agent, brouillon)
    assert re.findall(r"Argument numéro (\d)", corps) == ["4", "2", "0"]
    assert "2 personnes d’accord" in corps


def test_ce_que_la_moderation_cache_n_y_est_pas(client, idee, brouillon, agent, moderatrice):
    commentaire = discuter(idee)
    masquer(commentaire, par=moderatrice, motif="vie_privee", explication="Une adresse.")
    corps = lire(client, agent, brouillon)
    assert POSITIONS["pour"] not in corps
    assert POSITIONS["contre"] in corps
    masquer(idee, par=moderatrice, motif="vie_privee", explication="Une adresse.")
    corps = lire(client, agent, brouillon)
    assert POSITIONS["contre"] not in corps
    assert "La discussion n’est pas lisible pour le moment." in corps


def test_le_dossier_dit_dans_quel_lot_il_est(client, idee, boite, a_signer, agent, referente, elue, experte):
    """With a link for whoever may open the lot; the same sentence without it for an expert; nothing once taken out."""
    phrase, titre = "elle se publie avec les autres", "Les bancs du printemps"
    assert phrase not in lire(client, agent, a_signer)
    lot = lots.ouvrir(par=agent, titre=titre, cibles=[idee, IdeeFabrique(boite=boite, etat="en_etude")])
    for personne in (agent, referente, elue):
        corps = lire(client, personne, a_signer)
        assert phrase in corps
        assert f"Ouvrir le lot « {titre} »" in corps
        assert f'href="{lot.get_absolute_url()}"' in corps
        assert client.get(lot.get_absolute_url(), follow=True).status_code == 200, "no link that leads nowhere"
    corps = lire(client, experte, a_signer)
    assert phrase in corps
    assert titre not in corps
    assert lot.get_absolute_url() not in corps
    lots.retirer(lot.places.get(cible_id=idee.pk), par=agent)
    assert phrase not in lire(client, agent, a_signer)


def test_une_correction_n_est_dans_aucun_lot(client, idee, publiee, agent):
    """Even where what it corrects came out with others."""
    PlaceDeLot.objects.create(lot=LotReponses.objects.create(titre="Un lot", cree_par=agent), cible=idee)
    assert "elle se publie avec les autres" not in lire(client, agent, rediger_reponse(idee, corrige=publiee))


def test_une_idee_seule_le_dit(client, brouillon, agent):
    corps = lire(client, agent, brouillon)
    assert "Aucune idée proche, et aucune réponse à une idée proche." in corps
    assert 'id="carte-dossier"' not in corps


def test_un_projet_se_repond_sans_ce_fond(client, agent):
    reponse = rediger_reponse(ProjetFabrique(titre="Projet à conclure", ouvert=True), agent=agent)
    assert "Projet à conclure" in lire(client, agent, reponse)


def test_le_nombre_de_requetes_est_constant(client, riche, brouillon, agent):
    client.force_login(agent)
    une = requetes(client, brouillon.get_absolute_url())
    gens = PersonneFabrique.create_batch(50)
    for dit in Commentaire.objects.all():  # one of each position
        copier(dit, 50, auteur_id=lambda n: gens[n].pk)
    publier_en_masse([(f"Des bancs à l’ombre, lieu {i}", riche.texte) for i in range(50)])
    assert requetes(client, brouillon.get_absolute_url()) == une
