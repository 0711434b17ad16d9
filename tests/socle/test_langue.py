"""Words written in French say so on an English page, for the voice that reads them; nothing is added to a French one."""

import re

import pytest
from django.urls import reverse

from commentaires.actions import commenter
from tests.fabriques import EtapeFabrique, IdeeFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db

MOTS = "Des bancs fictifs à l’ombre"


def langues(page: str, mots: str) -> set[str]:
    """Language of each element of the body whose whole text is `mots`, as its own `lang` says it."""
    corps = page.partition("<body")[2]
    balises = re.findall(rf"<(?:\w+)([^<>]*)>\s*(?:<p>)?\s*{re.escape(mots)}\s*<", corps)
    return {(re.search(r' lang="(\w+)"', attributs) or [None, ""])[1] for attributs in balises}


def lire(client, adresse, langue):
    return client.get(adresse, headers={"accept-language": langue}).content.decode()


def test_une_idee_ses_commentaires_et_sa_reponse(client, citoyenne):
    idee = IdeeFabrique(titre=MOTS, texte="Une phrase inventée.", etat="retenue")
    publiee = IdeeFabrique(titre="Une autre idée fictive", etat="publiee")
    commenter(publiee, par=citoyenne, texte="Oui, à l’ombre.")
    reponse = idee.reponses.get()
    anglaise, discutee = lire(client, idee.get_absolute_url(), "en"), lire(client, publiee.get_absolute_url(), "en")

    assert '<html lang="en"' in anglaise
    assert "fr" in langues(anglaise, MOTS)
    assert "fr" in langues(anglaise, "Une phrase inventée.")
    assert "fr" in langues(anglaise, reponse.texte)
    assert "fr" in langues(discutee, "Oui, à l’ombre.")
    assert "fr" in langues(lire(client, reverse("idees:liste"), "en"), MOTS)
    assert "fr" not in langues(lire(client, idee.get_absolute_url(), "fr"), MOTS)


def test_un_projet_et_ses_etapes(client):
    projet = ProjetFabrique(titre="La place fictive", ouvert=True)
    EtapeFabrique(projet=projet, titre="Vos idées pour la place")
    anglaise = lire(client, projet.get_absolute_url(), "en")

    assert "fr" in langues(anglaise, "La place fictive")
    assert "fr" in langues(anglaise, projet.resume)
    assert "fr" in langues(anglaise, projet.non_negociable)
    assert "fr" in langues(anglaise, "Vos idées pour la place")
    assert "fr" not in langues(lire(client, projet.get_absolute_url(), "fr"), "La place fictive")
