"""Two people in the same dossier: the second reads what the first wrote, field by field, and nothing of either is lost."""

import json
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from reponses import presence
from reponses.models import Reponse
from tests.fabriques import ServiceFabrique, rediger_reponse
from tests.reponses.conftest import dans
from timeline.etapes import EtapeImpossible, franchir

pytestmark = pytest.mark.django_db

#: field -> (read, what the first writes, what the second types). Those of a go under conditions, then those of a no.
CHAMPS = {
    "texte": ("Nous avons lu.", "Son texte.", "Mon texte."),
    "motif": ("interet_general", "experimentation", "deja_prevu"),
    "conditions": ("Si possible.", "Si elle veut.", "Si je veux."),
    "cout_estime": ("1000", "2000", "3000"),
    "cout_justification": ("Un devis.", "Son devis.", "Mon devis."),
    "cout_le": (str(dans(-5)), str(dans(-4)), str(dans(-3))),
    "premiere_etape": ("Choisir", "Elle choisit", "Je choisis"),
    "premiere_etape_le": (str(dans(30)), str(dans(40)), str(dans(50))),
    "acte_conseil": ("N° 0", "N° 1", "N° 2"),
}
LU = {"sens": "go_conditions", "alternative": ""} | {nom: lu for nom, (lu, _sien, _mien) in CHAMPS.items()}


@pytest.fixture(autouse=True)
def _personne_n_ecrit():
    cache.clear()


@pytest.fixture
def ouverte(client, idee, agent):
    """A draft with every field of its decision."""
    client.force_login(agent)
    assert client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), LU).status_code == 302
    return Reponse.objects.get()


def cache_de(reponse) -> dict:
    """What the page hides in its form."""
    return {"version": reponse.version(), "lues": json.dumps(reponse.versions())}


def adresse(reponse):
    return reverse("reponses:modifier", args=[reponse.pk])


def corps(recue) -> str:
    return unescape(recue.content.decode())


def valeurs(recue) -> dict:
    """What the form of this page would send again."""
    form = recue.context["form"]
    return {champ.name: champ.value() for champ in form if champ.value() is not None}


@pytest.mark.parametrize("champ", CHAMPS)
def test_le_meme_champ(client, ouverte, agent, referente, champ):
    """Both changed it: hers stays typed, the other's is read beside, and what is saved is the first one's."""
    _lu, sien, mien = CHAMPS[champ]
    page = cache_de(ouverte)
    assert client.post(adresse(ouverte), LU | page | {champ: sien}).status_code == 302
    gardee = Reponse.objects.get()
    client.force_login(referente)
    recue = client.post(adresse(ouverte), LU | page | {champ: mien})
    assert recue.status_code == 422
    assert f"{agent.pseudonyme} a changé ce texte" in corps(recue)
    (difference,) = recue.context["conflit"]
    assert difference.libelle == str(Reponse._meta.get_field(champ).verbose_name)
    assert difference.avant != difference.apres
    assert recue.context["repris"] == []
    assert str(valeurs(recue)[champ]) == mien
    assert Reponse.objects.get().version() == gardee.version()
    # Kept knowingly, once she has read.
    assert client.post(adresse(ouverte), valeurs(recue)).status_code == 302
    ecrite = getattr(Reponse.objects.get(), champ)
    assert str(ecrite) == mien


@pytest.mark.parametrize("champ", CHAMPS)
def test_deux_champs_differents(client, ouverte, referente, champ):
    """The other changed what she did not touch: her form takes it, and says so. Keeping it undoes nothing."""
    _lu, sien, _mien = CHAMPS[champ]
    mon_champ = "texte" if champ != "texte" else "acte_conseil"
    mien = CHAMPS[mon_champ][2]
    page = cache_de(ouverte)
    assert client.post(adresse(ouverte), LU | page | {champ: sien}).status_code == 302
    client.force_login(referente)
    recue = client.post(adresse(ouverte), LU | page | {mon_champ: mien})
    assert recue.status_code == 422
    assert recue.context["conflit"] == []
    assert [d.libelle for d in recue.context["repris"]] == [str(Reponse._meta.get_field(champ).verbose_name)]
    assert client.post(adresse(ouverte), valeurs(recue)).status_code == 302
    gardee = Reponse.objects.get()
    assert (str(getattr(gardee, champ)), getattr(gardee, mon_champ)) == (sien, mien)


