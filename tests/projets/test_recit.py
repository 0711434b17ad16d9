"""The story of a projet: who writes it, what it may cite, what becomes of it once published, and every door to it."""

import io
import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from moderation.actions import masquer, retablir
from notifications.abonnements import abonner
from notifications.models import Courriel, Notification
from projets import recits
from projets.lecture_recit import lire
from projets.models import Bloc, Recit
from reponses.actions import accomplir_jalon
from reponses.comptes_rendus import Fait
from socle.images import reencoder
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    publier_reponse,
)
from tests.notifications.conftest import dire, taire
from tests.tableau import issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree, RegistreScelle

pytestmark = pytest.mark.django_db

CONDUISENT = {"agent", "referente", "administratrice"}
TABLE = {
    ("brouillon", "publier"): ("publie", CONDUISENT),
    ("publie", "retirer"): ("retire", CONDUISENT),
}
ARGUMENTS = {"retirer": {"motif": "Une date est fausse."}}


def image() -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", (90, 60)).save(sortie, "JPEG")
    return SimpleUploadedFile("photo.jpg", sortie.getvalue(), content_type="image/jpeg")


@pytest.fixture
def projet(referente):
    return ProjetFabrique(titre="La place fictive", slug="la-place", referente=referente, ouvert=True)


@pytest.fixture
def idee(projet, citoyenne):
    boite = BoiteFabrique(titre="Appel de la place", etape=EtapeFabrique(projet=projet))
    return IdeeFabrique(titre="Des bancs à l’ombre", boite=boite, auteur=citoyenne, etat="publiee")


@pytest.fixture
def brouillon(projet, agent):
    return recits.ouvrir(projet, par=agent)


def tour(recit):
    return Recit.objects.get(pk=recit.pk).tour


def ecrire(recit, par, texte="Au début, il n’y avait pas de banc.", **autres):
    return recits.ecrire(recit, par=par, vu=tour(recit), texte=texte, **autres)


def citer(recit, par, *entrees):
    return recits.citer(recit, par=par, vu=tour(recit), entrees=entrees)


def publication(idee) -> Entree:
    return Entree.objects.sur(idee).get(type="idees.publier")


@pytest.fixture
def complet(brouillon, idee, agent):
    """A passage, what proves it, a passage alone, a picture."""
    ecrire(brouillon, agent)
    citer(brouillon, agent, publication(idee))
    ecrire(brouillon, agent, "Puis l’été est venu.")
    recits.illustrer(
        brouillon, par=agent, vu=tour(brouillon), encodages=reencoder(image()), alternative="La place vide",
        credit="Service fictif",
    )  # fmt: skip
    brouillon.refresh_from_db()
    return brouillon


@pytest.fixture
def publie(complet, agent):
    franchir(complet.publier, par=agent)
    return complet


@pytest.fixture
def retire(publie, agent):
    franchir(publie.retirer, par=agent, motif="Une date est fausse.")
    return publie


# --- The machine -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", sorted(noms(Recit)))
@pytest.mark.parametrize("etat", Recit.Etat.values)
def test_table(request, roles, complet, etat, nom):
    recit = complet if etat == "brouillon" else request.getfixturevalue(etat)
    attendu = TABLE.get((etat, nom))
    arrivee, permis = attendu or (None, set())
    for role, personne in roles.items():
        voulu = "409" if attendu is None else arrivee if role in permis else "403"
        with transaction.atomic():
            assert issue(recit, nom, personne, **ARGUMENTS.get(nom, {})) == voulu, f"{etat} × {nom} × {role}"
            transaction.set_rollback(True)
        recit.refresh_from_db()


def test_le_graphe_est_celui_de_la_table():
    assert graphe(Recit) == {(depart, nom, vers) for (depart, nom), (vers, _permis) in TABLE.items()}


def test_un_recit_vide_ne_se_publie_pas(brouillon, idee, agent):
    citer(brouillon, agent, publication(idee))
    brouillon.refresh_from_db()
    assert issue(brouillon, "publier", agent) == "400"


