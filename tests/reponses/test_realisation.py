"""What became of a promise: counted from rows, told with pictures and euros, delays beside the promised date."""

import io
import re
from copy import deepcopy
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from notifications.models import Courriel
from reponses.actions import (
    accomplir_jalon,
    annoncer_un_retard,
    annuler_jalon,
    corriger,
    donner_des_nouvelles,
    planifier_jalon,
    raconter_jalon,
)
from reponses.comptes_rendus import Fait
from reponses.models import CompteRendu, Jalon, Merci, Nouvelle, PhotoRealisation, Reponse
from reponses.realisation import realisation_de
from socle.images import reencoder
from socle.templatetags.composants import jour
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.notifications.conftest import dire
from tests.reponses.conftest import amener_reponse, dans, du_monde
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree, RegistreScelle

pytestmark = pytest.mark.django_db
FAIT = Fait(texte="Trois bancs sont posés.", depense=1200)


def image(format="JPEG", taille=(90, 60), **options) -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", taille).save(sortie, format, **options)
    return SimpleUploadedFile("photo.jpg", sortie.getvalue(), content_type="image/jpeg")


def en_texte(reponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode())).split())


def ecrire_le_monde() -> SimpleNamespace:
    """An idea with its published answer, and those who made it: the same people as in the fixtures of these names."""
    agent = PersonneFabrique(pseudonyme="Alix Agent", roles=["agent"])
    elue = PersonneFabrique(pseudonyme="Élue Fictive", roles=["elue"])
    citoyenne = PersonneFabrique(pseudonyme="Camille Exemple")
    referente = PersonneFabrique(pseudonyme="Rita Référente")
    projet = ProjetFabrique(titre="Projet de la place", referente=referente, ouvert=True)
    boite = BoiteFabrique(titre="Appel de la place", etape=EtapeFabrique(projet=projet))
    idee = IdeeFabrique(titre="Des bancs à l’ombre", boite=boite, auteur=citoyenne, etat="en_etude")
    publiee = amener_reponse(rediger_reponse(idee, agent=agent), "publiee", agent=agent, elue=elue)
    return SimpleNamespace(
        agent=agent,
        elue=elue,
        citoyenne=citoyenne,
        referente=referente,
        projet=projet,
        boite=boite,
        idee=idee,
        publiee=publiee,
    )


@pytest.fixture(scope="module")
def _monde_du_module(pour_le_module):
    return pour_le_module(ecrire_le_monde)


@pytest.fixture
def monde(_monde_du_module, db):
    return deepcopy(_monde_du_module)


agent, elue, citoyenne, referente = map(du_monde, ("agent", "elue", "citoyenne", "referente"))
projet, boite, idee, publiee = map(du_monde, ("projet", "boite", "idee", "publiee"))


@pytest.fixture
def sans_reponse(boite, citoyenne):
    """Another idea of hers, in study."""
    return IdeeFabrique(boite=boite, auteur=citoyenne, etat="en_etude")


@pytest.fixture
def brouillon(sans_reponse, agent):
    return rediger_reponse(sans_reponse, agent=agent)


@pytest.fixture
def jalon(publiee):
    return publiee.jalons.get()


@pytest.fixture
def fait(jalon, agent):
    return accomplir_jalon(jalon, par=agent, fait=FAIT)


# --- Who, and when -----------------------------------------------------------------------------------------------

GESTES = {
    "accomplir": lambda r, j, par: accomplir_jalon(j, par=par, fait=FAIT),
    "raconter": lambda r, j, par: raconter_jalon(_deja_fait(j), par=par, fait=FAIT),
    "informer": lambda r, j, par: donner_des_nouvelles(r, par=par, titre="Le bois est là", texte="Livré."),
    "retarder": lambda r, j, par: annoncer_un_retard(j, par=par, titre="Pluie", texte="Sol mou.", attendue_le=dans(90)),
}
ADRESSES = {
    "accomplir": lambda r, j: reverse("reponses:jalon_fait", args=[j.pk]),
    "raconter": lambda r, j: reverse("reponses:raconter_jalon", args=[j.pk]),
    "informer": lambda r, j: reverse("reponses:nouvelle", args=[r.pk]),
    "retarder": lambda r, j: reverse("reponses:retarder_jalon", args=[j.pk]),
}
PEUVENT = {"agent", "administratrice", "referente"}
ROLES = [
    "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice", "elue", "experte",
]  # fmt: skip


