"""Calling somebody by name, quoting her words: only among those who take part, and never a way to learn who has an account."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from commentaires.actions import commenter, corriger
from commentaires.mentions import MENTIONS_MAX, proposer
from commentaires.mise_en_forme import en_html
from commentaires.models import Mention
from comptes.effacement import effacer
from moderation.actions import masquer
from notifications.annonces import annoncer
from notifications.models import Courriel, Notification
from tests.fabriques import IdeeFabrique, PersonneFabrique
from tests.idees.gestes import coautrice_de
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee", auteur=PersonneFabrique(pseudonyme="Inès Inventée"))


def connectee(personne):
    client = Client()
    client.force_login(personne)
    return client


def nommees(commentaire):
    return set(commentaire.mentions.values_list("personne__pseudonyme", flat=True))


@pytest.mark.parametrize(
    ("texte", "attendues"),
    [
        ("@Camille Exemple a raison.", {"Camille Exemple"}),
        ("Je suis d’accord avec @camille exemple, et @Inès Inventée aussi.", {"Camille Exemple", "Inès Inventée"}),
        ("(@CAMILLE-EXEMPLE)", {"Camille Exemple"}),
        ("@Camille", set()),
        ("@Camille Exemplaire", set()),
        ("camille@Camille Exemple", set()),
        ("@@Camille Exemple", set()),
        ("@Sacha Voisin, c’est moi.", set()),
        ("@Personne Absente n’est pas là.", set()),
        ("@", set()),
        ("@" * 3000, set()),
    ],
)
def test_qui_est_nomme(idee, citoyenne, voisin, texte, attendues):
    PersonneFabrique(pseudonyme="Personne Absente")
    commenter(idee, par=citoyenne, texte="Je commence.")
    assert nommees(commenter(idee, par=voisin, texte=texte)) == attendues


def test_qui_a_ecrit_l_idee_avec_d_autres_se_nomme_aussi(idee, voisin):
    """She proposed it: she is of the discussion before her first word there."""
    coautrice_de(idee, pseudonyme="Coraline Coautrice")
    assert nommees(commenter(idee, par=voisin, texte="@Coraline Coautrice, pourquoi ?")) == {"Coraline Coautrice"}
    assert proposer(idee, "cora") == ["Coraline Coautrice"]


@pytest.mark.parametrize(
    ("texte", "mots", "gras"),
    [
        ("@Cam et @Camille", ["Cam"], ["@Cam"]),
        ("@Camille Exemple et @Camille", ["Camille", "Camille Exemple"], ["@Camille Exemple", "@Camille"]),
        ("ecrire@Camille, @@Camille, a.@Camille", ["Camille"], []),
        ("@L’Île ; @O'Hara", ["L’Île", "O'Hara"], ["@L’Île", "@O&#x27;Hara"]),
        ("@A+B (@A+B)", ["A+B"], ["@A+B", "@A+B"]),
        ("<b>@Cam</b>", ["Cam"], ["@Cam"]),
    ],
)
def test_un_nom_en_gras_est_un_nom_entier(texte, mots, gras):
    """Neither the beginning of a longer one, nor bold inside bold."""
    html = en_html(texte, mots)
    assert re.findall(r'<strong class="mention">(.*?)</strong>', html) == gras
    assert "<b>" not in html


def test_dix_noms_au_plus_et_une_seule_requete_pour_les_trouver(idee, voisin, django_assert_max_num_queries):
    for n in range(MENTIONS_MAX + 3):
        commenter(idee, par=PersonneFabrique(pseudonyme=f"Voisine {n}"), texte="Ici.")
    texte = " ".join(f"@Voisine {n}," for n in range(MENTIONS_MAX + 3))
    with django_assert_max_num_queries(30):
        commentaire = commenter(idee, par=voisin, texte=texte)
    assert len(nommees(commentaire)) == MENTIONS_MAX


def test_la_personne_nommee_est_prevenue_une_fois(idee, citoyenne, voisin):
    commenter(idee, par=citoyenne, texte="Je commence.")
    commentaire = commenter(idee, par=voisin, texte="Qu’en pensez-vous ?")
    corriger(commentaire, par=voisin, texte="Qu’en pensez-vous, @Camille Exemple ?", position="neutre", vu=0)
    corriger(commentaire, par=voisin, texte="Et vous, @Camille Exemple ?", position="neutre", vu=1)
    for entree in Entree.objects.filter(cible_id=commentaire.pk, type__startswith="commentaires.").order_by("pk"):
        annoncer(entree.pk)
    recus = Courriel.objects.filter(destinataire=citoyenne.email)
    assert [c.objet.startswith("On vous a nommé") for c in recus] == [True]
    assert Notification.objects.filter(personne=citoyenne, entree__type="commentaires.corriger").count() == 1


def test_un_commentaire_masque_entre_temps_ne_previent_personne(idee, citoyenne, voisin, moderatrice):
    commenter(idee, par=citoyenne, texte="Je commence.")
    commentaire = commenter(idee, par=voisin, texte="@Camille Exemple, voyons.")
    masquer(commentaire, par=moderatrice, motif="injure", explication="Restons polis.")
    annoncer(Entree.objects.get(type="commentaires.publier", cible_id=commentaire.pk).pk)
    assert not Courriel.objects.filter(destinataire=citoyenne.email).exists()


def test_le_nom_est_en_gras_et_reste_du_texte(idee, voisin):
    piege = PersonneFabrique(pseudonyme="L’Oiseau")
    commenter(idee, par=piege, texte="Ici.")
    commenter(idee, par=voisin, texte="@L’Oiseau <script>alert(1)</script>")
    page = Client().get(reverse("commentaires:fil", args=["idees.idee", idee.pk])).content.decode()
    assert '<strong class="mention">@L’Oiseau</strong> &lt;script&gt;' in page
    assert en_html("@<b>", ["<b>"]) == '<p><strong class="mention">@&lt;b&gt;</strong></p>'


def test_un_compte_efface_n_est_plus_nomme(idee, citoyenne, voisin):
    commenter(idee, par=citoyenne, texte="Je commence.")
    commenter(idee, par=voisin, texte="@Camille Exemple a raison.")
    effacer(citoyenne)
    assert not Mention.objects.exists()


def test_les_noms_proposes_sont_ceux_de_la_discussion(idee, citoyenne, voisin):
    PersonneFabrique(pseudonyme="Camille Absente")
    commenter(idee, par=citoyenne, texte="Je commence.")
    assert proposer(idee, "cam") == ["Camille Exemple"]
    assert proposer(idee, "INES") == ["Inès Inventée"]
    assert proposer(idee, "") == proposer(idee, "  ") == proposer(idee, "%") == []
    adresse = reverse("commentaires:participants", args=["idees.idee", idee.pk])
    assert connectee(voisin).get(adresse, {"q": "cam"}).json() == {"noms": ["Camille Exemple"]}
    assert Client().get(adresse, {"q": "cam"}).status_code == 302
    brouillon = IdeeFabrique()
    ailleurs = reverse("commentaires:participants", args=["idees.idee", brouillon.pk])
    assert connectee(voisin).get(ailleurs, {"q": "cam"}).status_code == 404


def test_repondre_a_une_reponse_la_nomme_et_reste_sous_le_meme_avis(idee, citoyenne, voisin):
    racine = commenter(idee, par=voisin, texte="Des bancs, oui.")
    reponse = commenter(idee, par=citoyenne, texte="Où donc ?", parent=racine)
    adresse = reverse("commentaires:fil", args=["idees.idee", idee.pk])
    page = connectee(voisin).get(adresse, {"repondre": reponse.pk}).content.decode()
    assert "Votre réponse à Camille Exemple" in page and ">@Camille Exemple " in page.replace("\n", "")
    assert f'name="parent" value="{racine.pk}"' in page


def test_citer_montre_les_mots_et_les_oublie_avec_eux(idee, citoyenne, voisin, moderatrice):
    cite = commenter(idee, par=citoyenne, texte="Il y fait trop chaud.")
    adresse = reverse("commentaires:fil", args=["idees.idee", idee.pk])
    client = connectee(voisin)
    page = client.get(adresse, {"citer": cite.pk}).content.decode()
    assert f'name="cite" value="{cite.pk}"' in page and "Camille Exemple a écrit" in page
    client.post(adresse, {"texte": "C’est vrai.", "position": "pour", "cite": cite.pk})
    lu = Client().get(adresse).content.decode()
    assert lu.count("Il y fait trop chaud.") == 2 and 'class="citation"' in lu
    masquer(cite, par=moderatrice, motif="injure", explication="Restons polis.")
    lu = Client().get(adresse).content.decode()
    assert "Il y fait trop chaud." not in lu and "ne sont plus lisibles" in lu


@pytest.mark.parametrize("cite", ["0", "9" * 17, "x", "-1"])
def test_on_ne_cite_que_ce_qui_se_lit_ici(idee, voisin, cite):
    adresse = reverse("commentaires:fil", args=["idees.idee", idee.pk])
    assert 'class="citation"' not in connectee(voisin).get(adresse, {"citer": cite}).content.decode()
    ailleurs = commenter(IdeeFabrique(etat="publiee"), par=voisin, texte="Ailleurs.")
    assert commenter(idee, par=voisin, texte="Ici.", cite=ailleurs).cite is None
