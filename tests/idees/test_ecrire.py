"""The form of an idea: its photos, its place in words, and what hostile or clumsy files become."""

import asyncio
import io
import resource
import struct
import tracemalloc
import uuid
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from config.limites import CorpsBorne
from idees.actions import rediger
from idees.models import Idee, Photo
from idees.photos import avancer_photo, enlever_photo, joindre_photo
from socle.images import ImageRefusee, reencoder
from territoires.models import Adresse, Territoire
from tests.fabriques import BoiteFabrique, IdeeFabrique
from timeline.etapes import EtapeInvalide

pytestmark = pytest.mark.django_db


def image(format="JPEG", taille=(90, 60), mode="RGB", **options) -> bytes:
    sortie = io.BytesIO()
    Image.new(mode, taille, 1 if mode == "1" else None).save(sortie, format, **options)
    return sortie.getvalue()


def fichier(nom="photo.jpg", contenu=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, image() if contenu is None else contenu, content_type="image/jpeg")


@pytest.fixture
def boite():
    return BoiteFabrique()


@pytest.fixture
def adresse(boite):
    return reverse("idees:proposer_dans", args=[boite.slug])


@pytest.fixture
def connectee(client, citoyenne):
    client.force_login(citoyenne)
    return client


def avec_mots(saisie) -> dict:
    return saisie | {f"alternative_{p.pk}": f"Photo {p.rang}" for p in Photo.objects.all()}


# --- Several photos -------------------------------------------------------------------------------------------------


def test_plusieurs_photos_s_ajoutent_puis_se_decrivent(connectee, adresse, saisie):
    deux = connectee.post(adresse, {**saisie, "photo": [fichier("a.jpg"), fichier("b.jpg")]})
    assert deux.status_code == 422
    page = deux.content.decode()
    assert page.count("Dites en quelques mots ce que montre la photo.") >= 2
    idee = Idee.objects.get()
    assert (idee.etat, idee.photos.count()) == ("brouillon", 2)
    envoi = connectee.post(adresse, avec_mots(saisie) | {"photo": fichier("c.jpg"), "alternative": "La troisième"})
    assert envoi.status_code == 302
    idee.refresh_from_db()
    assert [p.alternative for p in idee.photos.all()] == ["Photo 1", "Photo 2", "La troisième"]
    assert idee.etat == "a_moderer"


def test_les_refusees_disent_laquelle_et_pourquoi_les_autres_restent(connectee, adresse, saisie):
    lot = [fichier("bonne.jpg"), fichier("faux.png", b"<svg onload=alert(1)>"), fichier("vide.jpg", b""), fichier("autre.jpg")]  # fmt: skip
    page = connectee.post(adresse, {**saisie, "photo": lot}).content.decode()
    assert "« faux.png » n’est pas gardée." in page and "« vide.jpg » n’est pas gardée." in page
    assert "pas une photo lisible" in page and "« bonne.jpg »" not in page
    assert Photo.objects.count() == 2
    encore = connectee.post(adresse, avec_mots(saisie) | {"photo": fichier("faux.png", b"non")})
    assert encore.status_code == 422 and Photo.objects.count() == 2
    assert [p.alternative for p in Photo.objects.all()] in (["", ""], ["Photo 1", "Photo 2"])
    assert connectee.post(adresse, avec_mots(saisie)).status_code == 302


def test_cinq_photos_au_plus(connectee, adresse, saisie):
    page = connectee.post(adresse, {**saisie, "photo": [fichier(f"{n}.jpg") for n in range(1, 8)]}).content.decode()
    assert Photo.objects.count() == 5
    assert "« 6.jpg » n’est pas gardée : 5 photos au plus." in page and "« 7.jpg »" in page and "« 5.jpg »" not in page
    assert 'name="photo"' not in page  # no room, no field
    idee = Idee.objects.get()
    with pytest.raises(EtapeInvalide), transaction.atomic():
        joindre_photo(idee, reencoder(fichier()), "Une de trop")