def _deja_fait(jalon):
    Jalon.objects.filter(pk=jalon.pk, fait_le__isnull=True).update(fait_le=dans(0))
    return jalon


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("geste", GESTES)
def test_qui_peut(request, client, publiee, jalon, geste, role):
    personne = request.getfixturevalue(role)
    client.force_login(personne)
    statut = client.get(ADRESSES[geste](publiee, _deja_fait(jalon) if geste == "raconter" else jalon)).status_code
    if role in PEUVENT:
        assert statut == 200
        GESTES[geste](publiee, jalon, personne)
    else:
        assert statut == 403
        avant = Entree.objects.count()
        with pytest.raises(EtapeInterdite):
            GESTES[geste](publiee, jalon, personne)
        assert (Entree.objects.count(), CompteRendu.objects.count(), Nouvelle.objects.count()) == (avant, 0, 0)


def test_l_autrice_n_informe_pas_de_sa_propre_idee(publiee, jalon, citoyenne):
    """She has become an agent since: a colleague does it."""
    citoyenne.roles_globaux.create(role="agent")
    citoyenne = type(citoyenne).objects.get(pk=citoyenne.pk)
    for geste in GESTES.values():
        with pytest.raises(EtapeInterdite, match="collègue"):
            geste(publiee, jalon, citoyenne)


@pytest.mark.parametrize("geste", ["informer"])
@pytest.mark.parametrize("etat", ["brouillon", "en_consultation", "a_signer", "signee"])
def test_rien_avant_la_publication(brouillon, agent, elue, client, geste, etat):
    reponse = amener_reponse(brouillon, etat, agent=agent, elue=elue)
    with pytest.raises(EtapeImpossible):
        GESTES[geste](reponse, None, agent)
    client.force_login(agent)
    assert client.get(ADRESSES[geste](reponse, None)).status_code == 409


def test_un_non_n_a_pas_de_realisation(client, agent, elue):
    non = publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go", agent=agent, elue=elue)
    with pytest.raises(EtapeImpossible):
        donner_des_nouvelles(non, par=agent, titre="x", texte="y")
    assert realisation_de(non) is None
    assert "Où en est la réalisation" not in client.get(non.get_absolute_url()).content.decode()


@pytest.mark.parametrize("fin", ["faite", "annulee"])
def test_ce_qui_est_fini_n_est_plus_retarde(client, jalon, agent, fin):
    if fin == "faite":
        accomplir_jalon(jalon, par=agent)
    else:
        annuler_jalon(jalon, par=agent, motif="Plus de bois.")
    with pytest.raises(EtapeImpossible):
        annoncer_un_retard(jalon, par=agent, titre="x", texte="y", attendue_le=dans(90))
    client.force_login(agent)
    assert client.get(reverse("reponses:retarder_jalon", args=[jalon.pk])).status_code == 409


def test_on_ne_raconte_que_ce_qui_est_fait(client, jalon, agent):
    with pytest.raises(EtapeImpossible):
        raconter_jalon(jalon, par=agent, fait=FAIT)
    client.force_login(agent)
    assert client.get(reverse("reponses:raconter_jalon", args=[jalon.pk])).status_code == 409


# --- Counted, never invented -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faites", "annulees", "phrase"),
    [
        (0, 0, "Aucune des 4 étapes promises n’est encore faite."),
        (2, 0, "2 étapes faites sur 4."),
        (2, 1, "2 étapes faites sur 3. Une seule étape est annulée."),
        (1, 2, "1 étape faite sur 2. 2 étapes sont annulées."),
        (4, 0, "4 étapes faites sur 4."),
    ],
)
def test_l_avancement_se_compte(client, publiee, idee, agent, faites, annulees, phrase):
    jalons = [publiee.jalons.get()] + [
        planifier_jalon(publiee, par=agent, titre=f"Étape n° {n}", prevu_le=dans(n)) for n in (40, 41, 42)
    ]
    for jalon in jalons[:faites]:
        accomplir_jalon(jalon, par=agent)
    for jalon in jalons[faites : faites + annulees]:
        annuler_jalon(jalon, par=agent, motif="Plus de bois.")
    for adresse in (publiee.get_absolute_url(), idee.get_absolute_url()):
        page = en_texte(client.get(adresse))
        assert phrase in page, adresse
        assert "%" not in page and "pour cent" not in page


