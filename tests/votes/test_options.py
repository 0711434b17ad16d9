"""The list of a vote: typed, pasted, from ideas, from a table; changed, moved, taken out; two agents at once."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from idees.models import Photo
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, ThematiqueFabrique
from tests.tableau import fautes_parmi
from tests.votes.fabriques import amener, scrutin, voter_pour
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from votes import composition
from votes.listes import lire_lignes
from votes.models import Etude, Option, Scrutin
from votes.montants import en_centimes, en_euros, en_monnaie
from votes.templatetags.montants import euros

pytestmark = pytest.mark.django_db


def adresse(nom, vote, *suite) -> str:
    return reverse(f"votes:{nom}", args=[vote.slug, *suite])


@pytest.fixture
def chez(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def brouillon(agent):
    return scrutin("brouillon", agent=agent, propositions=())


def titres(vote) -> list[str]:
    return list(vote.options.values_list("titre", flat=True))


def lire(reponse) -> int:
    """The status of a file that was read to its end."""
    assert reponse.getvalue()[:4] in {b"RIFF", b"\x89PNG"}
    return reponse.status_code


def png(couleur="red") -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (40, 30), couleur).save(sortie, "PNG")
    return sortie.getvalue()


# --- Money -----------------------------------------------------------------------------------------------------------------


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("ecrit", "centimes"),
    [
        ("12 000", 1_200_000), ("12\u202f000,50\u00a0€", 1_200_050), ("12.000", 1_200_000), ("12000.5", 1_200_050),
        ("1.234.567,8", 123_456_780), ("0", 0), (" ", None), ("7 EUR", 700),
    ],
)  # fmt: skip
def test_un_montant_se_lit_comme_on_l_ecrit(ecrit, centimes):
    assert en_centimes(ecrit) == centimes


@pytest.mark.sans_base
@pytest.mark.parametrize("ecrit", ["-1", "1,234", "1.2.3", "douze", "1e9", "٣", "1,5,2", "9" * 14, "1/2"])
def test_un_montant_illisible_est_refuse(ecrit):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        en_centimes(ecrit)


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_un_montant_se_relit(langue):
    with translation.override(langue):
        for centimes in (0, 1, 100, 1_234_567, 10**11):
            assert en_centimes(en_euros(centimes)) == en_centimes(en_monnaie(centimes)) == centimes


@pytest.mark.parametrize(
    ("langue", "centimes", "ecrit"),
    [
        ("fr", 40_000_000, "400\u202f000\u00a0€"), ("fr", 50, "0,50\u00a0€"), ("fr", 0, "0\u00a0€"), ("fr", None, ""),
        ("en", 40_000_000, "€400,000"), ("en", 50, "€0.50"), ("en", 0, "€0"), ("en", None, ""),
    ],
)  # fmt: skip
def test_chaque_langue_ecrit_l_argent_d_une_seule_facon(langue, centimes, ecrit):
    with translation.override(langue):
        assert " ".join(en_monnaie(centimes).split()) == " ".join(ecrit.split())  # Python splits at any of these spaces
        assert euros(centimes) == en_monnaie(centimes)


# --- Typed by hand -----------------------------------------------------------------------------------------------------------


def test_une_liste_tapee_donne_une_proposition_par_ligne(chez, brouillon):
    lignes = "Bancs de la place ; 12 000\n\n  Fontaine ;30.000,50\nArbres; fruitiers ; 5\nBancs de la PLACE bis;1"
    assert chez.post(adresse("ajouter_options", brouillon), {"lignes": lignes}).status_code == 302
    assert list(brouillon.options.values_list("cle", "titre", "cout", "rang")) == [
        ("bancs-de-la-place", "Bancs de la place", 1_200_000, 1),
        ("fontaine", "Fontaine", 3_000_050, 2),
        ("arbres-fruitiers", "Arbres; fruitiers", 500, 3),
        ("bancs-de-la-place-bis", "Bancs de la PLACE bis", 100, 4),
    ]
    assert chez.post(adresse("ajouter_options", brouillon), {"lignes": "Fontaine ; 1"}).status_code == 302
    assert brouillon.options.last().cle == "fontaine-2"


@pytest.mark.parametrize(
    ("lignes", "phrases"),
    [
        ("", ["Écrivez une proposition par ligne"]),
        ("Bancs ; douze\nFontaine ; 1\n ; 5", ["Ligne 1 : « douze »", "Ligne 3 : il manque le titre"]),
        ("Bancs ; 1\nbancs ; 2", ["Ligne 2 : « bancs » est déjà à la ligne 1"]),
        ("x" * 201, ["Ligne 1 :", "200 caractères au plus"]),
        ("\n".join(f"P{n}" for n in range(501)), ["500 propositions au plus"]),
        ("\n".join(f"P{n};cher" for n in range(31)), ["Et 1 autre ligne."]),
        ("\n".join(f"P{n};cher" for n in range(32)), ["Et 2 autres lignes."]),
    ],
)
def test_chaque_mauvaise_ligne_est_nommee_et_rien_n_est_ecrit(lignes, phrases, chez, brouillon):
    reponse = chez.post(adresse("ajouter_options", brouillon), {"lignes": lignes})
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert all(phrase in page for phrase in phrases)
    assert brouillon.options.count() == 0
    assert reponse.context["form"]["lignes"].value() == lignes


def test_une_liste_sans_cout_est_permise_et_manque_a_l_annonce(agent, brouillon):
    composition.ajouter(brouillon, lire_lignes("Un\nDeux").options, par=agent)
    with pytest.raises(EtapeInvalide, match="Donnez un coût à ces propositions"):
        franchir(brouillon.annoncer, par=agent)


@pytest.mark.parametrize("regle", ["plus-votes", "plus-votes-sans-saut", "parts-egales"])
def test_ce_qui_ne_coute_rien_est_une_proposition_comme_les_autres(agent, chez, regle):
    """« Free;0 » says a cost: the list is announced, shown, voted and counted."""
    brouillon = scrutin("brouillon", agent=agent, propositions=(), regle=regle, forme="approbation")
    composition.ajouter(brouillon, lire_lignes("Gratuit;0\nBancs;12 000\nTrop;50 000").options, par=agent)
    for porte in ("composer", "apercu"):
        page = chez.get(adresse(porte, brouillon)).content.decode()
        assert "0\u00a0€" in page.replace("12\u00a0000\u00a0€", "").replace("50\u00a0000\u00a0€", "")
        assert "pas de coût" not in page
    ouvert = amener(brouillon, "ouvert", agent=agent)
    for cle in ("gratuit", "bancs", "trop"):
        voter_pour(ouvert, "gratuit", cle)
    partie = amener(ouvert, "proclame", agent=agent).comptages.get().resultat["enveloppes"][0]
    assert partie["retenues"][0] == "gratuit"
    for cle in ("gratuit", "trop"):
        assert chez.get(reverse("votes:pourquoi", args=[ouvert.slug, cle])).status_code == 200
    assert chez.get(reverse("votes:resultats", args=[ouvert.slug])).status_code == 200


# --- From ideas ----------------------------------------------------------------------------------------------------------------


def test_une_idee_retenue_apporte_ses_mots_son_lieu_sa_photo_son_theme_et_ses_auteurs(chez, brouillon):
    idee = IdeeFabrique(
        etat="retenue",
        titre="Des bancs à l’ombre",
        lieu="Place fictive",
        latitude=47.2,
        longitude=-1.5,
        thematique=ThematiqueFabrique(nom="Espaces verts"),
        auteur=PersonneFabrique(pseudonyme="Camille Fictive"),
    )
    photo = Photo(idee=idee, alternative="Une place nue", largeur=40, hauteur=30)
    photo.fichier.save("p.webp", ContentFile(png()), save=False)
    photo.vignette.save("v.webp", ContentFile(png()), save=False)
    photo.save()
    autre = IdeeFabrique(etat="retenue", boite=idee.boite)
    envoi = {"idees": [idee.pk, autre.pk]}
    page = f"{adresse('ajouter_idees', brouillon)}?boite={idee.boite.slug}"
    assert chez.post(page, envoi).status_code == 302
    option = brouillon.options.get(idee=idee)
    assert (option.titre, option.texte, option.adresse, option.latitude) == (
        idee.titre,
        idee.texte,
        "Place fictive",
        47.2,
    )
    assert (option.categorie, option.proposee_par) == ("Espaces verts", "Camille Fictive")
    assert option.image_alternative == "Une place nue"
    assert option.image.name != photo.fichier.name
    assert lire(chez.get(adresse("image", brouillon, option.cle))) == 200
    assert idee.options.get() == option
    lignes = chez.get(page).context["lignes"]
    assert [deja for _idee, deja, _cochee in lignes] == [True, True]
    assert chez.post(page, envoi).status_code == 422  # they are there already
    assert brouillon.options.count() == 2


def test_une_idee_qui_n_est_pas_retenue_n_entre_pas(chez, brouillon):
    retenue = IdeeFabrique(etat="retenue")
    autres = {
        "pas retenue": lambda: IdeeFabrique(etat="publiee", boite=retenue.boite).pk,
        "masquée": lambda: _masquer(IdeeFabrique(etat="retenue", boite=retenue.boite)),
        "d’une autre boîte": lambda: IdeeFabrique(etat="retenue").pk,
        "inventée": lambda: 99999,
        "en lettres": lambda: "x",
    }

    def essai(cas):
        idees = [retenue.pk, autres[cas]()] if cas in autres else []
        reponse = chez.post(f"{adresse('ajouter_idees', brouillon)}?boite={retenue.boite.slug}", {"idees": idees})
        assert reponse.status_code == 422
        assert reponse.context["form"].errors["idees"]
        assert brouillon.options.count() == 0

    assert fautes_parmi([*autres, "aucune"], essai) == {}


def _masquer(idee) -> int:
    type(idee).objects.filter(pk=idee.pk).update(masquee_le=timezone.now(), masquee_motif="publicite")
    return idee.pk


def test_une_boite_inconnue_ou_cachee_n_est_pas_proposee(client, brouillon):
    IdeeFabrique(etat="retenue")
    client.force_login(brouillon.etape.projet.referente)
    reponse = client.get(f"{adresse('ajouter_idees', brouillon)}?boite=inconnue")
    assert reponse.status_code == 200
    assert reponse.context["boite"] is None


# --- From a table ----------------------------------------------------------------------------------------------------------------


def envoyer(client, vote, contenu, nom="liste.csv"):
    octets = contenu if isinstance(contenu, bytes) else contenu.encode()
    return client.post(adresse("ajouter_fichier", vote), {"fichier": SimpleUploadedFile(nom, octets, "text/csv")})


def test_un_tableau_donne_ses_propositions(chez, brouillon):
    contenu = (
        "Titre;Coût;Description;Proposée par;Thème;Adresse;Latitude;Longitude;Enveloppe\n"
        "Bancs;12 000,50;Cinq bancs;Camille Fictive;Ombre;Place fictive;47,2;-1,5;Toute la ville\n"
        "Fontaine;30000;;;;;;;\n"
    )
    assert envoyer(chez, brouillon, contenu.encode("cp1252")).status_code == 302
    bancs, fontaine = brouillon.options.all()
    assert (bancs.titre, bancs.cout, bancs.texte, bancs.proposee_par) == (
        "Bancs",
        1_200_050,
        "Cinq bancs",
        "Camille Fictive",
    )
    assert (bancs.categorie, bancs.adresse, bancs.latitude, bancs.longitude) == ("Ombre", "Place fictive", 47.2, -1.5)
    assert (fontaine.cout, fontaine.enveloppe.nom) == (3_000_000, "Toute la ville")


MAUVAIS_TABLEAUX = {
    "vide": (b"", "vide"),
    "sans titre": ("cout;texte\n1;a\n", "il manque la colonne « titre »"),
    "colonne inconnue": ("titre;couleur\nBancs;rouge\n", "« couleur » n’est pas connue"),
    "deux fois la même": ("titre;nom\nBancs;Bancs\n", "disent la même chose"),
    "ligne courte": ("titre;cout\nBancs\n", "Ligne 2"),
    "coût en lettres": ("titre;cout\nBancs;1\nFontaine;cher\n", "Ligne 3 : « cher »"),
    "lieu inconnu": ("titre;territoire\nBancs;Atlantide\n", "Ligne 2 : le lieu « Atlantide »"),
    "enveloppe inconnue": ("titre;enveloppe\nBancs;Ailleurs\n", "Ligne 2 : l’enveloppe « Ailleurs »"),
    "latitude folle": ("titre;latitude;longitude\nBancs;91;0\n", "Ligne 2 : la latitude"),
    "latitude seule": ("titre;latitude;longitude\nBancs;47;\n", "Ligne 2 : la latitude"),
    "latitude infinie": ("titre;latitude;longitude\nBancs;nan;inf\n", "Ligne 2 : la latitude"),
    "titre double": ("titre\nBancs\nBancs\n", "Ligne 3 : « Bancs » est déjà à la ligne 2"),
    "tableur": (b"PK\x03\x04" + b"\x00" * 40, "n’est pas un CSV"),
    "entête seule": ("titre;cout\n", "aucune proposition"),
    "trop lourd": (b"titre\n" + b"x" * 2_000_001, "2 Mo au plus"),
}


def test_un_mauvais_tableau_dit_sa_ligne_et_rien_n_est_ecrit(chez, brouillon):
    def essai(cas):
        contenu, phrase = MAUVAIS_TABLEAUX[cas]
        reponse = envoyer(chez, brouillon, contenu)
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors["fichier"])
        assert brouillon.options.count() == 0

    assert fautes_parmi(MAUVAIS_TABLEAUX, essai) == {}


# --- One by one ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def trois(agent, brouillon):
    return composition.ajouter(brouillon, lire_lignes("Un ; 1\nDeux ; 2\nTrois ; 3").options, par=agent)


def lu(client, vote, cle) -> dict:
    form = client.get(adresse("composer_option", vote, cle)).context["form"]
    return {champ.html_name: champ.value() for champ in form if champ.value() not in (None, "", False)}


def test_une_proposition_se_complete(chez, brouillon, trois):
    idee = IdeeFabrique(etat="publiee")
    envoi = lu(chez, brouillon, "un") | {
        "titre": "Un autre titre", "texte": "Deux lignes.\nUne autre.", "cout": "7,50", "latitude": "47,2", "longitude": "-1,5",
        "idee": f"n°{idee.pk}", "image_alternative": "Un carré rouge", "photo": SimpleUploadedFile("a.png", png(), "image/png"),
    }  # fmt: skip
    assert chez.post(adresse("composer_option", brouillon, "un"), envoi).status_code == 302
    option = brouillon.options.get(cle="un")
    assert (option.titre, option.cout, option.latitude, option.idee) == ("Un autre titre", 750, 47.2, idee)
    assert option.image
    image = chez.get(adresse("image", brouillon, "un"))
    assert (lire(image), image.headers["Content-Type"]) == (200, "image/webp")
    assert image.headers["Cache-Control"] == "private, no-store"
    chez.logout()
    assert chez.get(adresse("image", brouillon, "un")).status_code == 404
    chez.force_login(brouillon.etape.projet.referente)
    envoi = lu(chez, brouillon, "un") | {"sans_image": "on"}
    assert chez.post(adresse("composer_option", brouillon, "un"), envoi).status_code == 302
    option.refresh_from_db()
    assert (option.image.name, option.image_alternative) == ("", "")


MAUVAISES_PROPOSITIONS = {
    "sans titre": ({"titre": "\u200b"}, "titre", "Donnez un titre"),
    "titre long": ({"titre": "x" * 201}, "titre", "200"),
    "coût en lettres": ({"cout": "cher"}, "cout", "pas un montant"),
    "latitude seule": ({"latitude": "47"}, "longitude", "ou aucune des deux"),
    "latitude folle": ({"latitude": "95", "longitude": "0"}, "latitude", "entre -90 et 90"),
    "longitude en lettres": ({"latitude": "1", "longitude": "ouest"}, "longitude", "par exemple"),
    "idée inventée": ({"idee": "99999"}, "idee", "Aucune idée publique"),
    "idée en lettres": ({"idee": "banc"}, "idee", "Aucune idée publique"),
    "enveloppe forgée": ({"enveloppe": "99999"}, "enveloppe", "enveloppe de ce vote"),
    "enveloppe en lettres": ({"enveloppe": "x"}, "enveloppe", "enveloppe de ce vote"),
    "territoire inventé": ({"territoire": "99999"}, "territoire", "lieu de la liste"),
    "photo qui n'en est pas une": ({"photo": b"<svg onload=alert(1)>"}, "photo", "n’est pas une photo lisible"),
    "photo sans mots": ({"photo": png()}, "image_alternative", "ce que montre l’image"),
}


def test_une_mauvaise_proposition_est_dite_a_cote_de_son_champ(chez, brouillon, trois):
    def essai(cas):
        changes, champ, phrase = MAUVAISES_PROPOSITIONS[cas]
        if isinstance(changes.get("photo"), bytes):
            changes = {**changes, "photo": SimpleUploadedFile("<svg>.png", changes["photo"], "image/png")}
        avant = Option.objects.values().get(scrutin=brouillon, cle="un")
        reponse = chez.post(adresse("composer_option", brouillon, "un"), lu(chez, brouillon, "un") | changes)
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors[champ])
        assert Option.objects.values().get(scrutin=brouillon, cle="un") == avant

    assert fautes_parmi(MAUVAISES_PROPOSITIONS, essai) == {}


def test_l_enveloppe_d_un_autre_vote_est_refusee(agent, chez, brouillon, trois):
    autre = scrutin("brouillon").enveloppes.get()
    reponse = chez.post(
        adresse("composer_option", brouillon, "un"), lu(chez, brouillon, "un") | {"enveloppe": autre.pk}
    )
    assert reponse.status_code == 422
    with pytest.raises(EtapeInvalide):
        composition.modifier(trois[0], par=agent, valeurs={"enveloppe": autre})


def test_deux_agents_sur_une_proposition_la_seconde_est_prevenue(chez, brouillon, trois):
    envoi = lu(chez, brouillon, "un")
    assert chez.post(adresse("composer_option", brouillon, "un"), envoi | {"titre": "La première"}).status_code == 302
    reponse = chez.post(adresse("composer_option", brouillon, "un"), envoi | {"titre": "La seconde"})
    assert reponse.status_code == 422
    assert "Quelqu’un a changé cette page" in reponse.content.decode()
    assert brouillon.options.get(cle="un").titre == "La première"


def geste(client, vote, quoi, liste=None):
    liste = composition.empreinte_de_la_liste(vote.options.all()) if liste is None else liste
    return client.post(adresse("composer", vote), {"geste": quoi, "liste": liste})


def test_une_proposition_monte_et_descend(chez, brouillon, trois):
    assert geste(chez, brouillon, "monter:trois").url.endswith("#option-trois")
    assert titres(brouillon) == ["Un", "Trois", "Deux"]
    geste(chez, brouillon, "descendre:un")
    assert titres(brouillon) == ["Trois", "Un", "Deux"]
    geste(chez, brouillon, "monter:trois")
    assert titres(brouillon) == ["Trois", "Un", "Deux"]


def test_un_geste_forge_ne_fait_rien(chez, brouillon, trois):
    def essai(quoi):
        assert geste(chez, brouillon, quoi).status_code == 404
        assert titres(brouillon) == ["Un", "Deux", "Trois"]

    assert fautes_parmi(["", "x", "monter:", "monter:inconnue", "enlever:un", "monter"], essai) == {}


def test_une_vieille_liste_est_refusee_et_le_dit(chez, brouillon, trois, agent):
    liste = composition.empreinte_de_la_liste(brouillon.options.all())
    composition.enlever(trois[0], par=agent)
    reponse = geste(chez, brouillon, "monter:trois", liste)
    assert reponse.status_code == 409
    assert "Un ou une collègue a changé cette liste" in reponse.content.decode()
    assert titres(brouillon) == ["Deux", "Trois"]


def test_on_enleve_d_une_liste_en_preparation(chez, brouillon, trois):
    Etude.objects.create(option=trois[0], service=ServiceFabrique(), attendue_le=timezone.localdate())
    assert "Enlever « Un »" in chez.get(adresse("retirer_option", brouillon, "un")).content.decode()
    assert chez.post(adresse("retirer_option", brouillon, "un")).status_code == 302
    assert titres(brouillon) == ["Deux", "Trois"]
    assert chez.post(adresse("retirer_option", brouillon, "un")).status_code == 404


def test_les_cles_d_un_autre_vote_n_ouvrent_rien(chez, brouillon, trois):
    autre = scrutin("brouillon")  # its keys are p1, p2, p3
    for nom in ("composer_option", "retirer_option", "joindre_option"):
        assert chez.post(adresse(nom, brouillon, "p1"), {"titre": "x"}).status_code == 404
    assert autre.options.count() == 3


# --- After the announcement ---------------------------------------------------------------------------------------------------------


def test_retirer_apres_l_annonce_demande_une_raison_que_tout_le_monde_lit(chez, agent):
    vote = scrutin("ouvert", agent=agent)
    reponse = chez.post(adresse("retirer_option", vote, "p1"), {"motif": " \u200b "})
    assert reponse.status_code == 422
    assert "tout le monde lira" in reponse.context["form"].errors["motif"][0]
    assert chez.post(adresse("retirer_option", vote, "p1"), {"motif": "Le sol est pollué."}).status_code == 302
    option = vote.options.get(cle="p1")
    assert (option.est_retiree, option.motif_retrait) == (True, "Le sol est pollué.")
    entree = Entree.objects.sur(option).get()
    assert (entree.type, entree.est_publique, entree.donnees["motif"]) == (
        "votes.option.retirer",
        True,
        "Le sol est pollué.",
    )
    assert chez.post(adresse("retirer_option", vote, "p1"), {"motif": "Encore."}).status_code == 409
    page = chez.get(adresse("composer", vote)).content.decode()
    assert "<s>Bancs de la place</s>" in page
    assert "Le sol est pollué." in page


@pytest.mark.parametrize("etat", ["brouillon", "clos"])
def test_on_ne_retire_ni_avant_ni_apres(etat, agent):
    option = scrutin(etat, agent=agent).options.first()
    with pytest.raises(EtapeImpossible):
        composition.retirer(option, motif="Trop tard.", par=agent)


def test_la_derniere_ne_se_retire_pas_et_personne_d_autre_ne_retire(agent, citoyenne):
    vote = scrutin("annonce", agent=agent)
    un, deux, trois = vote.options.all()
    with pytest.raises(EtapeInterdite):
        composition.retirer(un, motif="Je n’aime pas.", par=citoyenne)
    composition.retirer(un, motif="Sol pollué.", par=agent)
    composition.retirer(deux, motif="Sol pollué.", par=agent)
    with pytest.raises(EtapeImpossible, match="annulez plutôt"):
        composition.retirer(trois, motif="Sol pollué.", par=agent)


def test_annuler_demande_une_raison_et_reste_visible(chez, agent, client):
    vote = scrutin("ouvert", agent=agent)
    voter_pour(vote, "p1")
    pas = reverse("timeline:etape", args=["votes.scrutin", vote.pk, "annuler"])
    assert chez.post(pas, {"motif": "  "}).status_code == 422
    assert chez.post(pas, {"motif": "Une erreur dans la liste."}).status_code == 302
    vote.refresh_from_db()
    assert (vote.etat, vote.motif_annulation) == ("annule", "Une erreur dans la liste.")
    assert "Une erreur dans la liste." in chez.get(adresse("composer", vote)).content.decode()
    client.logout()
    assert client.get(vote.get_absolute_url()).status_code == 200


# --- Two at once --------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_annoncer_et_changer_au_meme_instant_ne_se_croisent_jamais():
    """Whoever comes second reads that she does; what is announced is what stands."""
    agent = PersonneFabrique(roles=["agent"])
    for _tour in range(4):
        vote = scrutin("brouillon", agent=agent)
        option = vote.options.first()
        depart, issues = threading.Barrier(3), []

        def ensemble(geste, depart=depart, issues=issues):
            try:
                depart.wait()
                geste()
                issues.append("fait")
            except (EtapeImpossible, EtapeInvalide) as refus:
                issues.append(type(refus).__name__)
            finally:
                connection.close()

        gestes = (
            lambda pk=vote.pk: franchir(Scrutin.objects.get(pk=pk).annoncer, par=agent),
            lambda option=option: composition.modifier(option, par=agent, valeurs={"titre": "Changé", "cout": 100}),
            lambda option=option: composition.enlever(option, par=agent),
        )
        fils = [threading.Thread(target=ensemble, args=(geste,)) for geste in gestes]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        vote = Scrutin.objects.get(pk=vote.pk)
        assert len(issues) == 3
        if vote.est_annonce:
            publiees = [(o["cle"], o["titre"], o["cout"]) for o in vote.reglement["options"]]
            assert publiees == list(vote.options.values_list("cle", "titre", "cout"))


@pytest.mark.django_db(transaction=True)
def test_deux_agents_ajoutent_et_deplacent_sans_rien_perdre():
    agent = PersonneFabrique(roles=["agent"])
    vote = scrutin("brouillon", agent=agent, propositions=(), ouvre_le=timezone.now() + timedelta(days=3))
    depart, torts = threading.Barrier(4), []

    def ajouter(n):
        try:
            depart.wait()
            composition.ajouter(
                vote, [Option(cle="", titre="La même", cout=1), Option(cle="", titre=f"P{n}")], par=agent
            )
        except Exception as tort:
            torts.append(tort)
        finally:
            connection.close()

    fils = [threading.Thread(target=ajouter, args=(n,)) for n in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert torts == []
    assert vote.options.count() == 8
    assert sorted(vote.options.values_list("rang", flat=True)) == list(range(1, 9))