def test_trop_de_photos_d_un_coup_ne_perdent_pas_le_texte(connectee, adresse, saisie):
    reponse = connectee.post(adresse, {**saisie, "photo": [fichier(f"{n}.jpg") for n in range(1, 31)]})
    assert reponse.status_code == 422 and saisie["texte"] in reponse.content.decode()
    assert Photo.objects.count() == 5


@pytest.mark.parametrize("rang", [0, 1, 6])
def test_la_base_ne_garde_ni_sixieme_rang_ni_deux_fois_le_meme(rang):
    idee = IdeeFabrique()
    commune = {"idee": idee, "fichier": "a", "vignette": "b", "largeur": 1, "hauteur": 1}
    Photo.objects.create(rang=0, **commune)
    Photo.objects.create(rang=1, **commune)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.create(rang=rang, **commune)


def noms(idee):
    return [(p.rang, p.alternative) for p in idee.photos.all()]


def test_ranger_et_enlever(citoyenne):
    idee = rediger(
        Idee(boite=BoiteFabrique(), auteur=citoyenne),
        par=citoyenne,
        valeurs={"titre": "t"},
        photos=[(reencoder(fichier()), nom) for nom in "ABC"],
    )
    pk = {p.alternative: p.pk for p in idee.photos.all()}
    avancer_photo(idee, pk["C"])
    assert noms(idee) == [(1, "A"), (2, "C"), (3, "B")]
    avancer_photo(idee, pk["A"])
    avancer_photo(idee, 999999)
    assert noms(idee) == [(1, "A"), (2, "C"), (3, "B")]
    enlever_photo(idee, pk["A"])
    enlever_photo(idee, pk["A"])
    assert noms(idee) == [(1, "C"), (2, "B")]
    joindre_photo(idee, reencoder(fichier()), "D")
    assert noms(idee) == [(1, "C"), (2, "B"), (3, "D")]


@pytest.mark.parametrize(
    "geste", ["enlever-{autre}", "enlever-", "enlever-x", "enlever-" + "9" * 40, "rien", "-", "enlever-²"]
)
def test_un_geste_etrange_ne_touche_a_rien_d_autre(connectee, adresse, saisie, geste):
    autre = IdeeFabrique()
    sienne = joindre_photo(autre, reencoder(fichier()), "La photo d’une autre")
    reponse = connectee.post(adresse, {**saisie, "geste": geste.format(autre=sienne.pk)})
    assert reponse.status_code == 302 and Photo.objects.get() == sienne
    # FILE-07: nor are the words of somebody else's picture changed by its number.
    connectee.post(adresse, {**saisie, f"alternative_{sienne.pk}": "Détournée"})
    assert Photo.objects.get().alternative == "La photo d’une autre"


def test_ajouter_garde_tout_ce_qui_est_tape(connectee, adresse, saisie):
    incomplet = {**saisie, "titre": "Des b", "thematique": "", "geste": "ajouter", "photo": fichier()}
    reponse = connectee.post(adresse, incomplet)
    idee = Idee.objects.get()
    assert reponse.url == reverse("idees:modifier", args=[idee.pk]) + "#photos"
    page = connectee.get(reponse.url).content.decode()
    assert 'value="Des b"' in page and saisie["texte"] in page and idee.photos.count() == 1


def test_autant_de_requetes_pour_une_photo_que_pour_cinq(connectee, citoyenne):
    def compter(nombre):
        idee = IdeeFabrique(auteur=citoyenne, cle_saisie=uuid.uuid4())
        for _ in range(nombre):
            joindre_photo(idee, reencoder(fichier()), "Une photo")
        chemin = reverse("idees:modifier", args=[idee.pk])
        connectee.get(chemin)
        with CaptureQueriesContext(connection) as comptees:
            assert connectee.get(chemin).status_code == 200
        return len(comptees)

    assert compter(1) == compter(5)


# --- A place in words -----------------------------------------------------------------------------------------------