def test_un_retrait_dit_sa_raison(publie, agent):
    with pytest.raises(EtapeInvalide):
        franchir(publie.retirer, par=agent, motif="  ")


# --- Who writes it -----------------------------------------------------------------------------------------------

GESTES = {
    "intituler": lambda r, par, b: recits.intituler(r, par=par, vu=tour(r), titre="Autre", chapo=""),
    "ecrire": lambda r, par, b: ecrire(r, par, "Un mot de plus."),
    "monter": lambda r, par, b: recits.deplacer(r, par=par, vu=tour(r), bloc=b.pk, vers=-1),
    "enlever": lambda r, par, b: recits.enlever(r, par=par, vu=tour(r), bloc=b.pk),
}


@pytest.mark.parametrize("geste", GESTES)
def test_qui_compose(complet, roles, geste):
    for role, personne in roles.items():
        avant = list(Bloc.objects.values_list("pk", "rang", "texte")), Recit.objects.values().get()
        with transaction.atomic():
            if role in CONDUISENT:
                GESTES[geste](complet, personne, complet.blocs.last())
            else:
                with pytest.raises(EtapeInterdite):
                    GESTES[geste](complet, personne, complet.blocs.last())
                assert (list(Bloc.objects.values_list("pk", "rang", "texte")), Recit.objects.values().get()) == avant
            transaction.set_rollback(True)


@pytest.mark.parametrize("geste", GESTES)
@pytest.mark.parametrize("etat", ["publie", "retire"])
def test_ce_qui_est_publie_ne_se_compose_plus(request, agent, geste, etat):
    recit = request.getfixturevalue(etat)
    with pytest.raises(EtapeImpossible):
        GESTES[geste](recit, agent, recit.blocs.last())


def test_un_projet_en_preparation_n_a_pas_de_recit(client, agent, referente):
    projet = ProjetFabrique(referente=referente, annonce=False)
    with pytest.raises(EtapeImpossible):
        recits.ouvrir(projet, par=agent)
    client.force_login(agent)
    assert client.get(reverse("projets:composer_recit", args=[projet.slug])).status_code == 409


def test_lire_la_page_n_ouvre_pas_de_brouillon(client, projet, agent):
    client.force_login(agent)
    adresse = reverse("projets:composer_recit", args=[projet.slug])
    assert client.get(adresse).status_code == 200 and not Recit.objects.exists()
    client.post(adresse, {"geste": "ouvrir"})
    client.post(adresse, {"geste": "ouvrir"})
    assert Recit.objects.count() == 1, "two presses, one draft"
    entree = Entree.objects.get(type="projets.recit.ouvrir")
    assert not entree.est_publique


# --- What may be cited -------------------------------------------------------------------------------------------


def test_on_ne_cite_que_ce_qui_est_public_dans_ce_projet(brouillon, idee, agent):
    ailleurs = publication(IdeeFabrique(etat="publiee"))
    secrete = Entree.objects.filter(projet=idee.projet, est_publique=False).first()
    assert secrete is not None
    sur_lui_meme = Entree.objects.get(type="projets.recit.ouvrir")
    for entree in (ailleurs, secrete, sur_lui_meme):
        with pytest.raises(EtapeInvalide):
            citer(brouillon, agent, publication(idee), entree)
    assert not brouillon.blocs.exists()


