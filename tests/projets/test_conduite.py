"""What those who conduct a projet do, who may not, and what bad input costs: one sentence, nothing lost."""

from datetime import UTC, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from projets.actions import modifier_etape, publier_actualite, retirer_role
from projets.models import Actualite, Document, Etape, Projet, RoleProjet
from projets.templatetags.projets import moment
from socle.double_envoi import DOUBLE_ENVOI
from socle.permissions import SYSTEME
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique, publier_reponse
from tests.projets.fichiers import octets_pdf
from timeline.chaine import horodatage
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree, RegistreScelle
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db
DEMAIN = "%Y-%m-%dT%H:%M"


def quand(jours):
    return timezone.localtime(timezone.now() + timedelta(days=jours)).strftime(DEMAIN)


def etape_valide(**autres):
    base = {
        "titre": "Ateliers",
        "genre": "rencontre",
        "ouvre_le": quand(3),
        "ferme_le": quand(9),
        "ouvre": ["inscrire", "commenter"],
    }
    return {**base, **autres}


# --- Who may ------------------------------------------------------------------------------------------------------


def adresses(projet):
    etape = projet.etapes.first()
    document = projet.documents.first()
    role = projet.roles.first()
    simples = ("conduire", "modifier", "ajouter_etape", "ajouter_document", "ajouter_actualite", "equipe")
    return {
        **{nom: reverse(f"projets:{nom}", args=[projet.slug]) for nom in simples},
        "modifier_etape": reverse("projets:modifier_etape", args=[projet.slug, etape.pk]),
        "retirer_etape": reverse("projets:retirer_etape", args=[projet.slug, etape.pk]),
        "ajouter_version": reverse("projets:ajouter_version", args=[projet.slug, document.pk]),
        "retirer_role": reverse("projets:retirer_role", args=[projet.slug, role.pk]),
        "creer": reverse("projets:creer"),
    }


@pytest.fixture
def projet(referente):
    projet = ProjetFabrique(referente=referente)
    EtapeFabrique(projet=projet, ouvre_le=timezone.now() + timedelta(days=1))
    Document.objects.create(projet=projet, titre="Plan")
    RoleProjet.objects.create(projet=projet, personne=PersonneFabrique(), role="experte")
    return projet


#: What a GET answers; a POST-only address answers 405. A retired stage of an announced projet is refused to everybody.
OUVERT = {"retirer_role": 405, "retirer_etape": 409}


@pytest.mark.parametrize(
    "role", ["visiteur", "citoyenne", "agent", "referente", "autre_referente", "moderatrice", "elue", "administratrice"]
)
def test_qui_ouvre_quoi(role, roles, client, projet):
    if role != "visiteur":
        client.force_login(roles[role])
    for nom, adresse in adresses(projet).items():
        if role == "visiteur":
            attendu = 302
        elif role in {"agent", "administratrice"} or (role == "referente" and nom != "creer"):
            attendu = OUVERT.get(nom, 200)
        else:
            attendu = 405 if nom == "retirer_role" else 403
        assert (nom, client.get(adresse).status_code) == (nom, attendu)


@pytest.mark.parametrize("role", ["citoyenne", "autre_referente", "moderatrice", "elue"])
def test_poster_sans_droit_ne_change_rien(role, roles, client, projet):
    client.force_login(roles[role])
    avant = Entree.objects.count()
    for nom, adresse in adresses(projet).items():
        statut = client.post(adresse, etape_valide(texte="x", courriel="a@b.fr", role="experte")).status_code
        assert (nom, statut) == (nom, 405 if nom == "conduire" else 403)
    assert (Entree.objects.count(), RoleProjet.objects.count(), projet.etapes.count()) == (avant, 1, 1)


