"""Documents of a projet: what is refused, what is kept, how it is served, and that nothing published is replaced."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from projets.actions import publier_document, publier_version
from projets.models import Document, VersionDocument
from tests.fabriques import ProjetFabrique, publier_reponse
from tests.projets.fichiers import octets_odf, octets_ooxml, octets_pdf, octets_png, pdf
from timeline.etapes import EtapeInterdite, franchir
from timeline.models import Entree, RegistreScelle
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def medias(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def envoi(contenu, nom, type_mime="application/pdf"):
    return SimpleUploadedFile(nom, contenu, content_type=type_mime)


def rangees(dossier: Path) -> list[str]:
    return [chemin.name for chemin in dossier.rglob("*") if chemin.is_file()]


def lire(reponse) -> bytes:
    return b"".join(reponse)


# --- Sending ------------------------------------------------------------------------------------------------------


def test_le_meme_document_envoye_deux_fois_n_est_ajoute_qu_une_fois(client, agent, medias):
    client.force_login(agent)
    adresse = reverse("projets:ajouter_document", args=[ProjetFabrique().slug])
    for titre in ("Plan masse", "Plan masse", "Le même sous un autre nom"):
        mots = {"titre": titre, "fichier": envoi(octets_pdf("un"), "plan.pdf")}
        assert client.post(adresse, mots).status_code == 302
    assert sorted(Document.objects.values_list("titre", flat=True)) == ["Le même sous un autre nom", "Plan masse"]


def test_la_meme_version_envoyee_deux_fois_est_ajoutee_une_fois(client, agent, medias):
    client.force_login(agent)
    projet = ProjetFabrique()
    premiere = {"titre": "Plan masse", "fichier": envoi(octets_pdf("un"), "plan.pdf")}
    client.post(reverse("projets:ajouter_document", args=[projet.slug]), premiere)
    document = Document.objects.get()
    adresse = reverse("projets:ajouter_version", args=[projet.slug, document.pk])
    statuts = [
        client.post(adresse, {"fichier": envoi(octets_pdf("deux"), "plan.pdf"), "note": note}).status_code
        for note in ("Les arbres.", "Les arbres.", "Autre chose.")
    ]
    assert statuts == [302, 302, 422] and document.versions.count() == 2


def test_un_document_et_sa_deuxieme_version(client, agent, medias):
    client.force_login(agent)
    projet = ProjetFabrique(titre="La place")
    adresse = reverse("projets:ajouter_document", args=[projet.slug])
    assert (
        client.post(adresse, {"titre": "Plan masse", "fichier": envoi(octets_pdf("un"), "Plan d’été.pdf")}).status_code
        == 302
    )
    document = Document.objects.get()
    suite = reverse("projets:ajouter_version", args=[projet.slug, document.pk])
    deux = {"fichier": envoi(octets_odf(), "plan.odt"), "note": "Les arbres sont dessinés."}
    assert client.post(suite, deux).status_code == 302
    derniere, premiere = document.versions.all()
    assert (premiere.nom, premiere.numero, derniere.numero) == ("Plan d’été.pdf", 1, 2)
    assert premiere.empreinte == hashlib.sha256(octets_pdf("un")).hexdigest()
    assert all(re.fullmatch(r"documents/[0-9a-f]{32}\.(pdf|odt)", v.fichier.name) for v in (premiere, derniere))
    assert lire(client.get(premiere.get_absolute_url())) == octets_pdf("un")
    phrases = [phrase_en_texte(e) for e in Entree.objects.filter(type="projets.document.publier").order_by("numero")]
    assert phrases == [
        "Le document Plan masse rejoint le projet « La place ».",
        "Le document Plan masse du projet « La place » a une nouvelle version, la 2.",
    ]
    assert Entree.objects.filter(type="projets.document.publier").first().donnees["empreinte"] == derniere.empreinte
    page = client.get(projet.get_absolute_url()).content.decode()
    for version in (premiere, derniere):
        assert version.get_absolute_url() in page
        assert version.empreinte in page
    assert "Les arbres sont dessinés." in page


#: What is sent -> the word that the sentence must hold.
REFUS = {
    "svg": (b"<svg onload=alert(1)></svg>", "dessin.svg", "pas accepté"),
    "html": (b"<script>alert(1)</script>", "page.html", "pas accepté"),
    "sans extension": (octets_pdf(), "plan", "pas accepté"),
    "double extension": (b"MZ\x90\x00", "plan.pdf.exe", "pas accepté"),
    "docm": (octets_ooxml(), "lettre.docm", "pas accepté"),
    "html nomme pdf": (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "plan.pdf", "n’est pas un PDF"),
    "pdf coupe": (b"%PDF-1.7\nrien", "plan.pdf", "n’est pas un PDF"),
    "png nomme jpg": (octets_png(), "photo.jpg", "n’est pas un JPEG"),
    "docx nomme odt": (octets_ooxml(), "lettre.odt", "n’est pas un ODT"),
    "odt nomme docx": (octets_odf(), "lettre.docx", "n’est pas un DOCX"),
    "xlsx nomme docx": (octets_ooxml("xlsx"), "lettre.docx", "n’est pas un DOCX"),
    "macro": (octets_ooxml(autres=[("word/vbaProject.bin", b"x")]), "lettre.docx", "macro"),
    "bombe": (octets_odf(autres=[("b", b"\0" * 20_000_000)]), "lettre.odt", "démesuré"),
    "image geante": (octets_png(12_000, 12_000), "plan.png", "n’est pas un PNG"),
    "vide": (b"", "plan.pdf", "vide"),
}


@pytest.mark.parametrize("cas", sorted(REFUS))
def test_un_mauvais_fichier_se_dit_en_une_phrase(cas, client, agent, medias):
    """Nothing is kept of it, and the title that was typed stays."""
    contenu, nom, mot = REFUS[cas]
    client.force_login(agent)
    projet = ProjetFabrique()
    adresse = reverse("projets:ajouter_document", args=[projet.slug])
    reponse = client.post(adresse, {"titre": "Titre gardé", "fichier": envoi(contenu, nom)})
    assert reponse.status_code == 422
    (phrase,) = reponse.context["form"].errors["fichier"]
    assert mot in phrase
    assert 'value="Titre gardé"' in reponse.content.decode()
    assert not Document.objects.exists()
    assert rangees(medias) == []
    assert not Entree.objects.filter(type="projets.document.publier").exists()


def test_trop_lourd(client, agent, settings):
    settings.DOCUMENT_MAX = 1000
    client.force_login(agent)
    adresse = reverse("projets:ajouter_document", args=[ProjetFabrique().slug])
    reponse = client.post(adresse, {"titre": "T", "fichier": envoi(octets_pdf("x" * 1000), "plan.pdf")})
    assert "au plus" in reponse.context["form"].errors["fichier"][0]


def test_les_champs_vides(client, agent):
    client.force_login(agent)
    projet = ProjetFabrique()
    vide = client.post(reverse("projets:ajouter_document", args=[projet.slug]), {})
    assert list(vide.context["form"].errors) == ["titre", "fichier"]
    document = publier_document(projet, par=agent, titre="Plan", fichier=pdf()).document
    vide = client.post(reverse("projets:ajouter_version", args=[projet.slug, document.pk]), {})
    assert list(vide.context["form"].errors) == ["fichier", "note"]


def test_le_meme_fichier_n_est_pas_une_nouvelle_version(client, agent, medias):
    client.force_login(agent)
    projet = ProjetFabrique()
    document = publier_document(projet, par=agent, titre="Plan", fichier=pdf("un")).document
    adresse = reverse("projets:ajouter_version", args=[projet.slug, document.pk])
    reponse = client.post(adresse, {"fichier": envoi(octets_pdf("un"), "autre-nom.pdf"), "note": "Note gardée"})
    assert reponse.status_code == 422
    assert "le même" in reponse.context["form"].errors["fichier"][0]
    assert "Note gardée" in reponse.content.decode()
    assert (document.versions.count(), len(rangees(medias))) == (1, 1)


def test_rien_ne_reste_sur_le_disque_si_la_base_refuse(agent, medias, monkeypatch):
    from projets import actions

    def panne(*args, **kwargs):
        raise DatabaseError("plus de place")

    monkeypatch.setattr(actions, "consigner", panne)
    with pytest.raises(DatabaseError):
        publier_document(ProjetFabrique(annonce=False), par=agent, titre="Plan", fichier=pdf())
    assert rangees(medias) == []
    assert not Document.objects.exists()


# --- Reading ------------------------------------------------------------------------------------------------------

NOMS = {
    "<svg onload=alert(1)>.pdf": "<svg onload=alert(1)>.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\boot.pdf": "boot.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie: x=1.pdf",
    "gpj.\u202efdp.pdf": "gpj.fdp.pdf",
    "x" * 300 + ".PDF": "x" * 116 + ".pdf",
    "  .cache.pdf": "cache.pdf",
    "guille\"met';.pdf": "guille\"met';.pdf",
    "Éte\u0301.pdf": "Été.pdf",
}


@pytest.mark.parametrize("nom", sorted(NOMS))
def test_un_nom_de_fichier_est_un_texte_et_rien_d_autre(nom, client, agent, medias):
    projet = ProjetFabrique()
    version = publier_document(projet, par=agent, titre="Plan", fichier=pdf(nom=nom))
    assert version.nom == NOMS[nom]
    assert all(re.fullmatch(r"[0-9a-f]{32}\.pdf", range_) for range_ in rangees(medias))
    reponse = client.get(version.get_absolute_url())
    lire(reponse)
    entete = reponse.headers["Content-Disposition"]
    assert entete.startswith("attachment; filename")
    assert not {"\r", "\n", "\u202e"} & set(entete)
    assert "Set-Cookie" not in reponse.headers


def test_un_fichier_ne_s_ouvre_jamais_dans_le_site(client, agent):
    version = publier_document(ProjetFabrique(), par=agent, titre="Plan", fichier=pdf())
    reponse = client.get(version.get_absolute_url())
    lire(reponse)
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.post(version.get_absolute_url()).status_code == 405


def test_un_fichier_perdu_n_est_pas_une_panne(client, agent, caplog):
    version = publier_document(ProjetFabrique(), par=agent, titre="Plan", fichier=pdf())
    Path(version.fichier.path).unlink()
    assert client.get(version.get_absolute_url()).status_code == 404
    assert f"le fichier de la version {version.pk} manque" in caplog.text


def test_aucune_adresse_ne_mene_au_dossier_des_fichiers(client, agent):
    version = publier_document(ProjetFabrique(), par=agent, titre="Plan", fichier=pdf())
    for adresse in (version.fichier.url, f"/{version.fichier.name}"):
        assert client.get(adresse).status_code == 404


# --- Nothing published is replaced --------------------------------------------------------------------------------


def test_une_version_ne_se_remplace_nulle_part(agent):
    version = publier_document(ProjetFabrique(), par=agent, titre="Plan", fichier=pdf())
    version.empreinte = "0" * 64
    for geste in (version.save, version.delete):
        with pytest.raises(RegistreScelle):
            geste()
    for geste in (
        lambda: VersionDocument.objects.update(empreinte="0" * 64),
        lambda: VersionDocument.objects.update(fichier="documents/autre.pdf"),
        lambda: VersionDocument.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE projets_versiondocument SET nom = 'autre.pdf'")
    # Erasure of the account that sent it is the one change that the lock lets through.
    VersionDocument.objects.update(publiee_par=None)


@pytest.mark.parametrize("role", ["citoyenne", "moderatrice", "elue", "autre_referente"])
def test_les_autres_ne_publient_rien(role, roles, medias):
    projet = ProjetFabrique(referente=roles["referente"])
    with pytest.raises(EtapeInterdite):
        publier_document(projet, par=roles[role], titre="Plan", fichier=pdf())
    assert rangees(medias) == []


def test_pas_de_document_aux_archives(agent):
    projet = ProjetFabrique(ouvert=True)
    document = publier_document(projet, par=agent, titre="Bilan", fichier=pdf("un")).document
    publier_reponse(projet, agent=agent)
    projet.refresh_from_db()
    franchir(projet.clore, par=agent)
    assert publier_version(document, par=agent, fichier=pdf("deux"), note="Le bilan.").numero == 2
    franchir(projet.archiver, par=agent)
    with pytest.raises(EtapeInterdite):
        publier_version(document, par=agent, fichier=pdf("trois"), note="Trop tard.")
