"""What people do with their account, as a browser sends it."""

import re

from django.core import mail

from tests.fabriques import MOT_DE_PASSE

ADRESSE = "camille@exemple.fr"


def inscription(**champs):
    return {
        "email": ADRESSE,
        "pseudonyme": "Camille Exemple",
        "password1": MOT_DE_PASSE,
        "password2": MOT_DE_PASSE,
        "charte": "on",
        **champs,
    }


def inscrire(client, **champs):
    return client.post("/comptes/signup/", inscription(**champs))


def entrer(client, personne, mot_de_passe=MOT_DE_PASSE, **champs):
    return client.post("/comptes/login/", {"login": personne.email, "password": mot_de_passe, **champs})


def lien(courriel=None) -> str:
    """Path of the one link of our site in a mail (the last one sent, if none is given)."""
    courriel = courriel or mail.outbox[-1]
    (trouve,) = set(re.findall(r"http://testserver(/\S+)", courriel.body))
    return trouve


def erreurs(reponse) -> dict:
    return {champ: [str(e) for e in liste] for champ, liste in reponse.context["form"].errors.items()}


def est_connecte(client) -> bool:
    return "_auth_user_id" in client.session


def finir_la_journee(client, agent) -> None:
    """She signed in long ago: her next request ends her session."""
    client.force_login(agent)
    session = client.session
    session["journee_de_travail"] = [0, 0]
    session.save()
