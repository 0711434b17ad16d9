"""Models of answers: kept by agents, copied into drafts, with a closed list of placeholders."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reponses import modeles
from reponses.modeles import remplir, verifier_les_marques
from reponses.models import ModeleDeReponse, Reponse
from territoires.models import Territoire
from tests.fabriques import IdeeFabrique
from tests.reponses.lots import INSTRUCTION, TOUS
from timeline.etapes import EtapeImpossible, EtapeInterdite
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db
CONTENU = {
    "nom": "Trop cher",
    "sens": "no_go",
    "motif": "cout",
    "texte": "Non pour « {titre} », à {commune} : {service}.",
}


@pytest.fixture
def modele(agent):
    return modeles.creer(par=agent, **CONTENU)


def page(reponse) -> str:
    return reponse.content.decode()


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in TOUS}


# --- Placeholders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("Bonjour {maire}", "{maire} ne veut rien dire ici. Vous pouvez écrire : {titre}, {commune}, {service}."),
        ("{user.__class__}", "{user.__class__} ne veut rien dire ici"),
        ("{{7*7}}", "{7*7} ne veut rien dire ici"),
        ("{}", "{} ne veut rien dire ici"),
        ("{ titre }", "{ titre } ne veut rien dire ici"),
        ("{TITRE}", "{TITRE} ne veut rien dire ici"),
        ("{titre", "Une accolade est seule"),
        ("titre}", "Une accolade est seule"),
    ],
)
def test_une_marque_inconnue_est_dite_au_champ(client, agent, texte, mots):
    """XSS-13 included: nothing is ever evaluated."""
    client.force_login(agent)
    recue = client.post(reverse("reponses:nouveau_modele"), CONTENU | {"texte": texte})
    assert (recue.status_code, ModeleDeReponse.objects.count()) == (422, 0)
    assert mots in page(recue)
    assert "Trop cher" in page(recue), "what was typed stays"


@pytest.mark.sans_base
@pytest.mark.parametrize("texte", ["Sans rien", "{titre}{commune}", "${titre} %s", ""])
def test_les_marques_connues_passent(texte):
    verifier_les_marques(texte)


def test_les_marques_sont_remplies_en_une_fois(boite):
    """A title that looks like a placeholder stays a title."""
    ville = Territoire.objects.create(genre="commune", nom="Ville fictive", slug="ville-fictive", code="99001")
    quartier = Territoire.objects.create(genre="quartier", nom="Le Lavoir", slug="le-lavoir", code="Q1", parent=ville)
    for lieu, dit in ((ville, "Ville fictive"), (quartier, "Ville fictive"), (None, "la métropole")):
        idee = IdeeFabrique(titre="Un {service} <b>", boite=boite, territoire=lieu)
        assert remplir("{titre}, {commune}, {service}", idee, "Voirie") == f"Un {{service}} <b>, {dit}, Voirie"
    assert remplir("{service}", idee) == "le service concerné"


# --- Starting from one ---------------------------------------------------------------------------------------------


def test_un_brouillon_part_d_un_modele_sans_javascript(client, modele, idee, agent):
    adresse = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    client.force_login(agent)
    vierge = page(client.get(adresse))
    assert f'<option value="{modele.pk}">Trop cher</option>' in vierge
    assert "Non pour" not in vierge
    rempli = page(client.get(adresse, {"modele": modele.pk}))
    service = idee.boite.service
    assert f"Non pour « Des bancs à l’ombre », à la métropole : {service}." in rempli
    assert f'<option value="{modele.pk}" selected>' in rempli


@pytest.mark.parametrize("cle", ["", "abc", "999999", "-1", "１", "9" * 30, "{archive}"])
def test_un_modele_inconnu_ou_archive_ne_remplit_rien(client, modele, idee, agent, cle):
    if cle == "{archive}":
        modeles.archiver(modele, par=agent)
        cle = str(modele.pk)
    client.force_login(agent)
    recue = client.get(reverse("reponses:rediger", args=["idees.idee", idee.pk]), {"modele": cle})
    assert (recue.status_code, "Non pour" in page(recue)) == (200, False)


def test_changer_un_modele_ne_change_aucune_reponse(client, modele, idee, agent):
    texte = modeles.depart(modele, idee)["texte"]
    reponse = Reponse.objects.create(
        cible=idee, redigee_par=agent, sens="no_go", motif="cout", texte=texte, alternative="Autre chose."
    )
    modeles.modifier(modele, par=agent, lue=modeles.version(modele), texte="Un tout autre texte.")
    modeles.archiver(modele, par=agent)
    reponse.refresh_from_db()
    assert reponse.texte == texte


# --- Keeping them ----------------------------------------------------------------------------------------------------


def test_creer_modifier_archiver(client, agent):
    client.force_login(agent)
    assert client.post(reverse("reponses:nouveau_modele"), CONTENU).status_code == 302
    modele = ModeleDeReponse.objects.get()
    adresse = modele.get_absolute_url()
    assert modeles.version(modele) in page(client.get(adresse))
    donnees = CONTENU | {"texte": "Autre texte.", "lue": modeles.version(modele)}
    assert client.post(adresse, donnees).status_code == 302
    modele.refresh_from_db()
    assert modele.texte == "Autre texte."
    archiver = reverse("reponses:archiver_modele", args=[modele.pk])
    assert client.get(archiver).status_code == 200
    assert ModeleDeReponse.objects.actifs().exists(), "a GET changes nothing"
    assert client.post(archiver).status_code == client.post(archiver).status_code == 302
    assert client.get(adresse).status_code == 409
    assert "Trop cher" not in page(client.get(reverse("reponses:modeles"))).split("<caption>")[-1]
    assert "Trop cher" in page(client.get(reverse("reponses:modeles"), {"archives": "1"}))
    types = list(
        Entree.objects.order_by("pk").filter(type__startswith="reponses.modele").values_list("type", flat=True)
    )
    assert types == ["reponses.modele.creer", "reponses.modele.modifier", "reponses.modele.archiver"]
    assert not Entree.objects.publiques().filter(type__startswith="reponses.modele").exists()
    for entree in Entree.objects.filter(type__startswith="reponses.modele"):
        assert "« Trop cher »" in phrase_en_texte(entree)
        assert entree.donnees == {}


def test_la_seconde_personne_est_prevenue(client, modele, agent, administratrice):
    """Both texts are on her page, nothing was replaced; pressing again is her choice."""
    lue = modeles.version(modele)
    modeles.modifier(modele, par=administratrice, lue=lue, texte="Le texte de la collègue.")
    client.force_login(agent)
    donnees = CONTENU | {"texte": "Mon texte à moi.", "lue": lue}
    recue = client.post(modele.get_absolute_url(), donnees)
    modele.refresh_from_db()
    assert (recue.status_code, modele.texte) == (422, "Le texte de la collègue.")
    assert "Mon texte à moi." in page(recue) and "Le texte de la collègue." in page(recue)
    assert modeles.version(modele) in page(recue)
    assert client.post(modele.get_absolute_url(), donnees | {"lue": modeles.version(modele)}).status_code == 302


@pytest.mark.parametrize(
    ("change", "mots"),
    [
        ({"nom": ""}, "Donnez un nom à ce modèle."),
        ({"nom": "x" * 121}, "120"),
        ({"sens": ""}, "Choisissez la décision."),
        ({"sens": "peut-etre"}, "Sélectionnez un choix valide"),
        ({"motif": ""}, "Choisissez la raison principale."),
        ({"motif": "interet_general"}, "Cette raison ne va pas avec cette décision"),
        ({"texte": " \u200b "}, "Écrivez le texte du modèle."),
        ({"texte": "x" * 4001}, "4000"),
    ],
)
def test_un_modele_mal_ecrit_est_dit(client, agent, change, mots):
    client.force_login(agent)
    recue = client.post(reverse("reponses:nouveau_modele"), CONTENU | change)
    assert (recue.status_code, ModeleDeReponse.objects.count()) == (422, 0)
    assert mots in page(recue)


def test_deux_modeles_n_ont_pas_le_meme_nom_sauf_archive(client, modele, agent):
    client.force_login(agent)
    recue = client.post(reverse("reponses:nouveau_modele"), CONTENU)
    assert (recue.status_code, "Un modèle porte déjà ce nom." in page(recue)) == (422, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModeleDeReponse.objects.create(**CONTENU)
    modeles.archiver(modele, par=agent)
    assert client.post(reverse("reponses:nouveau_modele"), CONTENU).status_code == 302


@pytest.mark.parametrize("champs", [{"nom": ""}, {"texte": ""}, {"motif": ""}, {"sens": "peut-etre"}])
def test_la_base_refuse_un_modele_incomplet(champs):
    with pytest.raises(IntegrityError), transaction.atomic():
        ModeleDeReponse.objects.create(**CONTENU | champs)


def test_qui_lit_et_qui_tient_les_modeles(client, gens, modele):
    """Agents write; a référent·e reads and starts from them; nobody else knows that there are any."""
    tiennent, lisent = {"agent", "administratrice"}, INSTRUCTION | {"autre_referente"}
    for role, personne in gens.items():
        client.logout()
        if role != "visiteur":
            client.force_login(personne)
        dehors = 302 if role == "visiteur" else 403 if role in lisent else 404
        assert (role, client.get(reverse("reponses:modeles")).status_code) == (
            role, 200 if role in lisent else 302 if role == "visiteur" else 403,
        )  # fmt: skip
        for nom in ("modele", "archiver_modele"):
            attendu = 200 if role in tiennent else dehors
            assert (role, client.get(reverse(f"reponses:{nom}", args=[modele.pk])).status_code) == (role, attendu)
        if role not in tiennent:
            refuse = 302 if role == "visiteur" else 403
            assert (role, client.post(reverse("reponses:nouveau_modele"), CONTENU).status_code) == (role, refuse)
            assert (role, client.post(reverse("reponses:archiver_modele", args=[modele.pk])).status_code) == (
                role,
                dehors,
            )
            for geste in (
                lambda qui: modeles.creer(par=qui, **CONTENU),
                lambda qui: modeles.modifier(modele, par=qui, lue=modeles.version(modele), texte="x"),
                lambda qui: modeles.archiver(modele, par=qui),
            ):
                with pytest.raises(EtapeInterdite):
                    geste(personne)
    modele.refresh_from_db()
    assert (ModeleDeReponse.objects.count(), modele.archive_le, modele.texte) == (1, None, CONTENU["texte"])


def test_un_modele_archive_ne_change_plus(modele, agent):
    modeles.archiver(modele, par=agent)
    with pytest.raises(EtapeImpossible):
        modeles.modifier(modele, par=agent, lue=modeles.version(modele), texte="x")


def test_la_liste_coute_autant_avec_un_modele_qu_avec_cinquante(client, modele, agent, idee):
    client.force_login(agent)
    adresses = [reverse("reponses:modeles"), reverse("reponses:rediger", args=["idees.idee", idee.pk])]

    def compter():
        nombres = []
        for adresse in adresses:
            client.get(adresse)
            with CaptureQueriesContext(connection) as faites:
                client.get(adresse)
            nombres.append(len(faites))
        return nombres

    avant = compter()
    ModeleDeReponse.objects.bulk_create([ModeleDeReponse(**CONTENU | {"nom": f"Modèle {n}"}) for n in range(49)])
    assert compter() == avant