def test_conduire_un_projet_n_ouvre_pas_les_autres(client, projet, referente):
    """The référente of A names rows of B in her addresses: they are not there."""
    client.force_login(referente)
    autre = ProjetFabrique(annonce=False)
    etape = EtapeFabrique(projet=autre, titre="D’un autre")
    document = Document.objects.create(projet=autre, titre="D’un autre")
    role = RoleProjet.objects.create(projet=autre, personne=PersonneFabrique(), role="experte")
    version = {"fichier": None, "note": "x"}
    cibles = [
        ("modifier_etape", etape.pk, etape_valide()),
        ("retirer_etape", etape.pk, {}),
        ("ajouter_version", document.pk, version | {"fichier": _fichier()}),
        ("retirer_role", role.pk, {}),
    ]
    for nom, pk, donnees in cibles:
        assert (nom, client.post(reverse(f"projets:{nom}", args=[projet.slug, pk]), donnees).status_code) == (nom, 404)
        assert (nom, client.post(reverse(f"projets:{nom}", args=[autre.slug, pk]), donnees).status_code) == (nom, 404)
    etape.refresh_from_db()
    assert (etape.titre, document.versions.count(), autre.roles.count()) == ("D’un autre", 0, 1)


def _fichier(nom="plan.pdf"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(nom, octets_pdf(), content_type="application/pdf")


def test_ce_qui_ne_se_poste_pas_dans_un_formulaire_ne_change_pas(client, agent):
    """State, dates of announcement and address are nobody's to type."""
    client.force_login(agent)
    client.post(
        reverse("projets:creer"),
        {
            "titre": "T",
            "resume": "R",
            "etat": "en_cours",
            "annonce_le": "2020-01-01",
            "slug": "pris",
            "cree_le": "2020-01-01",
        },
    )
    projet = Projet.objects.get()
    assert (projet.etat, projet.annonce_le, projet.slug, projet.cree_le.year) == (
        "brouillon",
        None,
        "t",
        timezone.now().year,
    )


# --- Stages -------------------------------------------------------------------------------------------------------


def test_ajouter_une_etape(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique()
    reponse = client.post(reverse("projets:ajouter_etape", args=[projet.slug]), etape_valide())
    assert reponse.status_code == 302
    etape = projet.etapes.get()
    assert (etape.etat, etape.ouvre) == ("prevue", ["commenter", "inscrire"])
    entree = Entree.objects.get(type="projets.etape.ajouter")
    assert entree.est_publique
    assert "Ateliers" in phrase_en_texte(entree)


MAUVAISES_ETAPES = {
    "titre": ["", " ", "x" * 161],
    "genre": ["", "fete"],
    "ouvre_le": ["", "demain", "2027-13-45T99:99", "0001-01-01T00:00", "9999-12-31T23:59", "1027-03-01T08:00"],
    "ferme_le": ["", "jamais", "2024-01-01T08:00", "9999-12-31T23:59"],
    "ouvre": [["voler"]],
    "lieu": ["x" * 201],
    "description": ["x" * 3001],
}


@pytest.mark.parametrize(("champ", "valeur"), [(c, v) for c, valeurs in MAUVAISES_ETAPES.items() for v in valeurs])
def test_une_etape_mal_saisie_se_corrige(champ, valeur, client, agent):
    client.force_login(agent)
    projet = ProjetFabrique()
    saisie = etape_valide(titre="Mot gardé") if champ != "titre" else etape_valide(lieu="Mot gardé")
    reponse = client.post(reverse("projets:ajouter_etape", args=[projet.slug]), {**saisie, champ: valeur})
    assert reponse.status_code == 422
    form = reponse.context["form"]
    assert list(form.errors) == [champ]
    assert len(form.errors[champ]) == 1
    page = reponse.content.decode()
    assert "Mot gardé" in page
    assert 'aria-invalid="true"' in page
    assert not projet.etapes.exists()
    assert not Entree.objects.filter(type="projets.etape.ajouter").exists()


def test_deplacer_une_etape_dit_les_anciennes_dates_et_les_nouvelles(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique(titre="La place")
    debut = timezone.now().replace(microsecond=0) + timedelta(days=3)
    etape = EtapeFabrique(projet=projet, titre="Ateliers", ouvre_le=debut, ferme_le=debut + timedelta(days=2))
    adresse = reverse("projets:modifier_etape", args=[projet.slug, etape.pk])
    form = client.get(adresse).context["form"]
    saisie = {nom: form[nom].value() for nom in form.fields} | {
        "ouvre_le": _saisi(etape.ouvre_le),
        "ferme_le": quand(20),
    }
    assert client.post(adresse, saisie).status_code == 302
    avant, etape = etape, Etape.objects.get(pk=etape.pk)
    entree = Entree.objects.get(type="projets.etape.deplacer")
    # The beginning was not touched: its seconds, that the field does not show, are still there.
    assert etape.ouvre_le == avant.ouvre_le
    assert entree.donnees == {"ferme_le": {"avant": horodatage(avant.ferme_le), "apres": horodatage(etape.ferme_le)}}
    assert entree.est_publique
    texte = phrase_en_texte(entree)
    for fin in (avant.ferme_le, etape.ferme_le):
        assert " ".join(moment(fin).split()) in texte
    assert "La place" in texte
    assert not Entree.objects.filter(type="projets.etape.modifier").exists()


def _saisi(moment):
    return timezone.localtime(moment).strftime(DEMAIN)


def test_dates_et_mots_font_deux_entrees(agent):
    etape = EtapeFabrique()
    changes = modifier_etape(etape, par=agent, titre="Nouveau titre", ferme_le=etape.ferme_le + timedelta(days=1))
    assert changes == ["titre", "ferme_le"]
    assert Entree.objects.get(type="projets.etape.modifier").donnees == {"champs": ["titre"]}
    assert "« Titre »" in phrase_en_texte(Entree.objects.get(type="projets.etape.modifier"))


def test_ce_qui_a_commence_ne_recommence_pas(agent, client):
    etape = EtapeFabrique()
    franchir(etape.ouvrir, par=SYSTEME)
    with pytest.raises(EtapeInvalide, match="déjà commencé"):
        modifier_etape(etape, par=agent, ouvre_le=etape.ouvre_le - timedelta(days=1))
    with pytest.raises(EtapeInvalide, match="déjà passée"):
        modifier_etape(etape, par=agent, ferme_le=timezone.now() - timedelta(minutes=1))
    client.force_login(agent)
    adresse = reverse("projets:modifier_etape", args=[etape.projet.slug, etape.pk])
    form = client.get(adresse).context["form"]
    saisie = {nom: form[nom].value() for nom in form.fields} | {"ouvre_le": quand(-9), "ferme_le": quand(9)}
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == 422
    assert "déjà commencé" in reponse.context["form"].errors["ouvre_le"][0]
    assert Etape.objects.get(pk=etape.pk).ouvre_le == etape.ouvre_le
    # Its end may move, to a day that is still to come.
    assert modifier_etape(etape, par=agent, ferme_le=timezone.now() + timedelta(days=90)) == ["ferme_le"]


def test_une_etape_terminee_ne_change_plus(agent, client):
    etape = EtapeFabrique()
    franchir(etape.ouvrir, par=SYSTEME)
    with time_machine.travel(etape.ferme_le, tick=False):
        franchir(etape.fermer, par=SYSTEME)
    with pytest.raises(EtapeImpossible):
        modifier_etape(etape, par=agent, titre="Autre")
    client.force_login(agent)
    assert client.get(reverse("projets:modifier_etape", args=[etape.projet.slug, etape.pk])).status_code == 409


def test_une_etape_se_retire_d_un_brouillon_seulement(agent, client):
    client.force_login(agent)
    brouillon, annonce = ProjetFabrique(annonce=False), ProjetFabrique()
    for projet, statut, reste in ((brouillon, 302, 0), (annonce, 409, 1)):
        etape = EtapeFabrique(projet=projet)
        reponse = client.post(reverse("projets:retirer_etape", args=[projet.slug, etape.pk]))
        assert (reponse.status_code, projet.etapes.count()) == (statut, reste)
    entree = Entree.objects.get(type="projets.etape.retirer")
    assert not entree.est_publique
    assert "retirée" in phrase_en_texte(entree)


def test_un_brouillon_peut_raconter_le_passe(client, agent):
    """A démarche begun on paper is written down afterwards, with its real dates."""
    client.force_login(agent)
    brouillon = ProjetFabrique(annonce=False)
    passee = etape_valide(ouvre_le="2019-01-15T08:00", ferme_le="2019-05-31T23:59")
    assert client.post(reverse("projets:ajouter_etape", args=[brouillon.slug]), passee).status_code == 302
    etape = brouillon.etapes.get()
    assert etape.ferme_le.astimezone(UTC).isoformat() == "2019-05-31T21:59:00+00:00"
    assert not Entree.objects.filter(est_publique=True).exists()


# --- News, team, end of life --------------------------------------------------------------------------------------


def test_une_actualite_se_publie_et_ne_change_plus(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique(titre="La place")
    reponse = client.post(
        reverse("projets:ajouter_actualite", args=[projet.slug]),
        {
            "titre": "Premiers coups de pioche",
            "texte": "**Lundi** [plan](https://exemple.fr) <script>alert(1)</script>",
        },
    )
    actualite = Actualite.objects.get()
    assert reponse.url == actualite.get_absolute_url()
    page = client.get(reponse.url).content.decode()
    assert "<strong>Lundi</strong>" in page
    assert "<script>alert" not in page
    entree = Entree.objects.get(type="projets.actualite.publier")
    assert phrase_en_texte(entree) == "Des nouvelles du projet « La place » : Premiers coups de pioche."
    actualite.texte = "Autre chose"
    for geste in (actualite.save, actualite.delete):
        with pytest.raises(RegistreScelle):
            geste()
    for champ in ("titre", "texte"):
        saisie = {"titre": "T", "texte": "Mot gardé", champ: ""}
        refus = client.post(reverse("projets:ajouter_actualite", args=[projet.slug]), saisie)
        assert (refus.status_code, list(refus.context["form"].errors)) == (422, [champ])


def test_la_meme_actualite_envoyee_deux_fois_est_publiee_une_fois(client, agent):
    """A network that comes back: the first answer was lost, she sends again. A minute later it is another one."""
    projet = ProjetFabrique()
    client.force_login(agent)
    adresse, mots = reverse("projets:ajouter_actualite", args=[projet.slug]), {"titre": "Travaux", "texte": "Lundi."}
    assert client.post(adresse, mots).url == client.post(adresse, mots).url
    assert Entree.objects.filter(type="projets.actualite.publier").count() == Actualite.objects.count() == 1
    client.post(adresse, mots | {"texte": "Mardi."})
    with time_machine.travel(timezone.now() + DOUBLE_ENVOI + timedelta(seconds=1)):
        client.post(adresse, mots)
    assert Actualite.objects.count() == 3


def test_la_meme_etape_envoyee_deux_fois_est_ajoutee_une_fois(client, agent):
    projet = ProjetFabrique()
    client.force_login(agent)
    adresse, mots = reverse("projets:ajouter_etape", args=[projet.slug]), etape_valide()
    for envoi in (mots, mots, mots | {"titre": "D’autres ateliers"}):
        assert client.post(adresse, envoi).status_code == 302
    assert projet.etapes.count() == Entree.objects.filter(type="projets.etape.ajouter").count() == 2


def test_pas_d_actualite_sur_un_brouillon(client, agent):
    client.force_login(agent)
    brouillon = ProjetFabrique(annonce=False)
    assert client.get(reverse("projets:ajouter_actualite", args=[brouillon.slug])).status_code == 409
    with pytest.raises(EtapeImpossible):
        publier_actualite(brouillon, par=agent, titre="T", texte="T")


def test_l_equipe_du_projet(client, agent, citoyenne, elue):
    client.force_login(agent)
    projet = ProjetFabrique()
    adresse = reverse("projets:equipe", args=[projet.slug])
    for courriel, role in ((citoyenne.email.upper(), "experte"), (elue.email, "elue"), (elue.email, "elue")):
        assert client.post(adresse, {"courriel": courriel, "role": role}).status_code == 302
    assert projet.roles.count() == 2
    refus = {
        ("", "experte"): "courriel",
        ("pas une adresse", "experte"): "courriel",
        ("inconnue@exemple.fr", "experte"): "courriel",
        (citoyenne.email, "elue"): "role",
        (citoyenne.email, "referente"): "role",
    }
    for (courriel, role), champ in refus.items():
        reponse = client.post(adresse, {"courriel": courriel, "role": role})
        assert (courriel, reponse.status_code, list(reponse.context["form"].errors)) == (courriel, 422, [champ])
    page = client.get(projet.get_absolute_url()).content.decode()
    assert citoyenne.pseudonyme in page
    assert citoyenne.email not in page
    retrait = projet.roles.get(personne=citoyenne)
    assert client.post(reverse("projets:retirer_role", args=[projet.slug, retrait.pk])).status_code == 302
    retirer_role(retrait, par=agent)  # already gone: nothing more is told
    types = list(
        Entree.objects.filter(type__startswith="projets.role").order_by("numero").values_list("type", flat=True)
    )
    assert types == ["projets.role.donner", "projets.role.donner", "projets.role.retirer"]
    donnees = str(list(Entree.objects.values_list("donnees", flat=True)))
    assert citoyenne.pseudonyme not in donnees
    assert citoyenne.email not in donnees


def test_fermer_son_compte_fait_quitter_l_equipe(citoyenne):
    from comptes.effacement import effacer

    RoleProjet.objects.create(projet=ProjetFabrique(), personne=citoyenne, role="experte")
    effacer(citoyenne)
    assert not RoleProjet.objects.exists()


def test_un_projet_termine_ne_se_recrit_pas_mais_se_raconte(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique(ouvert=True)
    publier_reponse(projet, agent=agent)
    projet.refresh_from_db()
    franchir(projet.clore, par=agent)

    def statuts():
        noms = ("modifier", "ajouter_etape", "equipe", "ajouter_document", "ajouter_actualite", "conduire")
        return [client.get(reverse(f"projets:{nom}", args=[projet.slug])).status_code for nom in noms]

    assert statuts() == [403, 403, 403, 200, 200, 200]
    franchir(projet.archiver, par=agent)
    assert statuts() == [403, 403, 403, 403, 403, 200]
    with pytest.raises(EtapeInterdite):
        publier_actualite(projet, par=agent, titre="T", texte="T")


def test_la_reponse_officielle_se_prepare_depuis_le_panneau(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique(ouvert=True)
    page = client.get(reverse("projets:conduire", args=[projet.slug])).content.decode()
    assert reverse("reponses:rediger", args=["projets.projet", projet.pk]) in page
    annonce = ProjetFabrique()
    page = client.get(reverse("projets:conduire", args=[annonce.slug])).content.decode()
    assert reverse("reponses:rediger", args=["projets.projet", annonce.pk]) not in page


def test_l_administration_regarde_sans_toucher(client, administratrice, settings):
    client.force_login(administratrice)
    settings.DOUBLE_FACTEUR_EXIGE = False
    projet = ProjetFabrique()
    for modele in (Projet, Etape, Document, Actualite):
        gestion = admin.site._registry[modele]
        for droit in (gestion.has_add_permission, gestion.has_change_permission, gestion.has_delete_permission):
            assert not droit(None)
    page = client.get(reverse("admin:projets_projet_change", args=[projet.pk]))
    assert page.status_code == 200
    assert client.post(reverse("admin:projets_projet_change", args=[projet.pk]), {"titre": "Changé"}).status_code == 403
    assert Projet.objects.get(pk=projet.pk).titre == projet.titre
