"""A mandate in the administration, once an answer is signed in its name."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def enregistrer(client, elue, **mandat):
    """The page of her account, as an administrator sends it back."""
    adresse = reverse("admin:comptes_utilisateur_change", args=[elue.pk])
    page = client.get(adresse)
    champs = {}
    formulaires = [page.context["adminform"].form]
    for jeu in page.context["inline_admin_formsets"]:
        formulaires += [jeu.formset.management_form, *jeu.formset.initial_forms]
    for form in formulaires:
        for nom in form.fields:
            valeur = form[nom].value()
            if valeur not in (None, False):
                champs[form.add_prefix(nom)] = valeur
    return client.post(adresse, champs | {f"mandats-0-{nom}": valeur for nom, valeur in mandat.items()})


def test_un_mandat_qui_a_signe_ne_s_y_efface_pas(client, administratrice, signee, elue):
    """Refused with the answer that holds it, not by a page of error; renamed and ended, it still may be."""
    client.force_login(administratrice)
    refusee = enregistrer(client, elue, DELETE="on")
    assert refusee.status_code == 200
    assert str(signee) in refusee.content.decode()
    assert enregistrer(client, elue, intitule="Maire fictive").status_code == 302
    assert elue.mandats.get().intitule == "Maire fictive"


def test_un_mandat_qui_n_a_rien_signe_s_y_efface(client, administratrice, elue):
    client.force_login(administratrice)
    assert enregistrer(client, elue, DELETE="on").status_code == 302
    assert not elue.mandats.exists()
