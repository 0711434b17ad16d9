"""No projet is announced without its frame, at any level; and a frame that changes changes in the open."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from projets.actions import modifier
from projets.forms import DEMANDES
from projets.models import Projet, VersionCadre
from tests.fabriques import PersonneFabrique, ProjetFabrique, ThematiqueFabrique, publier_reponse
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree, RegistreScelle
from timeline.phrases import phrase, phrase_en_texte

pytestmark = pytest.mark.django_db
CADRE = [*Projet.CADRE, "referente"]
VIDES = {nom: None if nom == "referente" else "" for nom in CADRE}


def donnees(projet, **autres):
    """What the form of this projet sends when nothing is touched."""
    from projets.forms import ProjetForm

    form = ProjetForm(instance=projet)
    saisie = {nom: form[nom].value() for nom in form.fields}
    saisie["thematiques"] = [theme.pk for theme in projet.thematiques.all()] if projet.pk else []
    return {nom: valeur for nom, valeur in {**saisie, **autres}.items() if valeur not in (None, "")}


@pytest.mark.parametrize("manque", CADRE)
def test_sans_son_cadre_la_transition_refuse_et_dit_quoi(manque, agent):
    projet = ProjetFabrique(annonce=False, **{manque: VIDES[manque]})
    with pytest.raises(EtapeInvalide) as refus:
        franchir(projet.annoncer, par=agent)
    assert str(Projet._meta.get_field(manque).verbose_name) in str(refus.value)
    assert Projet.objects.get().etat == "brouillon"
    assert not Entree.objects.exists()
    assert not VersionCadre.objects.exists()


@pytest.mark.parametrize("manque", [nom for nom in Projet.CADRE if nom not in {"decideur", "niveau"}])
def test_des_espaces_ne_sont_pas_un_cadre(manque, agent):
    with pytest.raises(EtapeInvalide):
        franchir(ProjetFabrique(annonce=False, **{manque: " \n "}).annoncer, par=agent)


@pytest.mark.parametrize("manque", CADRE)
def test_la_base_refuse_un_projet_annonce_sans_son_cadre(manque):
    projet = ProjetFabrique()
    setattr(projet, manque, VIDES[manque])
    with pytest.raises(IntegrityError), transaction.atomic():
        projet.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(**{manque: VIDES[manque]})


@pytest.mark.parametrize("manque", CADRE)
def test_le_formulaire_garde_le_cadre_complet(manque, client, agent):
    """One sentence beside the field, nothing written, and every other word typed is kept."""
    client.force_login(agent)
    projet = ProjetFabrique()
    saisie = donnees(projet, titre="Un titre tout neuf")
    saisie.pop(manque)
    reponse = client.post(reverse("projets:modifier", args=[projet.slug]), saisie)
    assert reponse.status_code == 422
    form = reponse.context["form"]
    assert form.errors == {manque: [str(DEMANDES[manque])]}
    page = reponse.content.decode()
    assert str(DEMANDES[manque]) in page
    assert 'value="Un titre tout neuf"' in page
    assert Projet.objects.get(pk=projet.pk).titre == projet.titre
    assert not Entree.objects.filter(type="projets.modifier").exists()


def test_un_brouillon_se_complete_petit_a_petit(client, agent):
    """A title and a sentence to begin; the panel says what is missing, and offers the step once nothing is."""
    client.force_login(agent)
    reponse = client.post(reverse("projets:creer"), {"titre": "La place Fictive", "resume": "Refaire la place."})
    projet = Projet.objects.get()
    assert reponse.url == reverse("projets:conduire", args=["la-place-fictive"])
    annoncer = reverse("timeline:etape", args=["projets.projet", projet.pk, "annoncer"])
    page = client.get(reponse.url).content.decode()
    for nom in CADRE:
        assert str(Projet._meta.get_field(nom).verbose_name).replace("'", "&#x27;") in page
    assert annoncer not in page
    assert client.post(annoncer, {"etat": "brouillon"}).status_code == 400
    modele = ProjetFabrique()
    complet = donnees(projet, **{nom: getattr(modele, nom) for nom in Projet.CADRE}, referente=agent.pk)
    assert client.post(reverse("projets:modifier", args=[projet.slug]), complet).status_code == 302
    page = client.get(reponse.url).content.decode()
    assert annoncer in page
    assert client.post(annoncer, {"etat": "brouillon"}).status_code == 302
    assert Projet.objects.get(pk=projet.pk).etat == "annonce"
    types = list(Entree.objects.filter(projet=projet).order_by("numero").values_list("type", "est_publique"))
    assert types == [("projets.creer", False), ("projets.modifier", False), ("projets.annoncer", True)]


# --- Once announced ----------------------------------------------------------------------------------------------


def test_un_cadre_qui_change_change_au_grand_jour(agent, client):
    projet = ProjetFabrique(titre="Le marché", perimetre="La place seule.")
    modifier(projet, par=agent, perimetre="La place et les rues autour.", titre="Le marché couvert")
    entree = Entree.objects.get(type="projets.modifier")
    versions = list(projet.versions_cadre.order_by("numero"))
    assert [v.perimetre for v in versions] == ["La place seule.", "La place et les rues autour."]
    assert entree.est_publique
    assert entree.donnees == {"champs": ["perimetre", "titre"], "cadre": 2, "empreinte": versions[1].empreinte()}
    texte = phrase_en_texte(entree)
    assert "« De quoi parle-t-on ? » et « Titre »" in texte
    assert reverse("projets:cadre", args=[projet.slug]) in phrase(entree)
    page = client.get(reverse("projets:cadre", args=[projet.slug])).content.decode()
    assert "La place seule." in page
    assert "La place et les rues autour." in page
    assert page.count("cadre__change") == 1
    assert "voir les anciennes" in client.get(projet.get_absolute_url()).content.decode()


def test_changer_autre_chose_que_le_cadre_ne_fait_pas_de_version(agent):
    projet = ProjetFabrique()
    assert modifier(projet, par=agent, resume="Une autre phrase.", thematiques=[ThematiqueFabrique()]) == [
        "resume",
        "thematiques",
    ]
    assert Entree.objects.get(type="projets.modifier").donnees == {"champs": ["resume", "thematiques"]}
    assert projet.versions_cadre.count() == 1


def test_ne_rien_changer_n_ecrit_rien(agent, client):
    client.force_login(agent)
    projet = ProjetFabrique(description="Une ligne.\nUne autre.")
    avant = Entree.objects.count()
    assert client.post(reverse("projets:modifier", args=[projet.slug]), donnees(projet)).status_code == 302
    assert Entree.objects.count() == avant


def test_apres_la_decision_le_cadre_ne_change_plus(agent, client):
    projet = ProjetFabrique(ouvert=True)
    publier_reponse(projet, agent=agent)
    with pytest.raises(EtapeImpossible, match="cadre"):
        modifier(projet, par=agent, decideur="Quelqu’un d’autre.")
    client.force_login(agent)
    saisie = donnees(projet, decideur="Quelqu’un d’autre.", resume="Une phrase plus claire.")
    assert client.post(reverse("projets:modifier", args=[projet.slug]), saisie).status_code == 302
    projet.refresh_from_db()
    assert (projet.decideur, projet.resume) == ("Le conseil municipal fictif.", "Une phrase plus claire.")


def test_une_version_du_cadre_ne_se_reecrit_nulle_part():
    version = ProjetFabrique().versions_cadre.get()
    version.perimetre = "Autre chose."
    for geste in (version.save, version.delete):
        with pytest.raises(RegistreScelle):
            geste()
    table = VersionCadre._meta.db_table
    ordres = [f"UPDATE {table} SET perimetre = 'x'", f"DELETE FROM {table}"]
    for ordre in ordres:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(ordre)


@pytest.mark.parametrize("role", ["citoyenne", "moderatrice", "elue", "autre_referente"])
def test_les_autres_ne_changent_rien(role, roles):
    projet = ProjetFabrique(referente=roles["referente"])
    with pytest.raises(EtapeInterdite):
        modifier(projet, par=roles[role], resume="Pris en main.")
    assert Projet.objects.get(pk=projet.pk).resume == projet.resume


def test_deux_personnes_qui_ecrivent_ne_s_effacent_pas_sans_le_savoir(client, agent):
    """The second reads that something changed, her words are kept, and sending again is a choice."""
    client.force_login(agent)
    projet = ProjetFabrique()
    saisie = donnees(projet, resume="Ce qu’écrit la seconde.")
    modifier(projet, par=PersonneFabrique(roles=["agent"]), resume="Ce qu’a écrit la première.")
    adresse = reverse("projets:modifier", args=[projet.slug])
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "pendant que vous écriviez" in page
    assert "Ce qu’écrit la seconde." in page
    assert Projet.objects.get(pk=projet.pk).resume == "Ce qu’a écrit la première."
    saisie["vu"] = reponse.context["form"]["vu"].value()
    assert client.post(adresse, saisie).status_code == 302
    assert Projet.objects.get(pk=projet.pk).resume == "Ce qu’écrit la seconde."


def test_deux_projets_du_meme_nom_ont_deux_adresses(client, agent):
    client.force_login(agent)
    for _ in range(3):
        client.post(reverse("projets:creer"), {"titre": "Nouveau", "resume": "Encore un."})
    assert sorted(Projet.objects.values_list("slug", flat=True)) == ["nouveau", "nouveau-2", "nouveau-3"]
    assert client.get("/projets/nouveau/").status_code == 200
    client.post(reverse("projets:creer"), {"titre": "§§§", "resume": "Sans lettre."})
    assert Projet.objects.filter(slug="projet").exists()


def test_saisies_impossibles(client, agent):
    client.force_login(agent)
    cas = {
        "titre": ["", "   ", "x" * 141, "\u200b"],
        "resume": ["", "x" * 301],
        "niveau": ["vote"],
        "referente": ["999999", "abc", str(PersonneFabrique().pk)],
        "territoire": ["999999"],
        "thematiques": ["999999", "abc"],
        "description": ["x" * 20_001],
    }
    for champ, valeurs in cas.items():
        for valeur in valeurs:
            saisie = {"titre": "Un titre", "resume": "Une phrase.", "decideur": "Mot gardé", champ: valeur}
            reponse = client.post(reverse("projets:creer"), saisie)
            assert (champ, valeur[:10], reponse.status_code) == (champ, valeur[:10], 422)
            assert list(reponse.context["form"].errors) == [champ]
            assert "Mot gardé" in reponse.content.decode()
    assert not Projet.objects.exists()
