"""Coming back with number and secret: the same silence for whoever guesses, everything for whoever knows."""

import re
import time

import pytest
from django.core import signing
from django.core.cache import cache
from django.urls import reverse

from idees import depots, secret
from idees.cadence import ESSAIS_PAR_NUMERO, ESSAIS_PAR_RESEAU
from idees.models import Depot, Soutien
from notifications.abonnements import suit
from tests.fabriques import PersonneFabrique
from tests.idees.sans_compte import ADRESSE, COURRIEL, ECRIT, SECRET, confier, depot
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("etat", "suivie"), [("a_moderer", False), ("publiee", True)])
def test_sans_compte_sa_page_ne_demande_pas_un_flux_qui_lui_serait_refuse(client, etat, suivie):
    idee = depot(etat).idee
    confier(client, idee)
    assert ("data-es-flux=" in client.get(idee.get_absolute_url()).content.decode()) == suivie


SUIVRE = "/idees/suivre/"
RATTACHER = "/idees/rattacher/"
MAUVAIS = "Ce numéro et ce secret ne vont pas ensemble"


def essayer(client, numero, mot=ECRIT, adresse=SUIVRE, **entetes):
    return client.post(adresse, {"numero": numero, "mot": mot}, **entetes)


# --- Number and secret -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ecrit",
    [
        ECRIT,
        SECRET,
        SECRET.lower(),
        " 0123 4567 89ab cdef ghjk ",
        "O123-4567-89AB-CDEF-GHJK",
        "0l23.4567.89ab.cdef.ghjk",
    ],
)
def test_le_secret_se_lit_comme_on_l_ecrit(client, ecrit):
    fait = depot()
    assert essayer(client, fait.numero, ecrit)["Location"] == reverse("idees:suivi", args=[fait.numero])
    page = client.get(reverse("idees:suivi", args=[fait.numero]))
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store, private")
    assert fait.idee.titre in page.content.decode()


def test_numero_inconnu_et_mauvais_secret_se_ressemblent(client):
    fait = depot()
    faux = essayer(client, fait.numero, "Z" * 20)
    inconnu = essayer(client, 987654, "Z" * 20)
    assert (faux.status_code, inconnu.status_code) == (422, 422)
    assert MAUVAIS in faux.content.decode()

    assert _sans_jeton(faux, fait.numero) == _sans_jeton(inconnu, 987654)


def _sans_jeton(reponse, numero):
    page = re.sub(r'(csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]+"', "", reponse.content.decode())
    return page.replace(f'name="numero" value="{numero}"', "")


def test_meme_travail_pour_un_numero_inconnu(client, django_assert_num_queries):
    fait = depot()
    client.get(SUIVRE)
    with django_assert_num_queries(1):
        essayer(client, fait.numero, "Z" * 20)
    with django_assert_num_queries(1):
        essayer(client, 987654, "Z" * 20)


@pytest.mark.parametrize(
    ("numero", "mot", "champ"),
    [
        ("", ECRIT, "numero"),
        ("douze", ECRIT, "numero"),
        ("0", ECRIT, "numero"),
        ("9" * 30, ECRIT, "numero"),
        ("1", "", "mot"),
        ("1", "x" * 61, "mot"),
    ],
)
def test_une_saisie_impossible_se_dit(client, numero, mot, champ):
    reponse = essayer(client, numero, mot)
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (422, [champ])


@pytest.mark.parametrize("numero", ["12", "douze", "9" * 40, "<b>", "\x00"])
def test_le_qr_remplit_le_numero_et_rien_d_autre(client, numero):
    page = client.get(SUIVRE, {"numero": numero})
    assert page.context["form"]["numero"].value() == ("12" if numero == "12" else None)


# --- Guessing ----------------------------------------------------------------------------------------------------


def test_cinq_essais_puis_on_attend(client):
    """Brute force, by number: from as many networks as one likes, even the right secret waits."""
    fait = depot()
    for rang in range(5):
        assert essayer(client, fait.numero, "Z" * 20, REMOTE_ADDR=f"203.0.113.{rang}").status_code == 422
    for mot in ("Z" * 20, ECRIT):
        reponse = essayer(client, fait.numero, mot, REMOTE_ADDR="203.0.113.99")
        assert (reponse.status_code, "Réessayez dans 15 min" in reponse.content.decode()) == (429, True)
    assert not client.session.get("idees_tenues")