def test_la_decision_elle_meme(client, ouverte, agent, referente):
    """She made a no of it, with an alternative, while the other was writing the conditions of a yes."""
    page = cache_de(ouverte)
    non = {"sens": "no_go", "motif": "cout", "alternative": "Le marché couvert."}
    assert client.post(adresse(ouverte), LU | page | non).status_code == 302
    client.force_login(referente)
    recue = client.post(adresse(ouverte), LU | page | {"conditions": "Si je veux."})
    assert recue.status_code == 422
    repris = {d.libelle for d in recue.context["repris"]}
    assert {"Décision", "Raison principale", "Ce que nous proposons à la place"} <= repris
    assert [d.libelle for d in recue.context["conflit"]] == ["Conditions"]
    assert Reponse.objects.get().sens == "no_go"


@pytest.mark.parametrize("lues", ["", "[]", "{", "null", '{"texte": 3}', '{"texte": {}}'])
def test_une_page_qui_ne_dit_pas_ce_qu_elle_montrait(client, ouverte, referente, lues):
    """Then every field that differs is said, and nothing is taken in her place."""
    page = cache_de(ouverte)
    client.post(adresse(ouverte), LU | page | {"texte": "Son texte."})
    client.force_login(referente)
    recue = client.post(adresse(ouverte), LU | {"version": page["version"], "lues": lues, "acte_conseil": "N° 2"})
    assert recue.status_code == 422
    assert Reponse.objects.get().acte_conseil == "N° 0"
    assert valeurs(recue)["acte_conseil"] == "N° 2"


def test_le_brouillon_parti_pendant_qu_on_ecrivait(client, ouverte, agent, referente):
    """Sent to the services meanwhile: told who did, and every word typed is on the page."""
    page = cache_de(ouverte)
    franchir(ouverte.consulter, par=agent, services=[ServiceFabrique()], attendu_le=dans(3))
    client.force_login(referente)
    recue = client.post(adresse(ouverte), LU | page | {"texte": "Mon texte de dix minutes.", "motif": ""})
    assert recue.status_code == 409
    for mots in ("Mon texte de dix minutes.", agent.pseudonyme, "copiez ce que vous voulez en garder"):
        assert mots in corps(recue)
    assert "Garder le brouillon" not in corps(recue)


def test_deux_dossiers_ouverts_a_la_fois(client, idee, agent, referente):
    """Of the same idea: the second reads the first one's words beside hers, and opens the dossier."""
    client.force_login(agent)
    premiere = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    assert client.post(premiere, LU).status_code == 302
    client.force_login(referente)
    recue = client.post(premiere, LU | {"texte": "Mon texte."})
    assert recue.status_code == 422
    assert [d.apres for d in recue.context["conflit"]] == ["Nous avons lu."]
    assert Reponse.objects.get().get_absolute_url() in corps(recue)
    assert valeurs(recue)["texte"] == "Mon texte."


def test_deux_corrections_a_la_fois(client, publiee, agent, referente):
    suite = reverse("reponses:corriger", args=[publiee.pk])
    contenu = {nom: str(getattr(publiee, nom) or "") for nom in Reponse.CONTENU}
    client.force_login(agent)
    assert client.post(suite, contenu | {"texte": "Sa correction."}).status_code == 302
    client.force_login(referente)
    recue = client.post(suite, contenu | {"texte": "Ma correction."})
    assert recue.status_code == 422
    assert "Sa correction." in corps(recue)
    assert "Ma correction." in corps(recue)


def test_deux_signataires_a_la_fois(client, en_consultation, agent, referente, elue, autre_elue):
    """The second reads who has chosen whom; the first name stays."""
    en_consultation.avis.update(attendu_le=dans(-1))
    franchir(en_consultation.presenter, par=agent, signataire=elue)
    client.force_login(referente)
    suite = reverse("timeline:etape", args=["reponses.reponse", en_consultation.pk, "presenter"])
    recue = client.post(suite, {"etat": "en_consultation", "signataire": autre_elue.pk})
    assert recue.status_code == 409
    assert agent.pseudonyme in corps(recue)
    assert f"La signature est demandée à {elue.pseudonyme}." in corps(recue)
    assert Reponse.objects.get().signataire == elue