@pytest.fixture
def rue():
    ville = Territoire.objects.create(
        genre="commune", nom="Ville fictive", slug="ville-fictive", code="C1", centre_lat=47.2, centre_lon=-1.5
    )
    return Adresse.objects.create(
        identifiant="C1_1_1", libelle="12 Rue des Lilas, 44000 Ville fictive", cle="12 rue des lilas ville fictive",
        cle_courte="12 rue des lilas", commune=ville, latitude=47.21, longitude=-1.51,
    )  # fmt: skip


def test_une_adresse_ecrite_place_le_point_et_le_dit(connectee, adresse, saisie, rue):
    page = connectee.post(adresse, {**saisie, "lieu_en_mots": "12, rue des LILAS"}, follow=True).content.decode()
    idee = Idee.objects.get()
    assert (idee.latitude, idee.longitude, idee.lieu) == (47.21, -1.51, "12, rue des LILAS")
    assert "elle est placée ici : 12 Rue des Lilas, 44000 Ville fictive" in page


@pytest.mark.parametrize(("mots", "lat"), [("devant la médiathèque", ""), ("12 rue des lilas", "47.19")])
def test_le_point_choisi_ou_des_mots_vagues_restent_ce_qu_ils_sont(connectee, adresse, saisie, rue, mots, lat):
    connectee.post(adresse, {**saisie, "lieu_en_mots": mots, "latitude": lat, "longitude": lat and "-1.49"})
    idee = Idee.objects.get()
    assert (idee.latitude, idee.lieu) == (47.19 if lat else None, mots)


# --- Files: checks FILE-06, FILE-08 to FILE-11, FILE-13 ---------------------------------------------------------------


@pytest.mark.parametrize(
    "nom",
    ["<svg onload=alert(1)>.png", "../../x", "a\r\nSet-Cookie:x", "n" * 300 + ".jpg", "\u202egpj.exe", "C:\\x.jpg"],
)
def test_file_06_le_nom_n_est_ni_cru_ni_garde(connectee, adresse, saisie, nom):
    page = connectee.post(adresse, {**saisie, "photo": fichier(nom, b"rien")})
    texte = page.content.decode()
    assert page.status_code == 422 and "<svg onload" not in texte and "Set-Cookie" not in page.headers
    assert "\u202e" not in texte and "n" * 100 not in texte
    connectee.post(adresse, {**saisie, "photo": fichier(nom), "alternative": "Un banc"})
    gardee = Photo.objects.get()
    assert gardee.fichier.name.startswith("idees/") and len(gardee.fichier.name) < 60
    servie = connectee.get(reverse("idees:photo", args=[gardee.idee_id, gardee.pk, "grande"]))
    assert servie.getvalue().startswith(b"RIFF")
    assert (servie.headers["Content-Type"], servie.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in servie.headers["Content-Security-Policy"]
    assert nom[:5] not in servie.headers.get("Content-Disposition", "")


ACTIFS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "pdf": b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n%%EOF",
    "gif et script": b"GIF89a/*" + b"\x00" * 20 + b"*/=alert(1)//",
}


@pytest.mark.parametrize("cas", ACTIFS)
@pytest.mark.parametrize("extension", ["jpg", "svg", "html"])
def test_file_08_un_contenu_actif_est_refuse(cas, extension):
    with pytest.raises(ImageRefusee):
        reencoder(fichier(f"photo.{extension}", ACTIFS[cas]))


@pytest.mark.parametrize("hote", ["JPEG", "PNG", "WEBP"])
def test_file_08_un_polyglotte_ne_garde_que_ses_pixels(hote):
    charge = b"<script>alert(1)</script>%PDF-1.7 PK\x03\x04<?php system($_GET[0]);"
    for encodage in reencoder(fichier("photo.jpg", image(hote) + charge)):
        assert encodage.contenu[:4] == b"RIFF" and encodage.contenu[8:12] == b"WEBP"
        assert not any(mot in encodage.contenu for mot in (b"script", b"php", b"%PDF", b"PK\x03\x04"))
        # Nothing follows the picture that RIFF announces.
        assert struct.unpack("<I", encodage.contenu[4:8])[0] + 8 == len(encodage.contenu)