def test_un_numero_essaye_n_arrete_pas_les_autres_de_la_meme_connexion(client):
    """A town hall: somebody mistypes her secret, the next one at the desk opens hers."""
    fait, autre = depot(), depot()
    for _fois in range(6):
        essayer(client, autre.numero, "Z" * 20)
    assert essayer(client, autre.numero).status_code == 429
    assert essayer(client, fait.numero).status_code == 302


def test_beaucoup_d_essais_d_une_meme_connexion(client):
    """Brute force, number after number, whatever the request says of where it comes from."""
    fait = depot()
    for rang in range(ESSAIS_PAR_RESEAU.maximum):
        reponse = essayer(client, 5000 + rang, "Z" * 20, HTTP_X_FORWARDED_FOR=f"203.0.113.{rang}")
        assert reponse.status_code == 422
    assert essayer(client, fait.numero, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 429
    assert essayer(client, fait.numero, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_derriere_un_mandataire_chaque_connexion_compte(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fait = depot()
    for rang in range(ESSAIS_PAR_RESEAU.maximum + 1):
        # What the client itself wrote stands first; the proxy adds the last.
        entete = f"10.0.0.{rang}, 203.0.113.5"  # one network
        reponse = essayer(client, 6000 + rang, "Z" * 20, HTTP_X_FORWARDED_FOR=entete)
    assert reponse.status_code == 429
    assert essayer(client, fait.numero, HTTP_X_FORWARDED_FOR="203.0.113.5, 203.0.113.6").status_code == 302


def test_un_bon_essai_ne_compte_pas(client):
    fait = depot()
    for _rang in range(12):
        assert essayer(client, fait.numero).status_code == 302
        client.post(reverse("idees:laisser", args=[fait.numero]))


def test_l_attente_finit(client, monkeypatch):
    fait = depot()
    for rang in range(5):
        essayer(client, fait.numero, "Z" * 20, REMOTE_ADDR=f"203.0.113.{rang}")
    nom = ESSAIS_PAR_NUMERO._nom(fait.numero)
    cache.delete_many([nom, f"{nom}.fin"])  # what fifteen minutes do
    assert essayer(client, fait.numero, REMOTE_ADDR="203.0.113.99").status_code == 302


def test_sans_cache_le_suivi_reste_ferme(client, monkeypatch):
    """Nothing can be counted: it says so, and opens nothing."""

    def panne(*args, **kwargs):
        raise ConnectionError

    fait = depot()
    monkeypatch.setattr("socle.cadence.cache.add", panne)
    reponse = essayer(client, fait.numero)
    assert (reponse.status_code, "indisponible" in reponse.content.decode()) == (429, True)


def test_une_promesse_meurt_avec_son_jour(monkeypatch):
    jeton = secret.promettre(12)
    assert secret.tenir_parole(jeton)[0] == "12"
    demain = time.time() + secret.PROMESSE_MAX + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: demain)
    with pytest.raises(signing.SignatureExpired):
        secret.tenir_parole(jeton)


def test_un_secret_vaut_cent_bits():
    tires = {secret.tirer() for _rang in range(500)}
    assert len(tires) == 500
    assert {len(t) for t in tires} == {20}
    assert set("".join(tires)) == set(secret.ALPHABET)
    assert secret.lire(secret.en_groupes(SECRET)) == SECRET
    assert secret.empreinte(1, SECRET) != secret.empreinte(2, SECRET)
    assert not secret.est_le_bon("", 1, "")


# --- What she reads and does -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("etat", "lus"),
    [
        ("a_moderer", ["va la relire", "Abandonner mon idée"]),
        ("publiee", ["Publiée le", "Retirer mon idée"]),
        ("refusee", ["Publicité ou démarchage", "C’est une publicité."]),
        ("en_etude", ["Réponse promise pour le"]),
        ("retenue", ["Réponse officielle", "Oui"]),
        ("non_retenue", ["Réponse officielle", "Non"]),
        ("fusionnee", ["Réunie avec l’idée"]),
        ("retiree", ["Vous l’avez retirée"]),
    ],
)
def test_elle_lit_ce_que_c_est_devenu(client, etat, lus):
    fait = depot(etat)
    confier(client, fait.idee)
    page = client.get(reverse("idees:suivi", args=[fait.numero])).content.decode()
    for mots in lus:
        assert mots in page


def test_elle_corrige_ses_coordonnees(client):
    fait = depot(contact={"courriel": COURRIEL})
    confier(client, fait.idee)
    adresse = reverse("idees:contact", args=[fait.numero])
    assert client.post(adresse, {"courriel": "faux"}).status_code == 422
    assert client.post(adresse, {"courriel": "", "adresse_postale": ADRESSE + "\r\n\r\n"}).status_code == 302
    fait.refresh_from_db()
    assert (fait.courriel, fait.adresse_postale) == ("", ADRESSE)


def test_elle_laisse_l_appareil(client):
    fait = depot()
    confier(client, fait.idee)
    client.post(reverse("idees:laisser", args=[fait.numero]))
    assert client.get(reverse("idees:suivi", args=[fait.numero])).status_code == 404
    assert essayer(client, fait.numero).status_code == 302


def test_ouvrir_change_de_session(client):
    """A session that somebody else prepared does not become hers."""
    fait = depot()
    client.get(SUIVRE)
    confier(client, depot().idee)
    avant = client.session.session_key
    essayer(client, fait.numero)
    assert client.session.session_key != avant


# --- Attach to an account ----------------------------------------------------------------------------------------


def test_elle_rattache_a_son_compte(client, citoyenne):
    fait = depot("publiee", contact={"nom": "Roseau", "courriel": COURRIEL, "adresse_postale": ADRESSE})
    client.force_login(citoyenne)
    assert essayer(client, fait.numero)["Location"] == f"{RATTACHER}?numero={fait.numero}"
    reponse = essayer(client, fait.numero, adresse=RATTACHER, follow=True)
    assert "maintenant dans votre espace" in reponse.content.decode()
    relu = Depot.objects.select_related("idee").get(pk=fait.pk)
    assert (relu.idee.auteur, relu.idee.nom_de_l_auteur, relu.secret_empreinte, relu.nom, relu.courriel, relu.adresse_postale) == (
        citoyenne, "Camille Exemple", "", "", "", "",
    )  # fmt: skip
    assert suit(citoyenne, fait.idee)
    entree = Entree.objects.get(type="idees.rattacher")
    assert (entree.par, entree.est_publique, "Roseau" in str(entree.donnees)) == (citoyenne, True, False)
    assert "Camille Exemple" in client.get(fait.idee.get_absolute_url()).content.decode()
    client.logout()
    assert essayer(client, fait.numero).status_code == 422, "the secret is dead"


def test_elle_ne_soutient_pas_sa_propre_idee(client, citoyenne, voisin):
    fait = depot("publiee")
    for personne in (citoyenne, voisin):
        Soutien.objects.create(idee=fait.idee, personne=personne)
    client.force_login(citoyenne)
    reponse = essayer(client, fait.numero, adresse=RATTACHER, follow=True)
    assert "votre soutien est retiré" in reponse.content.decode()
    assert [s.personne for s in fait.idee.soutiens.all()] == [voisin]


def _deja_rattachee(fait, personne):
    depots.rattacher(fait, par=PersonneFabrique())


def _a_un_compte_efface(fait, personne):
    autre = PersonneFabrique()
    depots.rattacher(fait, par=autre)
    autre.delete()


@pytest.mark.parametrize(
    ("etat", "avant", "mot", "statut"),
    [
        ("publiee", None, "Z" * 20, 422),
        ("publiee", _deja_rattachee, ECRIT, 422),
        ("publiee", _a_un_compte_efface, ECRIT, 422),
        ("fusionnee", None, ECRIT, 409),
        ("a_moderer", None, ECRIT, 302),
        ("refusee", None, ECRIT, 302),
    ],
)
def test_cases_refusees(client, citoyenne, etat, avant, mot, statut):
    fait = depot(etat)
    if avant:
        avant(fait, citoyenne)
    client.force_login(citoyenne)
    assert essayer(client, fait.numero, mot, adresse=RATTACHER).status_code == statut
    fait.idee.refresh_from_db()
    assert (fait.idee.auteur == citoyenne) == (statut == 302)


def test_l_agent_qui_l_a_saisie_ne_la_prend_pas(client, agent):
    fait = depot("publiee", canal="guichet", saisi_par=agent)
    client.force_login(agent)
    reponse = essayer(client, fait.numero, adresse=RATTACHER)
    assert (reponse.status_code, "pas à vous" in reponse.content.decode()) == (403, True)


def test_deux_comptes_a_la_fois_un_seul_l_a(citoyenne, voisin):
    fait = depot("publiee")
    depots.rattacher(fait, par=citoyenne)
    with pytest.raises(EtapeImpossible):
        depots.rattacher(fait, par=voisin)


def test_rattachee_elle_se_conduit_comme_les_autres(client, citoyenne):
    fait = depot("publiee")
    depots.rattacher(fait, par=citoyenne)
    fait.idee.refresh_from_db()
    franchir(fait.idee.retirer, par=citoyenne, motif="Je change d’avis.")
    assert fait.idee.etat == "retiree"