@pytest.mark.parametrize("nom", ["consulter", "presenter"])
def test_on_n_envoie_pas_un_texte_qu_on_n_a_pas_lu(client, brouillon, agent, referente, elue, nom):
    """Same state, other words: the page of the step says which text it showed."""
    service = ServiceFabrique()
    if nom == "presenter":
        franchir(brouillon.consulter, par=agent, services=[service], attendu_le=dans(3))
    suite = reverse("timeline:etape", args=["reponses.reponse", brouillon.pk, nom])
    client.force_login(referente)
    lue = client.get(suite).context["form"]["lue"].value()
    envoi = {
        "etat": brouillon.etat,
        "lue": lue,
        "services": [service.pk],
        "attendu_le": str(dans(3)),
        "signataire": elue.pk,
    }
    if nom == "presenter":
        franchir(brouillon.reprendre, par=agent)
    client.force_login(agent)
    contenu = {champ: str(getattr(brouillon, champ) or "") for champ in Reponse.CONTENU}
    autre = contenu | cache_de(brouillon) | {"texte": "Un tout autre texte."}
    assert client.post(adresse(brouillon), autre).status_code == 302
    brouillon = Reponse.objects.get()
    if nom == "presenter":
        franchir(brouillon.consulter, par=agent, services=[], lue=brouillon.version())
        brouillon.avis.update(attendu_le=dans(-1))
    client.force_login(referente)
    recue = client.post(suite, envoi)
    assert recue.status_code == 409
    assert f"{agent.pseudonyme} a changé ce texte" in corps(recue)
    assert Reponse.objects.get().etat == brouillon.etat
    assert client.post(suite, envoi | {"lue": brouillon.version()}).status_code == 302


def test_deux_avis_a_la_fois(client, en_consultation, agent, referente):
    """The second reads the first one's beside hers, which is still there to be copied."""
    suite = reverse("reponses:avis", args=[en_consultation.avis.get().pk])
    client.force_login(agent)
    assert client.post(suite, {"texte": "Favorable, dit l’agent."}).status_code == 302
    client.force_login(referente)
    recue = client.post(suite, {"texte": "Réservé, dit la référente."})
    assert recue.status_code == 409
    for mots in ("Favorable, dit l’agent.", "Réservé, dit la référente.", "Un avis rendu ne change plus"):
        assert mots in corps(recue)
    assert en_consultation.avis.get().texte == "Favorable, dit l’agent."
    assert client.get(suite).status_code == 409


def test_les_mots_d_un_renvoi_ne_se_perdent_pas(client, a_signer, agent, elue):
    """The agent takes it back while the élue writes what must be seen again: her words are on the page that says so."""
    franchir(a_signer.reprendre, par=agent)
    client.force_login(elue)
    suite = reverse("timeline:etape", args=["reponses.reponse", a_signer.pk, "renvoyer"])
    recue = client.post(suite, {"etat": "a_signer", "retour": "Dites qui paiera, et quand."})
    assert recue.status_code in {404, 409}
    franchir(a_signer.consulter, par=agent, services=[])
    a_signer.avis.update(attendu_le=dans(-1)) if a_signer.avis.attendus().exists() else None
    franchir(a_signer.presenter, par=agent, signataire=elue)
    franchir(a_signer.signer, par=elue)
    recue = client.post(
        suite, {"etat": "a_signer", "retour": "Dites qui paiera, et quand.", "mot_de_passe": "ne pas dire"}
    )
    assert recue.status_code == 409
    assert "Dites qui paiera, et quand." in corps(recue)
    assert "ne pas dire" not in corps(recue)


# --- Who is there --------------------------------------------------------------------------------------------------


def test_on_voit_qui_ecrit_en_ce_moment(client, brouillon, agent, referente, voisin):
    """On the dossier and on the form, never of herself; forgotten when her text is kept."""
    client.force_login(referente)
    assert "écrit en ce moment" not in corps(client.get(adresse(brouillon)))
    client.force_login(agent)
    fragment = reverse("reponses:ecrivent", args=[brouillon.pk])
    for lue in (brouillon.get_absolute_url(), fragment, adresse(brouillon)):
        assert f"{referente.pseudonyme} écrit en ce moment" in corps(client.get(lue)), lue
    client.force_login(referente)
    assert f"{agent.pseudonyme} écrit en ce moment" in corps(client.get(fragment))
    contenu = {nom: str(getattr(brouillon, nom) or "") for nom in Reponse.CONTENU}
    assert client.post(adresse(brouillon), contenu | cache_de(brouillon)).status_code == 302
    client.force_login(agent)
    assert "écrit en ce moment" not in corps(client.get(brouillon.get_absolute_url()))