def test_ce_qui_est_masque_ne_se_cite_pas(client, brouillon, idee, agent, moderatrice):
    masquer(idee, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    with pytest.raises(EtapeInvalide, match="modération"):
        citer(brouillon, agent, publication(idee))
    client.force_login(agent)
    page = client.get(reverse("projets:composer_recit", args=["la-place"])).content.decode()
    assert "contenu masqué" in page and f'value="{publication(idee).pk}"' not in page


def test_ce_qui_est_masque_apres_perd_ses_mots_partout(client, publie, idee, moderatrice):
    doors = [
        reverse("projets:recit", args=["la-place"]),
        reverse("projets:imprimer_recit", args=["la-place", 1]),
        reverse("projets:lettre_recit", args=["la-place", 1, "html"]),
        reverse("projets:lettre_recit", args=["la-place", 1, "txt"]),
    ]
    for adresse in doors:
        assert "Des bancs à l’ombre" in unescape(client.get(adresse).content.decode()), adresse
    masquer(idee, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    for adresse in doors:
        page = unescape(client.get(adresse).content.decode())
        assert "contenu masqué" in page and "Des bancs à l’ombre" not in page, adresse
    idee.refresh_from_db()
    retablir(idee, par=moderatrice, explication="C’était une erreur.")
    assert "Des bancs à l’ombre" in client.get(doors[0]).content.decode()


def test_une_citation_mene_a_son_entree(client, publie, idee):
    entree = publication(idee)
    page = client.get(publie.get_absolute_url()).content.decode()
    assert f'href="{entree.get_absolute_url()}"' in page and entree.empreinte[:16] in page
    assert client.get(entree.get_absolute_url()).status_code == 200


def test_les_appuis_se_comptent(client, complet, idee, agent):
    lecture = lire(complet)
    assert (lecture.appuyes, lecture.seuls, lecture.entrees) == (1, 1, 1)
    client.force_login(agent)
    page = client.get(reverse("projets:composer_recit", args=["la-place"])).content.decode()
    assert "1 passage s’appuie sur la chronologie (entrées citées : 1)." in page
    assert "1 passage n’en cite rien." in page
    autre = Entree.objects.filter(projet=idee.projet, type="projets.annoncer").get()
    citer(complet, agent, autre)
    lecture = lire(complet)
    assert (lecture.appuyes, lecture.seuls, lecture.entrees) == (2, 0, 2)


def test_citer_deux_fois_la_meme_entree_n_en_ecrit_qu_une(brouillon, idee, agent):
    citer(brouillon, agent, publication(idee))
    citer(brouillon, agent, publication(idee))
    assert brouillon.blocs.count() == 1


def test_les_chiffres_d_une_reponse(client, brouillon, idee, agent, elue):
    service = idee.boite.service
    franchir(idee.prendre, par=agent, service=service)
    reponse = publier_reponse(idee, agent=agent, elue=elue, cout_estime=5000)
    accomplir_jalon(reponse.jalons.get(), par=agent, fait=Fait("Fait.", depense=1200))
    bloc = recits.chiffrer(brouillon, par=agent, vu=tour(brouillon), reponse=reponse)
    assert {k: v for k, v in bloc.chiffres.items() if k != "le"} == {
        "sens": "go", "cout_estime": 5000, "faites": 1, "promises": 1, "annulees": 0, "depense": 1200,
    }  # fmt: skip
    client.force_login(agent)
    page = client.get(reverse("projets:composer_recit", args=["la-place"])).content.decode()
    assert "Étapes faites" in page and "Chiffres relevés le" in page and "%" not in re.sub(r"<[^>]+>", "", page)
    ailleurs = publier_reponse(IdeeFabrique(etat="en_etude"), agent=agent, elue=elue)
    with pytest.raises(EtapeInvalide):
        recits.chiffrer(brouillon, par=agent, vu=tour(brouillon), reponse=ailleurs)


# --- Two people --------------------------------------------------------------------------------------------------


def test_a_deux_la_seconde_est_prevenue_et_garde_ses_mots(client, complet, agent):
    client.force_login(agent)
    adresse = reverse("projets:composer_recit", args=["la-place"])
    vu = complet.tour
    assert client.post(adresse, {"geste": "texte", "vu": vu, "texte": "Le premier mot."}).status_code == 302
    seconde = client.post(adresse, {"geste": "texte", "vu": vu, "texte": "Le second mot."})
    assert seconde.status_code == 422
    page = seconde.content.decode()
    assert "Quelqu’un a changé ce récit" in page and "Le second mot." in page and "Le premier mot." in page
    assert not complet.blocs.filter(texte="Le second mot.").exists()
    relu = seconde.context["formulaires"]["texte"]["vu"].value()
    assert client.post(adresse, {"geste": "texte", "vu": relu, "texte": "Le second mot."}).status_code == 302
    ordre = list(complet.blocs.values_list("rang", flat=True))
    client.post(adresse, {"geste": f"enlever:{complet.blocs.first().pk}", "vu": vu})
    assert list(complet.blocs.values_list("rang", flat=True)) == ordre, "an old page takes nothing away"


def test_on_ne_change_pas_un_passage_sans_l_avoir_relu(client, complet, agent):
    client.force_login(agent)
    passage = complet.blocs.first()
    adresse = reverse("projets:modifier_passage", args=["la-place", passage.pk])
    vu = client.get(adresse).context["form"]["vu"].value()
    ecrire(complet, agent, "Le mot d’une collègue.", bloc=passage)
    refus = client.post(adresse, {"vu": vu, "texte": "Mon mot."})
    assert refus.status_code == 422
    assert "Mon mot." in refus.content.decode() and "Le mot d’une collègue." in refus.content.decode()
    passage.refresh_from_db()
    assert passage.texte == "Le mot d’une collègue."


def test_on_ne_publie_que_ce_qu_on_a_lu(client, complet, agent):
    client.force_login(agent)
    adresse = reverse("timeline:etape", args=["projets.recit", complet.pk, "publier"])
    vu = client.get(adresse).context["form"]["vu"].value()
    ecrire(complet, agent, "Ajouté entre-temps.")
    assert client.post(adresse, {"vu": vu, "etat": "brouillon"}).status_code == 409
    complet.refresh_from_db()
    assert complet.etat == "brouillon"
    assert client.post(adresse, {"vu": tour(complet), "etat": "brouillon"}).status_code == 302
    complet.refresh_from_db()
    assert complet.etat == "publie"


def test_la_page_d_une_edition_publiee_entre_temps(client, publie, agent):
    client.force_login(agent)
    adresse = reverse("projets:composer_recit", args=["la-place"])
    assert client.post(adresse, {"geste": "texte", "vu": publie.tour, "texte": "Trop tard."}).status_code == 409
    suivante = recits.ouvrir(publie.projet, par=agent)
    recue = client.post(adresse, {"geste": "texte", "vu": publie.tour, "texte": "Trop tard."})
    assert recue.status_code == 422 and not suivante.blocs.filter(texte="Trop tard.").exists()


# --- Composing by the page ---------------------------------------------------------------------------------------


def test_le_parcours_d_une_referente(client, projet, idee, referente):
    client.force_login(referente)
    adresse = reverse("projets:composer_recit", args=["la-place"])
    assert adresse in client.get(projet.get_absolute_url()).content.decode()
    client.post(adresse, {"geste": "ouvrir"})
    recit = Recit.objects.get()

    def envoyer(**champs):
        return client.post(adresse, {"vu": tour(recit), **champs})

    assert envoyer(geste="entete", titre="Des bancs, enfin", chapo="Trois ans.").status_code == 302
    assert envoyer(geste="citer", entrees=[publication(idee).pk]).status_code == 302
    assert envoyer(geste="texte", texte="**Au début**, <script>alert(1)</script> rien.").status_code == 302
    assert envoyer(geste="photo", photo=image(), alternative="La place", credit="Service fictif").status_code == 302
    genres = lambda: list(recit.blocs.values_list("genre", flat=True))  # noqa: E731
    assert genres() == ["citation", "texte", "photo"]
    envoyer(geste=f"descendre:{recit.blocs.first().pk}")
    assert genres() == ["texte", "citation", "photo"]
    envoyer(geste=f"monter:{recit.blocs.first().pk}")
    assert genres() == ["texte", "citation", "photo"], "the first stays the first"
    envoyer(geste=f"enlever:{recit.blocs.last().pk}")
    assert genres() == ["texte", "citation"]
    page = client.get(adresse).content.decode()
    assert "<strong>Au début</strong>" in page and "<script>alert" not in page
    assert f'value="{publication(idee).pk}"' not in page, "cited already: no longer offered"
    assert client.get(adresse, {"genre": "idees"}).context["page"].paginator.count == 0
    assert client.get(adresse, {"genre": "projets"}).context["page"].paginator.count > 0
    assert client.post(adresse, {"geste": "voler", "vu": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("champs", "nom", "phrase"),
    [
        ({"geste": "texte", "texte": " "}, "texte", "Écrivez ce passage."),
        ({"geste": "entete", "titre": ""}, "titre", "Donnez un titre au récit."),
        ({"geste": "citer"}, "entrees", "Cochez au moins une entrée de la chronologie."),
        ({"geste": "citer", "entrees": ["999999"]}, "entrees", "On ne cite que les entrées publiques de ce projet."),
        ({"geste": "chiffres"}, "reponse", "Choisissez une réponse publiée de ce projet."),
        ({"geste": "photo", "alternative": "x", "credit": "y"}, "photo", "Choisissez une photo."),
    ],
)
def test_ce_qui_manque_est_dit_a_cote(client, brouillon, agent, champs, nom, phrase):
    client.force_login(agent)
    recue = client.post(reverse("projets:composer_recit", args=["la-place"]), {"vu": brouillon.tour, **champs})
    assert recue.status_code == 422
    assert recue.context["formulaires"][champs["geste"]].errors[nom] == [phrase]
    assert phrase in recue.content.decode() and not brouillon.blocs.exists()


@pytest.mark.parametrize("manque", ["alternative", "credit"])
def test_une_photo_a_ses_mots_et_son_auteur(client, brouillon, agent, manque):
    client.force_login(agent)
    champs = {"alternative": "La place", "credit": "Service fictif", "geste": "photo", "vu": brouillon.tour}
    recue = client.post(reverse("projets:composer_recit", args=["la-place"]), champs | {manque: "", "photo": image()})
    assert recue.context["formulaires"]["photo"].errors[manque]
    assert not brouillon.blocs.exists()


# --- Seeing ------------------------------------------------------------------------------------------------------

#: (state, door) → who is let in; everybody else reads 404.
PORTES = {
    "recit": lambda r: reverse("projets:recit", args=["la-place"]),
    "edition": lambda r: reverse("projets:edition_recit", args=["la-place", r.numero]),
    "imprimer": lambda r: reverse("projets:imprimer_recit", args=["la-place", r.numero]),
    "lettre": lambda r: reverse("projets:lettre_recit", args=["la-place", r.numero, "html"]),
    "photo": lambda r: reverse("projets:photo_recit", args=[r.blocs.get(genre="photo").pk, "grande"]),
}
TOUS = {"visiteur", "citoyenne", "agent", "referente", "autre_referente", "moderatrice", "elue", "administratrice"}
VUES = {
    "brouillon": {"lettre": CONDUISENT, "photo": CONDUISENT},
    "publie": dict.fromkeys(PORTES, TOUS),
    "retire": {"recit": TOUS, "edition": TOUS, "photo": CONDUISENT},
}


@pytest.mark.parametrize("porte", PORTES)
@pytest.mark.parametrize("etat", Recit.Etat.values)
def test_qui_voit_quoi(request, client, complet, roles, etat, porte):
    recit = complet if etat == "brouillon" else request.getfixturevalue(etat)
    for role, personne in roles.items():
        if role == "systeme":
            continue
        client.logout()
        if role != "visiteur":
            client.force_login(personne)
        reponse = client.get(PORTES[porte](recit))
        attendu = 200 if role in VUES[etat].get(porte, set()) else 404
        assert reponse.status_code == attendu, f"{etat} × {porte} × {role}"
        if reponse.streaming:
            assert b"".join(reponse.streaming_content).startswith(b"RIFF")


def test_un_recit_retire_garde_sa_date_et_sa_raison_pas_ses_mots(client, retire, agent):
    page = client.get(reverse("projets:recit", args=["la-place"])).content.decode()
    assert (
        "Une date est fausse." in page
        and "il n’y avait pas de banc" not in page
        and retire.titre not in (re.search(r"<h1[^>]*>(.*?)</h1>", page)[1])
    )
    client.force_login(agent)
    assert "il n’y avait pas de banc" in client.get(reverse("projets:recit", args=["la-place"])).content.decode()


def test_le_brouillon_n_est_dans_aucune_liste(client, complet):
    portes = ("portail:plan_pages", "timeline:chronologie", "timeline:atom")
    for adresse in (
        *map(reverse, portes),
        complet.projet.get_absolute_url(),
        reverse("projets:atom", args=["la-place"]),
    ):
        page = client.get(adresse).content.decode()
        assert "/recit/" not in page and "Au début, il" not in page, adresse


def test_le_publie_est_au_plan_au_flux_et_sur_la_page(client, publie):
    assert publie.get_absolute_url() in client.get(reverse("portail:plan_pages")).content.decode()
    flux = client.get(reverse("projets:atom", args=["la-place"])).content.decode()
    assert "Le récit du projet « La place fictive » est publié" in flux and "L’écriture" not in flux
    assert reverse("projets:recit", args=["la-place"]) in client.get(publie.projet.get_absolute_url()).content.decode()


def test_le_retire_quitte_le_plan(client, retire):
    assert retire.get_absolute_url() not in client.get(reverse("portail:plan_pages")).content.decode()
    assert "Lire le récit" not in client.get(retire.projet.get_absolute_url()).content.decode()


def test_la_composition_est_a_l_equipe(client, complet, roles):
    adresse = reverse("projets:composer_recit", args=["la-place"])
    for role, personne in roles.items():
        if role in {"systeme", "visiteur"}:
            continue
        client.force_login(personne)
        assert client.get(adresse).status_code == (200 if role in CONDUISENT else 403), role
    client.logout()
    assert client.get(adresse).status_code == 302


def test_la_version_a_imprimer_n_a_ni_menu_ni_script(client, publie, idee, settings):
    page = client.get(reverse("projets:imprimer_recit", args=["la-place", 1])).content.decode()
    assert "<nav" not in page and "<script" not in page
    assert f"{settings.ADRESSE}{publication(idee).get_absolute_url()}" in page
    assert "style=" not in page and page.count("<h1") == 1


# --- Editions ----------------------------------------------------------------------------------------------------


def test_une_nouvelle_edition_part_de_la_derniere_et_la_laisse(client, publie, agent):
    suivante = recits.ouvrir(publie.projet, par=agent)
    assert suivante.numero == 2 and suivante.blocs.count() == publie.blocs.count()
    ecrire(suivante, agent, "Les bancs sont là.", bloc=suivante.blocs.first())
    assert "Les bancs sont là." not in client.get(reverse("projets:recit", args=["la-place"])).content.decode()
    suivante.refresh_from_db()
    franchir(suivante.publier, par=agent)
    derniere = client.get(reverse("projets:recit", args=["la-place"])).content.decode()
    premiere = client.get(publie.get_absolute_url()).content.decode()
    assert "Les bancs sont là." in derniere and "il n’y avait pas de banc" not in derniere
    assert "il n’y avait pas de banc" in premiere and "Une édition plus récente existe" in premiere
    assert "Toutes les éditions" in derniere


def test_l_empreinte_publiee_est_celle_du_texte(publie):
    entree = publie.publication()
    assert entree.donnees["empreinte"] == Recit.objects.get(pk=publie.pk).empreinte()
    assert entree.donnees["citations"] == 1 and "banc" not in json.dumps(entree.donnees)


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE projets_bloc SET texte = 'Autre' WHERE genre = 'texte'",
        "UPDATE projets_bloc SET rang = rang + 100",
        "UPDATE projets_bloc SET scelle_le = NULL",
        "DELETE FROM projets_bloc",
        "UPDATE projets_recit SET titre = 'Autre'",
        "UPDATE projets_recit SET etat = 'brouillon', publie_le = NULL",
        "DELETE FROM projets_recit",
    ],
)
def test_la_base_garde_ce_qui_est_publie(publie, ordre):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_un_recit_retire_ne_revient_pas(retire):
    for ordre in (
        "UPDATE projets_recit SET etat = 'publie', motif_retrait = ''",
        "UPDATE projets_recit SET motif_retrait = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(ordre)


def test_un_publie_ne_se_supprime_pas(publie):
    with pytest.raises(RegistreScelle):
        publie.delete()


@pytest.mark.parametrize(
    "champs",
    [
        {"genre": "texte"},
        {"genre": "citation"},
        {"genre": "photo", "alternative": "x", "credit": "y"},
        {"genre": "photo", "fichier": "x.webp", "credit": "y"},
        {"genre": "photo", "fichier": "x.webp", "alternative": "x"},
        {"genre": "chiffres"},
        {"genre": "poème", "texte": "x"},
    ],
)
def test_la_base_refuse_un_passage_bancal(brouillon, champs):
    with pytest.raises(DatabaseError), transaction.atomic():
        Bloc.objects.create(recit=brouillon, rang=1, **champs)


def test_un_seul_brouillon_par_projet(brouillon):
    with pytest.raises(DatabaseError), transaction.atomic():
        Recit.objects.create(projet=brouillon.projet, numero=2, titre="Autre")


# --- Told --------------------------------------------------------------------------------------------------------


def test_les_personnes_qui_suivent_le_recoivent_une_fois(complet, idee, agent, settings):
    abonnee, partie = PersonneFabrique(), PersonneFabrique(is_active=False)
    for personne in (abonnee, partie, agent):
        abonner(personne, complet.projet)
    taire()
    franchir(complet.publier, par=agent)
    dire()
    dire()
    courriel = Courriel.objects.get()
    assert courriel.destinataire == abonnee.email and Notification.objects.get().personne == abonnee
    for corps in (courriel.texte, unescape(courriel.html)):
        assert "il n’y avait pas de banc" in corps and "Des bancs à l’ombre" in corps
        assert f"{settings.ADRESSE}{publication(idee).get_absolute_url()}" in corps
        assert "La place vide" in corps and "Service fictif" in corps
    assert "<img" not in courriel.html


def test_retire_avant_d_etre_dit_il_n_est_pas_envoye(complet, agent):
    abonner(PersonneFabrique(), complet.projet)
    taire()
    franchir(complet.publier, par=agent)
    franchir(complet.retirer, par=agent, motif="Une date est fausse.")
    dire()
    assert not Courriel.objects.exists()


def test_la_lettre_a_emporter_n_est_a_personne(client, publie):
    for format in ("html", "txt"):
        recue = client.get(reverse("projets:lettre_recit", args=["la-place", 1, format]))
        assert recue.headers["Content-Disposition"] == f'attachment; filename="recit-la-place-1.{format}"'
        corps = recue.content.decode()
        assert "notifications/arreter" not in corps and "Vous recevez ce courriel" not in corps and "@@" not in corps
    assert client.get("/projets/la-place/recit/1/lettre.pdf").status_code == 404


def test_chaque_evenement_a_sa_phrase(retire):
    for nom in ("ouvrir", "publier", "retirer"):
        entree = Entree.objects.get(type=f"projets.recit.{nom}")
        assert entree.phrase
    assert "Une date est fausse." in Entree.objects.get(type="projets.recit.retirer").phrase


# --- Counted -----------------------------------------------------------------------------------------------------


def test_autant_de_requetes_pour_un_passage_que_pour_cinquante(client, projet, idee, agent):
    client.force_login(agent)
    idees = IdeeFabrique.create_batch(26, boite=idee.boite, etat="publiee")

    def mesurer(recit):
        comptes = []
        for adresse in (
            reverse("projets:composer_recit", args=["la-place"]),
            reverse("projets:lettre_recit", args=["la-place", recit.numero, "txt"]),
        ):
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            comptes.append(len(requetes))
        return comptes

    recit = recits.ouvrir(projet, par=agent)
    ecrire(recit, agent)
    citer(recit, agent, publication(idee))
    court = mesurer(recit)
    for autre in idees[1:]:
        ecrire(recit, agent)
        citer(recit, agent, publication(autre))
    assert recit.blocs.count() == 52
    assert mesurer(recit) == court
    recit.refresh_from_db()
    franchir(recit.publier, par=agent)
    client.logout()
    for nom in ("edition_recit", "imprimer_recit"):
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(reverse(f"projets:{nom}", args=["la-place", 1])).status_code == 200
        assert len(requetes) <= 14, nom