def png_annonce(largeur, hauteur) -> bytes:
    """A PNG that announces a size and holds almost nothing."""

    def morceau(nom, contenu):
        return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))

    entete = struct.pack(">IIBBBBB", largeur, hauteur, 1, 0, 0, 0, 0)
    morceaux = ((b"IHDR", entete), (b"IDAT", zlib.compress(b"\0" * 10)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(morceau(nom, contenu) for nom, contenu in morceaux)


@pytest.mark.parametrize(
    "taille", [(12_000, 12_000), (30_000, 30_000), (5_001, 5_000), (2_000_000_000, 1), (1, 2_000_000_000)]
)
def test_file_09_une_bombe_est_refusee_avant_d_etre_ouverte(taille):
    bombe = image("PNG", (12_000, 12_000), "1") if taille == (12_000, 12_000) else png_annonce(*taille)
    avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        with pytest.raises(ImageRefusee):
            reencoder(fichier("photo.png", bombe))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant < 20_000  # kB


@pytest.mark.parametrize("format", ["TIFF", "GIF", "BMP", "ICO", "PPM", "TGA", "EPS", "ICNS", "JPEG2000", "PDF"])
def test_file_10_les_autres_formats_sont_refuses_sous_n_importe_quel_nom(format):
    contenu = image(format, (64, 64))
    for nom in ("photo.jpg", "photo.png", "photo.webp"):
        with pytest.raises(ImageRefusee):
            reencoder(fichier(nom, contenu))


@pytest.mark.parametrize(
    "debut", [b"8BPS\x00\x01", b"BLP2", b"\x12\xaf" * 100, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x00\x00\x00\x0cjP  "]
)
def test_file_10_un_debut_de_format_ancien_est_refuse(debut):
    with pytest.raises(ImageRefusee):
        reencoder(fichier("photo.jpg", debut + b"\x00" * 500))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_file_11_la_position_et_l_appareil_disparaissent(format):
    exif = Image.Exif()
    exif[0x010F] = "TelephoneFictif"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (47.0, 12.0, 0.0)
    for encodage in reencoder(fichier("photo.jpg", image(format, exif=exif))):
        relue = Image.open(io.BytesIO(encodage.contenu))
        assert dict(relue.getexif()) == {} and relue.getexif().get_ifd(0x8825) == {}
        assert b"TelephoneFictif" not in encodage.contenu and "xmp" not in relue.info


def recevoir_par_morceaux(entetes, morceau, nombre):
    """What the wrapper lets through of a body sent in pieces, and the status it answers."""
    lus, envoyes = [], []

    async def application(scope, receive, send):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            lus.append(len(message["body"]))
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return

    reste = iter(range(nombre, 0, -1))

    async def receive():
        return {"type": "http.request", "body": morceau, "more_body": next(reste) > 1}

    async def send(message):
        envoyes.append(message.get("status"))

    asyncio.run(CorpsBorne(application)({"type": "http", "headers": entetes}, receive, send))
    return sum(lus), next(statut for statut in envoyes if statut)


@pytest.mark.parametrize("entetes", [[], [(b"content-length", b"10")], [(b"transfer-encoding", b"chunked")]])
def test_file_13_un_envoi_de_500_mo_est_coupe_a_la_limite(entetes):
    tracemalloc.start()
    try:
        lus, statut = recevoir_par_morceaux(entetes, b"x" * 1_000_000, 500)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert statut == 413 and lus <= settings.TELEVERSEMENT_MAX


@pytest.mark.parametrize("annonce", [b"500000000", b"-1", b"abc", b"9" * 400])
def test_file_13_une_annonce_demesuree_est_refusee_sans_rien_lire(annonce):
    assert recevoir_par_morceaux([(b"content-length", annonce)], b"x", 3) == (0, 413)


def test_file_13_cinq_photos_de_telephone_passent():
    assert recevoir_par_morceaux([], b"x" * 1_000_000, 41) == (41_000_000, 200)