def test_lire_le_dossier_n_est_pas_ecrire(client, brouillon, agent, referente):
    client.force_login(referente)
    client.get(brouillon.get_absolute_url())
    client.get(reverse("reponses:ecrivent", args=[brouillon.pk]))
    assert presence.qui_ecrit(brouillon, agent) == []
    client.get(reverse("reponses:ecrivent", args=[brouillon.pk]), {"version": brouillon.version()})
    assert presence.qui_ecrit(brouillon, agent) == [referente.pseudonyme]


def test_le_fragment_dit_ce_qui_s_est_passe_depuis(client, brouillon, agent, referente):
    """While she writes: another text is kept, then the draft leaves."""
    fragment, lue = reverse("reponses:ecrivent", args=[brouillon.pk]), {"version": brouillon.version()}
    client.force_login(referente)
    assert "autre texte" not in corps(client.get(fragment, lue))
    client.force_login(agent)
    contenu = {nom: str(getattr(brouillon, nom) or "") for nom in Reponse.CONTENU}
    client.post(adresse(brouillon), contenu | cache_de(brouillon) | {"texte": "Autre."})
    client.force_login(referente)
    assert f"{agent.pseudonyme} a gardé un autre texte" in corps(client.get(fragment, lue))
    franchir(Reponse.objects.get().consulter, par=agent, services=[ServiceFabrique()], attendu_le=dans(3))
    assert "Cette action n’est plus possible" in corps(client.get(fragment, lue))


@pytest.mark.parametrize("qui", ["voisin", "elue", "autre_referente", "moderatrice", "autre_experte"])
def test_la_presence_ne_se_lit_pas_du_dehors(request, client, brouillon, agent, qui):
    presence.signaler(brouillon, agent)
    fragment = reverse("reponses:ecrivent", args=[brouillon.pk])
    assert client.get(fragment).status_code == 302, "nobody signed in"
    client.force_login(request.getfixturevalue(qui))
    assert client.get(fragment, {"version": "x"}).status_code == 404
    assert presence.qui_ecrit(brouillon, agent) == []


def test_l_experte_lit_sans_ecrire(client, brouillon, agent, experte):
    client.force_login(experte)
    assert client.get(reverse("reponses:ecrivent", args=[brouillon.pk]), {"version": "x"}).status_code == 200
    assert presence.qui_ecrit(brouillon, agent) == []


def test_une_presence_s_oublie(brouillon, agent, referente):
    presence.signaler(brouillon, referente)
    with time_machine.travel(timezone.now() + timedelta(seconds=presence.DUREE - 5)):
        assert presence.qui_ecrit(brouillon, agent) == [referente.pseudonyme]
    with time_machine.travel(timezone.now() + timedelta(seconds=presence.DUREE + 1)):
        assert presence.qui_ecrit(brouillon, agent) == []


def test_les_pages_ouvertes_sont_prevenues(
    monkeypatch, client, brouillon, agent, referente, django_capture_on_commit_callbacks
):
    """When somebody comes, when a text is kept, and no more than that."""
    dits = []
    monkeypatch.setattr("reponses.presence.diffuser", dits.append)
    monkeypatch.setattr("reponses.actions.diffuser", dits.append)
    client.force_login(referente)
    for _fois in range(3):
        client.get(adresse(brouillon))
    groupe = f"flux.reponses.reponse.{brouillon.pk}"
    assert dits == [groupe]
    contenu = {nom: str(getattr(brouillon, nom) or "") for nom in Reponse.CONTENU}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(adresse(brouillon), contenu | cache_de(brouillon))
    assert dits == [groupe] * 3


def test_l_effacement_d_un_compte_ne_nomme_plus_personne(idee, agent, referente):
    reponse = rediger_reponse(idee, agent=agent)
    Reponse.objects.filter(pk=reponse.pk).update(modifiee_par=referente, modifiee_le=timezone.now())
    assert Reponse.objects.get().derniere_main()["qui"] == referente.pseudonyme
    Reponse.objects.filter(pk=reponse.pk).update(modifiee_par=None, redigee_par=None)
    assert Reponse.objects.get().derniere_main()["qui"] == "Quelqu’un"
    with pytest.raises(EtapeImpossible, match="Quelqu’un a changé"):
        franchir(
            Reponse.objects.get().consulter, par=agent, services=[ServiceFabrique()], attendu_le=dans(1), lue="autre"
        )