#: (estimated, spent by step) → what is read; never a rate, never « sur » without an estimate.
EUROS = [
    (None, [None, None], None),
    (5000, [None, None], None),
    (None, [1200, None], "1 200 € dépensés (le coût d’une étape faite n’est pas encore connu)"),
    (5000, [1200, 300], "1 500 € dépensés sur 5 000 € estimés"),
    (5000, [0, 0], "0 € dépensés sur 5 000 € estimés"),
    (1000, [1200, None], "1 200 € dépensés sur 1 000 € estimés (le coût d’une étape faite n’est pas encore connu)"),
    (0, [10, 0], "10 € dépensés sur 0 € estimés"),
]


@pytest.mark.parametrize(("estime", "depenses", "phrase"), EUROS)
def test_les_euros_a_cote_de_l_estimation(client, sans_reponse, agent, elue, estime, depenses, phrase):
    reponse = publier_reponse(sans_reponse, agent=agent, elue=elue, cout_estime=estime)
    jalons = [reponse.jalons.get(), planifier_jalon(reponse, par=agent, titre="Peindre", prevu_le=dans(3))]
    for jalon, depense in zip(jalons, depenses, strict=True):
        accomplir_jalon(jalon, par=agent, fait=Fait(texte="C’est fait.", depense=depense))
    page = en_texte(client.get(reponse.get_absolute_url())).replace("\u202f", " ").replace("\xa0", " ")
    if phrase is None:
        assert "dépensés" not in page
    else:
        assert phrase in page
    assert "%" not in page


def test_un_nouveau_chiffre_remplace_dans_la_somme_et_l_ancien_reste_ecrit(client, fait, agent, publiee):
    raconter_jalon(fait, par=agent, fait=Fait(texte="Un banc de plus.", depense=1700))
    raconter_jalon(fait, par=agent, fait=Fait(texte="Les gens s’assoient."))
    assert realisation_de(publiee).depense == 1700
    page = en_texte(client.get(publiee.get_absolute_url()))
    for mot in ("Trois bancs sont posés.", "Un banc de plus.", "Les gens s’assoient."):
        assert mot in page


# --- Done, told --------------------------------------------------------------------------------------------------


def saisie(**autres):
    return {"texte": "Trois bancs sont posés.", "depense": "1200", **autres}


def test_le_parcours_d_un_agent(client, agent, jalon, publiee, idee):
    client.force_login(agent)
    adresse = reverse("reponses:jalon_fait", args=[jalon.pk])
    exif = Image.Exif()
    exif[0x010F] = "Marque-du-téléphone"
    recue = client.post(
        adresse,
        saisie(
            photo_avant=image(exif=exif),
            alternative_avant="La place sans banc",
            photo_apres=image("PNG"),
            alternative_apres="Trois bancs sous les arbres",
        ),
    )
    assert recue.url == publiee.get_absolute_url()
    rendu = CompteRendu.objects.get()
    assert (rendu.texte, rendu.depense, rendu.publie_par) == ("Trois bancs sont posés.", 1200, agent)
    photos = {photo.moment: photo for photo in rendu.photos.all()}
    assert set(photos) == {"avant", "apres"}
    client.logout()
    for page in (publiee.get_absolute_url(), idee.get_absolute_url()):
        corps = client.get(page).content.decode()
        assert 'alt="La place sans banc"' in corps and 'alt="Trois bancs sous les arbres"' in corps
        assert corps.index("La place sans banc") < corps.index("Trois bancs sous les arbres")
    servie = client.get(reverse("reponses:photo", args=[photos["avant"].pk, "grande"]))
    contenu = b"".join(servie.streaming_content)
    assert servie.headers["Content-Type"] == "image/webp" and b"Marque" not in contenu
    assert servie.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(reverse("reponses:photo", args=[photos["avant"].pk, "originale"])).status_code == 404
    entree = Entree.objects.get(type="reponses.jalon.accomplir")
    assert entree.donnees["compte_rendu"] == rendu.pk and entree.donnees["empreinte_du_texte"] == rendu.empreinte()
    assert "Trois bancs" not in str(entree.donnees)


