"""The public list, and what pages cost: as many queries with fifty answers as with one."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from idees.models import Idee
from reponses.models import Avis, Echeance, Jalon, Reponse
from tests.fabriques import (
    BoiteFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse, dans
from tests.requetes import copier, requetes
from timeline.journal import consigner

pytestmark = pytest.mark.django_db
LISTE = "reponses:liste"


def page(client, **parametres):
    return client.get(reverse(LISTE), parametres).content.decode()


@pytest.fixture
def trois():
    return {
        "go": publier_reponse(IdeeFabrique(titre="Des bancs", etat="en_etude"), motif="experimentation"),
        "go_conditions": publier_reponse(IdeeFabrique(titre="Des arbres", etat="en_etude"), sens="go_conditions"),
        "no_go": publier_reponse(IdeeFabrique(titre="Un téléphérique", etat="en_etude"), sens="no_go"),
    }


def test_la_plus_recente_d_abord_et_les_brouillons_nulle_part(client, trois):
    rediger_reponse(IdeeFabrique(titre="En cours", etat="en_etude"))
    corps = page(client)
    positions = [corps.index(titre) for titre in ("Un téléphérique", "Des arbres", "Des bancs")]
    assert positions == sorted(positions)
    assert "En cours</a>" not in corps


@pytest.mark.parametrize(
    ("parametres", "attendues"),
    [
        ({"decision": "go"}, {"Des bancs"}),
        ({"decision": "no_go"}, {"Un téléphérique"}),
        ({"raison": "experimentation"}, {"Des bancs"}),
        ({"raison": "cout", "decision": "go"}, set()),
        ({"delai": "en_retard"}, set()),
        ({"delai": "a_temps"}, {"Des bancs", "Des arbres", "Un téléphérique"}),
        ({"decision": "peut-être", "raison": "1e400", "delai": "x"}, {"Des bancs", "Des arbres", "Un téléphérique"}),
        (
            {"signataire__email__startswith": "a", "ordering": "texte", "page": "1e9"},
            {"Des bancs", "Des arbres", "Un téléphérique"},
        ),
        ({"page": "999999999999999999999"}, {"Des bancs", "Des arbres", "Un téléphérique"}),
    ],
)
def test_les_filtres(client, trois, parametres, attendues):
    """AC-05: an unknown name or value counts as nothing."""
    corps = page(client, **parametres)
    assert {titre for titre in ("Des bancs", "Des arbres", "Un téléphérique") if titre in corps} == attendues


def test_htmx_ne_redemande_que_le_fragment(client, trois, publiee):
    for adresse in (reverse(LISTE), publiee.get_absolute_url()):
        entiere, fragment = client.get(adresse), client.get(adresse, headers={"HX-Request": "true"})
        assert "<html" in entiere.content.decode()
        assert "<html" not in fragment.content.decode()
        assert fragment.content.decode().strip() in entiere.content.decode()


def test_le_rang_de_la_liste_a_son_index():
    noms = {tuple(index.fields) for index in Reponse._meta.indexes}
    assert ("-publiee_le", "-id") in noms
    assert tuple(Reponse._meta.ordering) == ("-publiee_le", "-pk")


# --- What pages cost -----------------------------------------------------------------------------------------------


def remplir(nb, *, agent, elue):
    """Rows of every state, put down at once: on ideas and on a projet, late and not, corrected and not."""
    boite, service, auteur, maintenant = BoiteFabrique(), ServiceFabrique(), PersonneFabrique(), timezone.now()
    for etat in Reponse.Etat.values:
        champs = {
            "boite": boite,
            "texte": "Un texte.",
            "auteur": auteur,
            "etat": "en_etude",
            "soumise_le": maintenant,
            "publiee_le": maintenant,
            "seuil_soutiens": 50,
            "delai_reponse": 60,
        }
        idees = Idee.objects.bulk_create([Idee(titre=f"Idée {etat} {rang}", **champs) for rang in range(nb)])
        Idee.objects.bulk_create([Idee(titre=f"Idée sans réponse {etat} {rang}", **champs) for rang in range(nb)])
        Echeance.objects.bulk_create(
            [Echeance(cible=idee, service=service, due_le=dans(rang - nb // 2)) for rang, idee in enumerate(idees)]
        )
        projet = ProjetFabrique(referente=agent, ouvert=True)
        Echeance.objects.create(cible=projet, service=service, due_le=dans(-90))  # first of every pile
        reponses = Reponse.objects.bulk_create([_reponse(cible, etat, agent, elue) for cible in [*idees, projet]])
        for reponse in reponses:
            Avis.objects.create(reponse=reponse, service=service, attendu_le=dans(-1))
            with transaction.atomic():
                consigner(
                    "reponses.publier" if etat == "publiee" else "reponses.presenter",
                    cible=reponse,
                    par=agent,
                    publique=etat == "publiee",
                )
        if etat == "publiee":
            Reponse.objects.bulk_create(
                [_reponse(origine.cible, etat, agent, elue, corrige=origine) for origine in reponses[::3]]
            )
            Jalon.objects.bulk_create(
                [Jalon(reponse=reponse, titre="Une étape", prevu_le=dans(-3)) for reponse in reponses]
            )


def _reponse(cible, etat, agent, elue, **autres):
    champs = {
        "sens": "go",
        "motif": "interet_general",
        "texte": "Oui.",
        "premiere_etape": "Choisir",
        "premiere_etape_le": dans(9),
    }
    champs |= {"redigee_par": agent, "etat": etat}
    if etat in ("a_signer", "signee", "publiee"):
        champs["signataire"] = elue
    if etat in Reponse.ETATS_SCELLES:
        champs |= {"signataire_nom": "Élue Fictive", "signataire_mandat": "Maire fictive", "signee_le": timezone.now()}
        champs["mandat"] = elue.mandats.get()
    if etat == "publiee":
        champs["publiee_le"] = timezone.now()
    return Reponse(cible=cible, **champs, **autres)


def test_autant_de_requetes_avec_cinquante_qu_avec_une(client, agent, elue):
    adresses = {
        "liste": (reverse(LISTE), None),
        "attendues": (reverse("reponses:attendues"), None),
        "bureau de l’agent": (reverse("portail:bureau_agent"), agent),
        "bureau de l’élue": (reverse("portail:bureau_elue"), elue),
        "chronologie": (reverse("timeline:chronologie") + "?genre=reponses", None),
        "chronologie de l’agent": (reverse("timeline:chronologie") + "?genre=reponses", agent),
        "flux": (reverse("timeline:atom"), None),
    }

    def mesurer(page=1):
        comptes = {}
        for nom, (adresse, personne) in adresses.items():
            client.logout()
            if personne:
                client.force_login(personne)
            comptes[nom] = requetes(client, f"{adresse}{'&' if '?' in adresse else '?'}page={page}")
        return comptes

    remplir(1, agent=agent, elue=elue)
    avant = mesurer()
    remplir(49, agent=agent, elue=elue)
    apres = mesurer()
    # The feed ends at fifty entries: with more answers it holds fewer other kinds of things, never more queries.
    assert apres.pop("flux") <= avant.pop("flux") <= 6
    assert apres == avant
    suite = mesurer(page=2)
    assert {nom: cout for nom, cout in suite.items() if nom in avant and cout > avant[nom]} == {}
    assert avant["liste"] <= 6
    assert avant["bureau de l’agent"] <= 40


def test_un_dossier_coute_autant_avec_beaucoup_d_avis_et_de_corrections(client, idee, agent, elue):
    reponse = rediger_reponse(idee, agent=agent)
    amener_reponse(reponse, "en_consultation", agent=agent, elue=elue)
    client.force_login(agent)
    avant = requetes(client, reponse.get_absolute_url())
    for _rang in range(49):
        reponse.avis.create(service=ServiceFabrique(), attendu_le=dans(3))
    assert requetes(client, reponse.get_absolute_url()) == avant


def test_une_reponse_publiee_coute_autant_avec_beaucoup_de_suites(client, publiee, idee, agent, elue):
    amener_reponse(rediger_reponse(idee, corrige=publiee), "publiee", agent=agent, elue=elue)
    for personne in (None, agent):
        if personne:
            client.force_login(personne)
        avant = requetes(client, publiee.get_absolute_url())
        for rang in range(50):
            publiee.jalons.create(titre=f"Étape {rang}", prevu_le=dans(rang))
        assert requetes(client, publiee.get_absolute_url()) == avant
    avant = requetes(client, publiee.get_absolute_url())
    copier(publiee.corrections.first(), 49)
    assert requetes(client, publiee.get_absolute_url()) == avant


def test_une_page_de_signature_coute_autant_avec_beaucoup_d_avis(client, a_signer, elue):
    adresse = reverse("timeline:etape", args=["reponses.reponse", a_signer.pk, "signer"])
    client.force_login(elue)
    avant = requetes(client, adresse)
    for _rang in range(49):
        a_signer.avis.create(service=ServiceFabrique(), attendu_le=dans(3))
    assert requetes(client, adresse) == avant


def test_le_choix_de_l_elue_coute_autant_avec_beaucoup_d_elues(client, en_consultation, agent):
    en_consultation.avis.update(attendu_le=dans(-1))
    adresse = reverse("timeline:etape", args=["reponses.reponse", en_consultation.pk, "presenter"])
    client.force_login(agent)
    avant = requetes(client, adresse)
    PersonneFabrique.create_batch(50, roles=["elue"])
    assert requetes(client, adresse) == avant
