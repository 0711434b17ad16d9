"""A comment is corrected for a quarter of an hour; what it said stays readable, and nobody rewrites it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commentaires.actions import approuver, commenter, corriger
from commentaires.models import VersionDeCommentaire
from commentaires.permissions import CORRECTION_PERIODE, peut_corriger
from moderation.actions import masquer
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree, RegistreScelle

pytestmark = pytest.mark.django_db


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee", titre="Des bancs à l’ombre")


@pytest.fixture
def commentaire(idee, voisin):
    return commenter(idee, par=voisin, texte="Des bancs, oui.", position="pour")


def page(nom, commentaire):
    return reverse(f"commentaires:{nom}", args=[commentaire.pk])


def connectee(personne):
    client = Client()
    client.force_login(personne)
    return client


def test_corriger_garde_ce_qui_etait_dit(commentaire, voisin):
    assert corriger(commentaire, par=voisin, texte="Des bancs, et de l’ombre.", position="neutre", vu=0)
    commentaire.refresh_from_db()
    (ancienne,) = commentaire.versions.all()
    assert (commentaire.texte, commentaire.position) == ("Des bancs, et de l’ombre.", "neutre")
    assert (ancienne.numero, ancienne.texte, ancienne.position) == (1, "Des bancs, oui.", "pour")
    assert ancienne.remplacee_le == commentaire.modifie_le
    entree = Entree.objects.get(type="commentaires.corriger")
    assert not entree.est_publique and "bancs" not in str(entree.donnees)


def test_la_meme_chose_n_est_pas_une_correction(commentaire, voisin):
    assert corriger(commentaire, par=voisin, texte=" Des bancs, oui.\r\n", position="pour", vu=0) is False
    assert (
        not VersionDeCommentaire.objects.exists() and not Entree.objects.filter(type="commentaires.corriger").exists()
    )


def test_apres_un_quart_d_heure_ce_qui_est_dit_est_dit(commentaire, voisin):
    with time_machine.travel(commentaire.publie_le + CORRECTION_PERIODE - timedelta(seconds=1), tick=False):
        assert peut_corriger(commentaire, voisin)
    with time_machine.travel(commentaire.publie_le + CORRECTION_PERIODE, tick=False):
        assert not peut_corriger(commentaire, voisin)
        with pytest.raises(EtapeImpossible, match="ne peut plus être corrigé"):
            corriger(commentaire, par=voisin, texte="Autre chose.", position="pour", vu=0)
    assert not VersionDeCommentaire.objects.exists()


def test_deux_onglets_ne_s_ecrasent_pas(commentaire, voisin):
    corriger(commentaire, par=voisin, texte="Première correction.", position="pour", vu=0)
    with pytest.raises(EtapeImpossible, match="ailleurs entre-temps"):
        corriger(commentaire, par=voisin, texte="Écrite dans l’autre onglet.", position="pour", vu=0)
    commentaire.refresh_from_db()
    assert commentaire.texte == "Première correction."


#: who -> may she correct a comment of `voisin`?
TABLE = {
    "voisin": True, "autrice_de_l_idee": False, "agent": False, "moderatrice": False, "elue": False,
    "administratrice": False, "visiteur": False,
}  # fmt: skip


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("etat", ["publie", "masque", "retire", "discussion_fermee"])
def test_qui_corrige_et_quand(etat, role, idee, commentaire, voisin, moderatrice, agent, request):
    gens = {"visiteur": AnonymousUser(), "autrice_de_l_idee": idee.auteur, "voisin": voisin}
    personne = gens.get(role) or request.getfixturevalue(role)
    if etat == "masque":
        masquer(commentaire, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Restons polis.")
    if etat == "retire":
        franchir(commentaire.retirer, par=voisin)
    if etat == "discussion_fermee":
        franchir(idee.retirer, par=idee.auteur, motif="Je change d’avis.")
    permis = TABLE[role] and etat == "publie"
    if permis:
        assert corriger(commentaire, par=personne, texte="Corrigé.", position="pour", vu=0)
        return
    with pytest.raises((EtapeImpossible, EtapeInterdite)) as refus:
        corriger(commentaire, par=personne, texte="Corrigé.", position="pour", vu=0)
    assert refus.value.statut == (409 if role == "voisin" else 403)
    assert not VersionDeCommentaire.objects.exists()


@pytest.mark.parametrize("texte", ["", "  \n", "a" * 3001])
def test_une_mauvaise_correction_ne_change_rien(commentaire, voisin, texte):
    with pytest.raises(EtapeInvalide):
        corriger(commentaire, par=voisin, texte=texte, position="pour", vu=0)
    assert not VersionDeCommentaire.objects.exists()


def test_la_page_garde_ce_qui_est_tape_et_dit_ce_qui_manque(commentaire, voisin):
    client = connectee(voisin)
    assert "Des bancs, oui." in client.get(page("corriger", commentaire)).content.decode()
    refus = client.post(page("corriger", commentaire), {"texte": "  ", "position": "contre", "vu": "0"})
    assert refus.status_code == 422 and "Écrivez votre commentaire." in refus.content.decode()
    suite = client.post(page("corriger", commentaire), {"texte": "Mieux dit.", "position": "contre", "vu": "0"})
    assert suite.status_code == 302 and suite.url.endswith(f"#commentaire-{commentaire.pk}")
    commentaire.refresh_from_db()
    assert (commentaire.texte, commentaire.position) == ("Mieux dit.", "contre")


@pytest.mark.parametrize("saisie", [{"vu": ""}, {"vu": "-1"}, {"vu": "9" * 30}, {"position": "<b>"}])
def test_une_page_bricolee_est_refusee(commentaire, voisin, saisie):
    donnees = {"texte": "Mieux dit.", "position": "pour", "vu": "0", **saisie}
    assert connectee(voisin).post(page("corriger", commentaire), donnees).status_code == 422


def test_l_historique_se_lit_comme_le_commentaire_et_pas_autrement(commentaire, voisin, citoyenne, moderatrice):
    approuver(commentaire, par=citoyenne)
    commenter(commentaire.cible, par=citoyenne, texte="Je réponds.", parent=commentaire)
    corriger(commentaire, par=voisin, texte="Mieux dit.", position="contre", vu=0)
    historique = Client().get(page("versions", commentaire)).content.decode()
    assert "Mieux dit." in historique and "Des bancs, oui." in historique
    assert "1 réponse a été donnée avant" in historique and "1 personne était alors d’accord" in historique
    lecture = Client().get(reverse("commentaires:fil", args=["idees.idee", commentaire.cible_id])).content.decode()
    assert page("versions", commentaire) in lecture and "Des bancs, oui." not in lecture
    masquer(commentaire, par=moderatrice, motif="injure", explication="Restons polis.")
    assert Client().get(page("versions", commentaire)).status_code == 404


def test_une_version_gardee_ne_se_reecrit_pas(commentaire, voisin):
    corriger(commentaire, par=voisin, texte="Mieux dit.", position="pour", vu=0)
    version = commentaire.versions.get()
    version.texte = "Je n’ai jamais dit cela."
    with pytest.raises(RegistreScelle):
        version.save()
    for ordre in (
        "UPDATE commentaires_versiondecommentaire SET texte = 'x'",
        "DELETE FROM commentaires_versiondecommentaire",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(ordre)


def test_la_base_refuse_une_correction_anterieure_au_commentaire(commentaire):
    commentaire.modifie_le = commentaire.publie_le - timedelta(seconds=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        commentaire.save(update_fields=["modifie_le"])
    assert timezone.now() > commentaire.publie_le


@pytest.mark.parametrize("envoi", [{}, {"texte": ""}, {"texte": "À sa place.", "position": "pour", "vu": "0"}])
def test_les_mots_d_une_autre_ne_se_corrigent_pas_meme_mal(commentaire, citoyenne, envoi):
    """Rights come before the form: what is missing in it is nobody's business but the author's."""
    assert connectee(citoyenne).post(page("corriger", commentaire), envoi).status_code == 403