MANQUES = [
    ({"texte": ""}, "texte", "Racontez en une phrase ce qui a été fait."),
    ({"depense": "12,5"}, "depense", "Écrivez un nombre entier, sans virgule ni espace."),
    ({"depense": "-1"}, "depense", "Écrivez un nombre positif."),
    ({"depense": "2000000001"}, "depense", "Ce nombre est trop grand."),
    (
        {"photo_apres": image()}, "alternative_apres",
        "Dites en quelques mots ce que montre la photo, pour qui ne la voit pas.",
    ),
    (
        {"photo_apres": SimpleUploadedFile("x.jpg", b"<svg/>"), "alternative_apres": "Un banc"}, "photo_apres",
        "Ce fichier n’est pas une photo lisible. Envoyez une image JPEG, PNG ou WebP.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("champs", "nom", "phrase"), MANQUES)
def test_ce_qui_manque_est_dit_a_cote_et_rien_n_est_ecrit(client, agent, jalon, champs, nom, phrase):
    client.force_login(agent)
    for objet in champs.values():
        if hasattr(objet, "seek"):
            objet.seek(0)
    recue = client.post(reverse("reponses:jalon_fait", args=[jalon.pk]), saisie(**champs))
    assert recue.status_code == 422
    assert recue.context["form"].errors[nom] == [phrase]
    if "texte" not in champs:
        assert "Trois bancs sont posés." in recue.content.decode()
    jalon.refresh_from_db()
    assert jalon.fait_le is None and not CompteRendu.objects.exists() and not PhotoRealisation.objects.exists()


def test_une_bombe_est_refusee_avant_d_etre_decodee(client, agent, jalon):
    client.force_login(agent)
    sortie = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(sortie, "PNG")
    bombe = SimpleUploadedFile("x.png", sortie.getvalue())
    recue = client.post(
        reverse("reponses:jalon_fait", args=[jalon.pk]), saisie(photo_avant=bombe, alternative_avant="Rien")
    )
    assert recue.status_code == 422 and recue.context["form"].errors["photo_avant"]


def test_dire_fait_sans_un_mot_reste_possible(client, agent, jalon):
    client.force_login(agent)
    client.post(reverse("reponses:jalon_fait", args=[jalon.pk]), {"texte": "", "depense": ""})
    jalon.refresh_from_db()
    assert jalon.fait_le == dans(0) and not CompteRendu.objects.exists()


def test_deux_agents_a_la_fois_la_seconde_est_prevenue_et_garde_son_texte(client, agent, jalon, publiee):
    client.force_login(agent)
    adresse = reverse("reponses:jalon_fait", args=[jalon.pk])
    client.post(adresse, saisie())
    seconde = client.post(adresse, saisie(texte="Mon autre récit."))
    assert seconde.status_code == 422
    corps = seconde.content.decode()
    assert "Mon autre récit." in corps and reverse("reponses:raconter_jalon", args=[jalon.pk]) in corps
    assert CompteRendu.objects.get().texte == "Trois bancs sont posés."
    assert (
        client.post(reverse("reponses:raconter_jalon", args=[jalon.pk]), saisie(texte="Mon autre récit.")).status_code
        == 302
    )
    assert CompteRendu.objects.count() == 2
    assert client.get(adresse).url == publiee.get_absolute_url()


# --- News and delays ---------------------------------------------------------------------------------------------


def test_un_retard_garde_la_date_promise(client, agent, jalon, publiee, idee):
    client.force_login(agent)
    adresse = reverse("reponses:retarder_jalon", args=[jalon.pk])
    vue = client.get(adresse).context["form"]["attendue_vue"].value()
    donnees = {"titre": "Il pleut", "texte": "Le sol est mou.", "attendue_vue": vue}
    for jours, phrase in (
        (-1, "Cette date est passée : choisissez une date à venir."),
        (30, "Un retard annonce une date après celle qui est promise."),
    ):
        refus = client.post(adresse, donnees | {"attendue_le": dans(jours).isoformat()})
        assert refus.context["form"].errors["attendue_le"] == [phrase]
    assert not Nouvelle.objects.exists()
    assert client.post(adresse, donnees | {"attendue_le": dans(90).isoformat()}).url == publiee.get_absolute_url()
    jalon.refresh_from_db()
    assert (jalon.prevu_le, jalon.attendue_le) == (dans(30), dans(90))
    client.logout()
    for page in (publiee.get_absolute_url(), idee.get_absolute_url()):
        corps = client.get(page).content.decode()
        assert f'prévue le <s><time datetime="{dans(30).isoformat()}">' in corps
        assert f'désormais attendue le <time datetime="{dans(90).isoformat()}">' in corps
        assert "Il pleut" in corps and "Le sol est mou." in corps
    entree = Entree.objects.get(type="reponses.realisation.retarder")
    assert entree.est_publique and "<s>" in entree.phrase and "Il pleut" in entree.phrase
    assert "Il pleut" in client.get(reverse("timeline:chronologie")).content.decode()
    assert "Il pleut" in client.get(idee.projet.get_absolute_url()).content.decode()


def test_deux_retards_a_la_fois_la_seconde_relit(client, agent, jalon):
    client.force_login(agent)
    adresse = reverse("reponses:retarder_jalon", args=[jalon.pk])
    donnees = {
        "titre": "Il pleut", "texte": "Sol mou.", "attendue_vue": jalon.prevu_le.isoformat(),
        "attendue_le": dans(90).isoformat(),
    }  # fmt: skip
    assert client.post(adresse, donnees).status_code == 302
    seconde = client.post(adresse, donnees | {"titre": "Il neige", "attendue_le": dans(60).isoformat()})
    assert seconde.status_code == 422 and "Quelqu’un a annoncé une autre date" in seconde.content.decode()
    assert Nouvelle.objects.get().titre == "Il pleut" and "Il neige" in seconde.content.decode()
    relue = seconde.context["form"]["attendue_vue"].value()
    assert (
        client.post(adresse, donnees | {"attendue_vue": relue, "attendue_le": dans(60).isoformat()}).status_code == 302
    )
    jalon.refresh_from_db()
    assert jalon.attendue_le == dans(60), "the last one said"


def test_une_etape_retardee_puis_faite_n_est_plus_attendue(jalon, agent):
    annoncer_un_retard(jalon, par=agent, titre="x", texte="y", attendue_le=dans(90))
    assert accomplir_jalon(jalon, par=agent).attendue_le is None


def test_un_retard_d_une_autre_date_passe_par_l_action_aussi(jalon, agent):
    for jours in (-1, 5, 30):
        with pytest.raises(EtapeInvalide):
            annoncer_un_retard(jalon, par=agent, titre="x", texte="y", attendue_le=dans(jours))


def test_une_nouvelle_par_la_page(client, agent, publiee):
    client.force_login(agent)
    adresse = reverse("reponses:nouvelle", args=[publiee.pk])
    vide = client.post(adresse, {"titre": "Le bois", "texte": ""})
    assert vide.status_code == 422 and vide.context["form"].errors["texte"] == ["Dites ce qui se passe."]
    assert 'value="Le bois"' in vide.content.decode()
    client.post(adresse, {"titre": "<b>Le bois</b>", "texte": "<script>alert(1)</script>"})
    corps = client.get(publiee.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Le bois" in corps and "<script>alert" not in corps
    assert "<b>Le" not in Entree.objects.get(type="reponses.realisation.informer").phrase


def test_le_meme_envoi_deux_fois_ne_publie_qu_une_fois(client, agent, jalon, publiee):
    """A phone that found the network back sends again: whoever reads, and whoever is told, sees one."""
    client.force_login(agent)
    retard = {
        "titre": "Il pleut", "texte": "Sol mou.", "attendue_vue": jalon.prevu_le.isoformat(),
        "attendue_le": dans(90).isoformat(),
    }  # fmt: skip
    envois = {
        reverse("reponses:nouvelle", args=[publiee.pk]): {"titre": "Le bois", "texte": "Il est coupé."},
        reverse("reponses:retarder_jalon", args=[jalon.pk]): retard,
    }
    for adresse, mots in envois.items():
        assert [client.post(adresse, mots).status_code for _ in range(2)] == [302, 302]
    assert sorted(Nouvelle.objects.values_list("titre", flat=True)) == ["Il pleut", "Le bois"]
    accomplir_jalon(jalon, par=agent)
    raconter = reverse("reponses:raconter_jalon", args=[jalon.pk])
    assert [client.post(raconter, saisie()).status_code for _ in range(2)] == [302, 302]
    assert CompteRendu.objects.count() == 1
    photo = saisie(photo_apres=image(), alternative_apres="Trois bancs")
    assert client.post(raconter, photo).status_code == 302
    assert CompteRendu.objects.count() == 2 and PhotoRealisation.objects.exists(), "a picture that was forgotten"
    for type_ in ("realisation.informer", "realisation.retarder"):
        assert Entree.objects.filter(type=f"reponses.{type_}").count() == 1, type_


def test_la_meme_etape_promise_ou_faite_deux_fois_ne_l_est_qu_une_fois(client, agent, publiee):
    client.force_login(agent)
    promettre, mots = (
        reverse("reponses:jalons", args=[publiee.pk]),
        {"titre": "Planter", "prevu_le": dans(60).isoformat()},
    )
    assert [client.post(promettre, mots).status_code for _ in range(2)] == [302, 302]
    plantation = publiee.jalons.get(titre="Planter")
    faire = reverse("reponses:jalon_fait", args=[plantation.pk])
    assert [client.post(faire, saisie()).status_code for _ in range(2)] == [302, 302]
    assert CompteRendu.objects.get().jalon == plantation
    assert Entree.objects.filter(type="reponses.jalon.planifier", donnees__jalon=plantation.pk).count() == 1


def test_revenir_a_une_date_annoncee_plus_tot_est_un_autre_retard(jalon, agent):
    for jours in (90, 60, 90):
        annoncer_un_retard(jalon, par=agent, titre="Il pleut", texte="Sol mou.", attendue_le=dans(jours))
    jalon.refresh_from_db()
    assert jalon.attendue_le == dans(90) and Nouvelle.objects.count() == 3


@pytest.mark.parametrize(
    "type_", ["reponses.jalon.raconter", "reponses.realisation.informer", "reponses.realisation.retarder"]
)
def test_ce_que_la_moderation_masque_n_est_plus_nomme(publiee, jalon, idee, agent, moderatrice, type_):
    from moderation.actions import masquer

    annoncer_un_retard(jalon, par=agent, titre="Il pleut", texte="y", attendue_le=dans(90))
    donner_des_nouvelles(publiee, par=agent, titre="Le bois", texte="y")
    raconter_jalon(_deja_fait(jalon), par=agent, fait=FAIT)
    assert "Des bancs" in Entree.objects.get(type=type_).phrase
    idee.refresh_from_db()
    masquer(idee, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    phrase = Entree.objects.get(type=type_).phrase
    assert "Des bancs" not in phrase and phrase.count(".") == 1


# --- Kept --------------------------------------------------------------------------------------------------------


def photographier(jalon, agent):
    encodages = reencoder(image())
    return raconter_jalon(jalon, par=agent, fait=Fait("Voici.", photos={"apres": (encodages, "Un banc")}))


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE reponses_compterendu SET texte = 'Autre'",
        "UPDATE reponses_compterendu SET depense = 1",
        "DELETE FROM reponses_photorealisation",
        "UPDATE reponses_photorealisation SET alternative = 'Autre'",
        "UPDATE reponses_nouvelle SET texte = 'Autre'",
        "UPDATE reponses_nouvelle SET attendue_le = NULL",
        "DELETE FROM reponses_nouvelle",
        "UPDATE reponses_merci SET texte = 'Autre'",
        "DELETE FROM reponses_merci",
    ],
)
def test_la_base_garde_ce_qui_est_dit(fait, publiee, idee, agent, ordre):
    photographier(fait, agent)
    suivant = planifier_jalon(publiee, par=agent, titre="Peindre", prevu_le=dans(3))
    annoncer_un_retard(suivant, par=agent, titre="x", texte="y", attendue_le=dans(90))
    Merci.objects.create(cible=idee, texte="Merci.", publie_par=agent)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


@pytest.mark.parametrize(
    "champs",
    [
        {"genre": "nouvelle", "attendue_le": dans(3)},
        {"genre": "difficulte"},
        {"genre": "difficulte", "attendue_le": dans(3)},
        {"genre": "rumeur"},
        {"genre": "nouvelle", "texte": ""},
        {"genre": "nouvelle", "titre": ""},
    ],
)
def test_la_base_refuse_une_nouvelle_bancale(publiee, champs):
    with pytest.raises(DatabaseError), transaction.atomic():
        Nouvelle.objects.create(**{"reponse": publiee, "titre": "x", "texte": "y", **champs})


def test_une_photo_sans_mots_n_entre_pas(fait):
    with pytest.raises(DatabaseError), transaction.atomic():
        PhotoRealisation.objects.create(
            compte_rendu=fait.comptes_rendus.get(), moment="apres", alternative="", largeur=1, hauteur=1
        )


def test_un_ecrit_ne_se_sauve_ni_ne_s_efface(fait, agent):
    rendu = fait.comptes_rendus.get()
    for geste in (rendu.save, rendu.delete):
        with pytest.raises(RegistreScelle):
            geste()
    agent.delete()
    rendu = CompteRendu.objects.get()
    assert (rendu.publie_par, rendu.texte) == (None, "Trois bancs sont posés.")


def test_autant_de_requetes_pour_une_etape_que_pour_cinquante(client, publiee, jalon, agent, idee):
    def remplir(depuis, vers):
        for n in range(depuis, vers):
            suivant = planifier_jalon(publiee, par=agent, titre=f"Étape {n}", prevu_le=dans(n + 1))
            annoncer_un_retard(suivant, par=agent, titre="x", texte="y", attendue_le=dans(200))
            if n % 2:
                raconter_jalon(accomplir_jalon(suivant, par=agent), par=agent, fait=FAIT)
            donner_des_nouvelles(publiee, par=agent, titre="x", texte="y")

    comptes: list[int] = []
    for depuis, vers in ((0, 2), (2, 50)):
        remplir(depuis, vers)
        for adresse in (publiee.get_absolute_url(), idee.get_absolute_url(), f"/api/v1/reponses/{publiee.pk}/"):
            client.get(adresse)
            with CaptureQueriesContext(
                connection,
            ) as requetes:
                assert client.get(adresse).status_code == 200
            comptes.append(len(requetes))
    (reponse, page, api), (reponse_longue, page_longue, api_longue) = comptes[:3], comptes[3:]
    assert (reponse, api) == (reponse_longue, api_longue)
    # The chronology of the page shows fifty entries: those of the first days, of other kinds, are no longer among them.
    assert page_longue <= page


def test_l_api_dit_la_nouvelle_date(client, publiee, jalon, agent):
    annoncer_un_retard(jalon, par=agent, titre="x", texte="y", attendue_le=dans(90))
    lu = client.get(f"/api/v1/reponses/{publiee.pk}/").json()["jalons"][0]
    assert (lu["prevu_le"], lu["attendue_le"]) == (dans(30).isoformat(), dans(90).isoformat())


# --- « Réalisée » ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("merci", ["", "Merci au quartier, <b>vraiment</b>."])
def test_realisee_remercie_sans_nommer(client, agent, voisin, publiee, jalon, idee, merci):
    SoutienFabrique(idee=idee, personne=voisin)
    idee.refresh_from_db()
    franchir(idee.realiser, par=agent)
    accomplir_jalon(jalon, par=agent, fait=FAIT)
    client.force_login(agent)
    recue = client.post(reverse("timeline:etape", args=["idees.idee", idee.pk, "achever"]), {"merci": merci})
    assert recue.status_code == 302
    assert Merci.objects.count() == bool(merci)
    client.logout()
    corps = client.get(idee.get_absolute_url()).content.decode()
    assert "C’est réalisé. Merci !" in corps and "Une personne l’a soutenue." in corps
    assert ("Merci au quartier, &lt;b&gt;" in corps) is bool(merci)
    assert voisin.pseudonyme not in corps
    entree = Entree.objects.get(type="idees.achever")
    assert entree.donnees["soutiens"] == 1 and "quartier" not in str(entree.donnees)


def test_le_merci_est_dans_le_courriel(agent, voisin, publiee, jalon, idee):
    from notifications.models import Courriel
    from tests.notifications.conftest import dire, taire

    SoutienFabrique(idee=idee, personne=voisin)
    idee.refresh_from_db()
    franchir(idee.realiser, par=agent)
    accomplir_jalon(jalon, par=agent)
    taire()
    franchir(idee.achever, par=agent, merci="Merci au quartier.")
    dire()
    courriels = Courriel.objects.filter(objet__startswith="C’est réalisé")
    assert courriels.count() == 2
    for courriel in courriels:
        assert "Merci au quartier." in courriel.texte and "Merci au quartier." in courriel.html
        assert voisin.pseudonyme not in courriel.texte


def test_dans_un_mois_l_etape_retardee_est_en_retard_sur_sa_promesse(jalon, agent, monkeypatch):
    """A delay that is explained stays a delay: nobody's figures get better by an announcement."""
    annoncer_un_retard(jalon, par=agent, titre="x", texte="y", attendue_le=dans(90))
    plus_tard = dans(31)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: plus_tard)
    assert jalon.est_en_retard and jalon.prevu_le == plus_tard - timedelta(days=1)


# --- A correction that gives another date ---------------------------------------------------------------------------


def corriger_la_date(publiee, attendue_le, *, agent, elue):
    contenu = {nom: getattr(publiee, nom) for nom in Reponse.CONTENU}
    contenu |= {"premiere_etape_le": attendue_le, "texte": "Les pieux arrivent plus tard."}
    return amener_reponse(corriger(publiee, par=agent, **contenu), "publiee", agent=agent, elue=elue)


def test_une_correction_qui_recule_la_premiere_etape_annonce_un_retard(client, publiee, jalon, agent, elue):
    """The page does not say two dates without a word: the promised one stays, the other is beside it with the reason."""
    corriger_la_date(publiee, dans(90), agent=agent, elue=elue)
    nouvelle = Nouvelle.objects.get()
    assert (nouvelle.jalon, nouvelle.attendue_le, nouvelle.texte) == (jalon, dans(90), "Les pieux arrivent plus tard.")
    assert Jalon.objects.get().prevu_le == jalon.prevu_le
    entree = Entree.objects.get(type="reponses.realisation.retarder")
    assert (entree.par, entree.donnees["attendue_le"]) == (agent, dans(90).isoformat())
    assert entree.donnees["correction"] == publiee.corrections.get().pk
    page = en_texte(client.get(publiee.get_absolute_url()))
    assert "Retardée" in page and "désormais attendue le" in page
    # The next one counts from there.
    corriger_la_date(publiee, dans(60), agent=agent, elue=elue)
    assert Nouvelle.objects.count() == 1
    corriger_la_date(publiee, dans(120), agent=agent, elue=elue)
    assert Jalon.objects.get().attendue_le == dans(120)


def test_le_courriel_de_la_correction_dit_les_deux_dates_et_il_est_seul(publiee, jalon, citoyenne, agent, elue):
    dire()
    Courriel.objects.all().delete()
    corriger_la_date(publiee, dans(90), agent=agent, elue=elue)
    dire()
    courriel = Courriel.objects.get(personne=citoyenne)
    dit = f"promise pour le {jour(jalon.prevu_le)}, elle est désormais attendue le {jour(dans(90))}."
    assert dit in courriel.texte and dit in unescape(courriel.html)


def test_signee_par_l_elue_elle_l_annonce_aussi(publiee, agent, elue):
    """Whoever publishes: the right is that of the publication."""
    contenu = {nom: getattr(publiee, nom) for nom in Reponse.CONTENU} | {"premiere_etape_le": dans(90)}
    correction = amener_reponse(corriger(publiee, par=agent, **contenu), "signee", agent=agent, elue=elue)
    franchir(correction.publier, par=elue)
    assert Nouvelle.objects.get().publie_par == elue


@pytest.mark.parametrize("comment", ["la même date", "plus tôt", "faite", "annulée"])
def test_une_correction_qui_ne_retarde_rien_n_annonce_rien(publiee, jalon, agent, elue, comment):
    if comment == "faite":
        accomplir_jalon(jalon, par=agent)
    elif comment == "annulée":
        annuler_jalon(jalon, par=agent, motif="Le terrain est vendu.")
    date = {"la même date": jalon.prevu_le, "plus tôt": dans(5)}.get(comment, dans(90))
    corriger_la_date(publiee, date, agent=agent, elue=elue)
    assert not Nouvelle.objects.exists()


def test_une_correction_d_un_non_n_a_pas_d_etape(agent, elue):
    non = publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go", agent=agent, elue=elue)
    contenu = {nom: getattr(non, nom) for nom in Reponse.CONTENU} | {"texte": "En clair : non."}
    amener_reponse(corriger(non, par=agent, **contenu), "publiee", agent=agent, elue=elue)
    assert not Nouvelle.objects.exists()
