"""The pages of the forum, the polls and the shared documents: what one reads, writes and is told."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from communautes.forum import SUJETS_MAX, epingler
from communautes.models import Adhesion, Communaute, DocumentPartage, Sondage, Sujet, VersionDocument, Voix
from communautes.sondages import clore_a_l_heure
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.communautes.fabriques_forum import (
    PDF,
    image,
    un_fichier,
    un_sondage,
    un_sujet,
    un_texte,
    une_reponse,
    voter,
)
from tests.fabriques import PersonneFabrique
from tests.requetes import copier, requetes
from timeline.models import Entree

pytestmark = pytest.mark.django_db
A = Communaute.Acces


@pytest.fixture
def communaute():
    return ouvrir(A.SUR_DEMANDE, nom="Les jardins")


@pytest.fixture
def membre(communaute):
    return adherer(communaute, PersonneFabrique(pseudonyme="Membre Fictive"))


@pytest.fixture
def elle(client, membre):
    client.force_login(membre)
    return client


def chez(nom, communaute, *args):
    return reverse(f"communautes:{nom}", args=[communaute.slug, *args])


def corps(reponse) -> str:
    return reponse.content.decode()


# --- Threads -----------------------------------------------------------------------------------------------------


def test_ouvrir_un_sujet_avec_une_photo_et_le_lire(elle, communaute, membre):
    page = elle.get(chez("ouvrir_sujet", communaute))
    assert page.status_code == 200 and "Au nom de la collectivité" not in corps(page)
    photo = SimpleUploadedFile("<svg onload=alert(1)>.png", image().getvalue(), "image/png")
    envoi = {"titre": "  Une   rampe ", "texte": "**Oui**\n\n<script>alert(1)</script>", "photo": photo}
    reponse = elle.post(chez("ouvrir_sujet", communaute), envoi)
    assert reponse.status_code == 422 and "ce que montre la photo" in corps(reponse)
    assert Sujet.objects.count() == 0 and "&lt;script&gt;alert(1)" in corps(reponse), "what she typed is kept"
    photo.seek(0)
    reponse = elle.post(chez("ouvrir_sujet", communaute), envoi | {"alternative": "Trois marches"})
    sujet = Sujet.objects.get()
    assert reponse["Location"] == sujet.get_absolute_url()
    assert (sujet.titre, sujet.auteur, sujet.photo_alternative) == ("Une rampe", membre, "Trois marches")
    assert "svg" not in sujet.photo.name and sujet.photo.name.startswith("communautes/forum/")
    lue = corps(elle.get(sujet.get_absolute_url()))
    assert "<strong>Oui</strong>" in lue and "<script>alert" not in lue and 'alt="Trois marches"' in lue
    entree = Entree.objects.get(type="communautes.sujet.ouvrir")
    assert (entree.communaute, entree.est_publique, entree.projet) == (communaute, True, None)


def test_la_photo_n_a_plus_rien_du_telephone(elle, communaute):
    sortie = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CANARI"
    Image.new("RGB", (30, 20)).save(sortie, "JPEG", exif=exif)
    envoi = {"titre": "Photo", "texte": "Voici.", "alternative": "Un mur"}
    elle.post(chez("ouvrir_sujet", communaute), envoi | {"photo": SimpleUploadedFile("a.jpg", sortie.getvalue())})
    sujet = Sujet.objects.get()
    for taille in ("grande", "vignette"):
        reponse = elle.get(chez("photo_sujet", communaute, sujet.pk, taille))
        contenu = b"".join(reponse.streaming_content)
        assert reponse["Content-Type"] == "image/webp" and b"CANARI" not in contenu and contenu[:4] == b"RIFF"
        assert (reponse["Cache-Control"], reponse["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
        assert "sandbox" in reponse["Content-Security-Policy"]
    assert elle.get(chez("photo_sujet", communaute, sujet.pk, "enorme")).status_code == 404
    sujet.photo.storage.delete(sujet.photo.name)
    assert elle.get(chez("photo_sujet", communaute, sujet.pk, "grande")).status_code == 404


@pytest.mark.parametrize("contenu", [b"%PDF-1.4", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b""])
def test_ce_qui_n_est_pas_une_photo_est_refuse(elle, communaute, contenu):
    envoi = {"titre": "Photo", "texte": "Voici.", "alternative": "Un mur"}
    reponse = elle.post(
        chez("ouvrir_sujet", communaute), envoi | {"photo": SimpleUploadedFile("a.png", contenu, "image/png")}
    )
    assert reponse.status_code == 422 and Sujet.objects.count() == 0


def test_champs_de_trop_ignores(elle, communaute, membre):
    """AC-10: nobody pins, speaks officially or writes for another by sending more."""
    autre = PersonneFabrique()
    envoi = {
        "titre": "T",
        "texte": "U",
        "officielle": "on",
        "epingle_le": "2026-01-01",
        "auteur": autre.pk,
        "etat": "ferme",
    }
    elle.post(chez("ouvrir_sujet", communaute), envoi)
    sujet = Sujet.objects.get()
    assert (sujet.auteur, sujet.officielle, sujet.est_epingle, sujet.etat) == (membre, False, False, "ouvert")


def test_la_referente_parle_au_nom_de_la_collectivite(client, communaute):
    client.force_login(referente_de(communaute))
    assert "Au nom de la collectivité" in corps(client.get(chez("ouvrir_sujet", communaute)))
    client.post(chez("ouvrir_sujet", communaute), {"titre": "T", "texte": "U", "officielle": "on"})
    lue = corps(client.get(Sujet.objects.get().get_absolute_url()))
    assert "Parole officielle" in lue and "Référent·e de la collectivité" in lue


def test_epingles_d_abord_puis_ce_qui_bouge(elle, communaute, membre):
    vieux, ancien, neuf = (un_sujet(communaute, membre, titre=t) for t in ("Vieux", "Ancien", "Neuf"))
    une_reponse(ancien)
    epingler(vieux, par=animatrice_de(communaute))
    lue = corps(elle.get(chez("forum", communaute)))
    assert lue.index("Vieux") < lue.index("Ancien") < lue.index("Neuf")
    assert "1 réponse" in lue and "0 réponse" in lue and "Épinglé" in lue
    une_reponse(neuf)
    lue = corps(elle.get(chez("forum", communaute)))
    assert lue.index("Neuf") < lue.index("Ancien")


@pytest.mark.deux_bases("chaque base trouve les mots à sa façon")
def test_chercher_dans_le_forum(elle, communaute, membre):
    un_sujet(communaute, membre, titre="Le compost d’ÉTÉ", texte="Des vers.")
    autre = un_sujet(communaute, membre, titre="Les outils", texte="Une bêche.")
    une_reponse(autre, texte="Et un râteau neuf.")
    un_sujet(ouvrir(A.SUR_DEMANDE), titre="Le compost des autres")

    def trouve(mots):
        return corps(elle.get(chez("forum", communaute), {"q": mots}))

    assert "Le compost d’ÉTÉ" in trouve("ete compost") and "Les outils" not in trouve("ete compost")
    assert "Les outils" in trouve("râteau") and "1 sujet pour" in trouve("râteau")
    assert "des autres" not in trouve("compost")
    assert "Rien à ces mots" in trouve("dahlia")
    assert "&lt;img src=x" in trouve("<img src=x onerror=alert(1)>") and "<img src=x" not in trouve("<img src=x")
    assert (
        "Rien à ces mots" in trouve("100%")
        and elle.get(chez("forum", communaute), {"q": "\x00" * 9}).status_code == 200
    )


def test_liste_vide_et_pages(elle, communaute, membre, monkeypatch):
    assert "Personne n’a encore ouvert de sujet" in corps(elle.get(chez("forum", communaute)))
    monkeypatch.setattr("communautes.forum.SUJETS_MAX", 99)
    for n in range(21):
        un_sujet(communaute, membre, titre=f"Numéro {n:02}")
    premiere = corps(elle.get(chez("forum", communaute)))
    assert "Numéro 20" in premiere and "Numéro 00" not in premiere and "Page 1 sur 2" in premiere
    assert "Numéro 00" in corps(elle.get(chez("forum", communaute), {"page": 2}))
    assert elle.get(chez("forum", communaute), {"page": "9" * 30}).status_code == 200


def test_trop_de_sujets_attendent_et_le_texte_reste(elle, communaute, membre):
    for n in range(SUJETS_MAX):
        un_sujet(communaute, membre, titre=f"Numéro {n}")
    reponse = elle.post(chez("ouvrir_sujet", communaute), {"titre": "De trop", "texte": "Mon texte à garder"})
    assert reponse.status_code == 429 and "Mon texte à garder" in corps(reponse)
    assert Sujet.objects.count() == SUJETS_MAX


def test_deux_envois_des_memes_mots_font_un_sujet(elle, communaute):
    for _ in range(2):
        assert elle.post(chez("ouvrir_sujet", communaute), {"titre": "T", "texte": "U"}).status_code == 302
    assert Sujet.objects.count() == 1


def test_corriger_pendant_un_quart_d_heure(elle, communaute, membre):
    sujet = un_sujet(communaute, membre, titre="Avant", texte="Mots d’avant")
    page = corps(elle.get(chez("corriger_sujet", communaute, sujet.pk)))
    assert "Mots d’avant" in page
    envoi = {"titre": "Après", "texte": "Mots d’après", "vu": 0}
    assert elle.post(chez("corriger_sujet", communaute, sujet.pk), envoi).status_code == 302
    lue = corps(elle.get(sujet.get_absolute_url()))
    assert "Mots d’après" in lue and "corrigé à" in lue and "Mots d’avant" not in lue
    historique = corps(elle.get(chez("versions_sujet", communaute, sujet.pk)))
    assert "Mots d’avant" in historique and "Mots d’après" in historique
    perimee = elle.post(chez("corriger_sujet", communaute, sujet.pk), {"titre": "X", "texte": "Y à garder", "vu": 0})
    assert perimee.status_code == 409 and "Y à garder" in corps(perimee)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("communautes.permissions.CORRECTION_PERIODE", timezone.timedelta(0))
        tard = elle.post(chez("corriger_sujet", communaute, sujet.pk), envoi | {"texte": "Z à garder", "vu": 1})
        assert tard.status_code == 409 and "Z à garder" in corps(tard)
        assert elle.get(chez("corriger_sujet", communaute, sujet.pk)).status_code == 403


def test_epingler_et_fermer(client, communaute, membre):
    sujet = un_sujet(communaute, membre)
    client.force_login(membre)
    lue = corps(client.get(sujet.get_absolute_url()))
    assert "Épingler" not in lue and "Fermer ce sujet" in lue
    assert client.post(chez("epingler_sujet", communaute, sujet.pk), {"action": "epingler"}).status_code == 403
    client.force_login(animatrice_de(communaute))
    for _ in range(2):
        assert client.post(chez("epingler_sujet", communaute, sujet.pk), {"action": "epingler"}).status_code == 302
    assert Entree.objects.filter(type="communautes.sujet.epingler").count() == 1
    assert client.post(chez("epingler_sujet", communaute, sujet.pk), {"action": "autre"}).status_code == 400
    client.post(reverse("timeline:etape", args=["communautes.sujet", sujet.pk, "fermer"]), {"etat": "ouvert"})
    lue = corps(client.get(sujet.get_absolute_url()))
    assert "La discussion est fermée" in lue and "Rouvrir ce sujet" in lue and "Ne plus épingler" in lue
    reponse = client.post(reverse("commentaires:fil", args=["communautes.sujet", sujet.pk]), {"texte": "Trop tard"})
    assert reponse.status_code == 403 and "Trop tard" in corps(reponse)


def test_on_repond_sans_prendre_position(elle, communaute, membre):
    sujet = un_sujet(communaute)
    lue = corps(elle.get(sujet.get_absolute_url()))
    assert 'name="texte"' in lue and 'name="position"' not in lue
    fil = reverse("commentaires:fil", args=["communautes.sujet", sujet.pk])
    elle.post(fil, {"texte": "Je réponds.", "position": "contre"})
    lue = corps(elle.get(sujet.get_absolute_url()))
    assert "Je réponds." in lue and "Positions" not in lue and "etiquette--brique" not in lue


# --- Polls -------------------------------------------------------------------------------------------------------


def test_lancer_repondre_changer_terminer(elle, client, communaute, membre):
    envoi = {"question": "Quel jour ?", "options": "Mardi\n\n Jeudi \nSamedi", "ferme_le": ""}
    reponse = elle.post(chez("demander_sondage", communaute), envoi)
    sondage = Sondage.objects.get()
    assert reponse["Location"] == sondage.get_absolute_url()
    options = list(sondage.options.all())
    assert [o.libelle for o in options] == ["Mardi", "Jeudi", "Samedi"]
    avant = corps(elle.get(sondage.get_absolute_url()))
    assert "Résultats</h3>" not in avant and "après avoir répondu" in avant
    voter(sondage, adherer(communaute), 1)
    adresse = chez("voter_sondage", communaute, sondage.pk)
    assert elle.post(adresse, {}).status_code == 422
    assert elle.post(adresse, {"choix": [options[0].pk, options[1].pk]}).status_code == 302, "radio: the last one"
    assert elle.post(adresse, {"choix": options[0].pk}).status_code == 302
    apres = corps(elle.get(sondage.get_absolute_url()))
    assert "2 personnes ont répondu" in apres and "50,0 %" in apres and "Changer ma réponse" in apres
    assert Voix.objects.filter(personne=membre).count() == 1
    client.force_login(animatrice_de(communaute))
    assert "personnes ont répondu" not in corps(client.get(sondage.get_absolute_url())), (
        "who leads waits like the others"
    )
    client.post(reverse("timeline:etape", args=["communautes.sondage", sondage.pk, "clore"]), {"etat": "ouvert"})
    close = corps(client.get(sondage.get_absolute_url()))
    assert "2 personnes ont répondu" in close and "ne se rouvre pas" in close
    client.force_login(membre)
    reponse = client.post(adresse, {"choix": options[2].pk})
    assert reponse.status_code == 409 and Voix.objects.filter(option=options[2]).count() == 0


def test_plusieurs_reponses(elle, communaute, membre):
    sondage = un_sondage(communaute, plusieurs=True)
    options = list(sondage.options.all())
    elle.post(chez("voter_sondage", communaute, sondage.pk), {"choix": [options[0].pk, options[2].pk]})
    lue = corps(elle.get(sondage.get_absolute_url()))
    assert "1 personne a répondu" in lue and lue.count("100,0 %") == 2
    elle.post(chez("voter_sondage", communaute, sondage.pk), {"choix": [options[1].pk]})
    assert list(Voix.objects.values_list("option", flat=True)) == [options[1].pk]


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"question": "", "options": "a\nb"}, "Écrivez votre question"),
        ({"question": "Q ?", "options": "a"}, "de deux à dix"),
        ({"question": "Q ?", "options": "\n".join("abcdefghijk")}, "de deux à dix"),
        ({"question": "Q ?", "options": f"a\n{'b' * 121}"}, "trop longue"),
        ({"question": "Q ?", "options": "Le samedi\nle  SAMEDI\nLe dimanche"}, "plusieurs fois : « Le samedi »"),
        ({"question": "Q ?", "options": "a\na\nA"}, "plusieurs fois : « a »"),
        ({"question": "Q ?", "options": "a\nb", "ferme_le": "2020-01-01"}, "à venir"),
        ({"question": "Q ?", "options": "a\nb", "ferme_le": "9999-01-01"}, "plus proche"),
        ({"question": "Q ?", "options": "a\nb", "ferme_le": "demain"}, "Écrivez une date"),
    ],
)
def test_un_sondage_mal_rempli_dit_pourquoi_et_garde_tout(elle, communaute, envoi, phrase):
    reponse = elle.post(chez("demander_sondage", communaute), envoi)
    assert reponse.status_code == 422 and phrase in corps(reponse) and Sondage.objects.count() == 0
    assert envoi["options"] in corps(reponse)


def test_le_choix_d_un_autre_sondage_est_refuse(elle, communaute):
    sondage, autre = un_sondage(communaute), un_sondage(ouvrir(A.SUR_DEMANDE))
    reponse = elle.post(chez("voter_sondage", communaute, sondage.pk), {"choix": autre.options.first().pk})
    assert reponse.status_code == 422 and Voix.objects.count() == 0


def test_l_horloge_termine_un_sondage(elle, communaute, membre):
    sondage = un_sondage(communaute, ferme_le=timezone.now() + timezone.timedelta(hours=1))
    assert clore_a_l_heure() == 0
    with pytest.MonkeyPatch.context() as patch:
        plus_tard = timezone.now() + timezone.timedelta(hours=2)
        patch.setattr("django.utils.timezone.now", lambda: plus_tard)
        reponse = elle.post(chez("voter_sondage", communaute, sondage.pk), {"choix": sondage.options.first().pk})
        assert reponse.status_code == 409, "its time is over even before the clock passes"
        assert (clore_a_l_heure(), clore_a_l_heure()) == (1, 0)
    assert Entree.objects.get(type="communautes.sondage.clore").par is None


# --- Documents ---------------------------------------------------------------------------------------------------


def test_un_texte_en_deux_versions_avec_ses_differences(elle, communaute, membre):
    elle.post(chez("partager_document", communaute, "texte"), {"titre": "Charte", "texte": "On arrose le soir."})
    document = DocumentPartage.objects.get()
    modifier = chez("verser_version", communaute, document.pk)
    assert "On arrose le soir." in corps(elle.get(modifier))
    envoi = {"vu": 1, "note": "Le matin", "texte": "On arrose le matin."}
    assert elle.post(modifier, envoi)["Location"] == document.get_absolute_url()
    lue = corps(elle.get(document.get_absolute_url()))
    assert "On arrose le matin." in lue and "Version 2" in lue and "Le matin" in lue
    differences = corps(elle.get(chez("version_partagee", communaute, document.pk, 2)))
    assert "<del>" in differences and "soir" in differences and "<ins>" in differences
    assert "On arrose le soir." in corps(elle.get(chez("version_partagee", communaute, document.pk, 1)))
    meme = elle.post(modifier, envoi | {"vu": 2})
    assert meme.status_code == 422 and "même chose" in corps(meme)


def test_deux_personnes_ecrivent_a_la_fois(elle, client, communaute, membre):
    document = un_texte(communaute, texte="Un deux trois.").document
    modifier = chez("verser_version", communaute, document.pk)
    autre = adherer(communaute, PersonneFabrique(pseudonyme="Autre Fictif"))
    client.force_login(autre)
    client.post(modifier, {"vu": 1, "note": "Quatre", "texte": "Un deux trois quatre."})
    client.force_login(membre)
    reponse = client.post(modifier, {"vu": 1, "note": "Cinq", "texte": "Un deux cinq."})
    dite = corps(reponse)
    assert reponse.status_code == 409 and VersionDocument.objects.count() == 2
    assert "Autre Fictif a enregistré une autre version" in dite and "Un deux cinq." in dite
    assert 'name="vu" value="2"' in dite and "<del>" in dite and "Cinq" in dite
    assert client.post(modifier, {"vu": 2, "note": "Cinq", "texte": "Un deux cinq quatre."}).status_code == 302


def test_un_fichier_en_deux_versions(elle, communaute, membre):
    envoi = {"titre": "Le plan", "fichier": SimpleUploadedFile("../../pl‮an.PDF", PDF)}
    elle.post(chez("partager_document", communaute, "fichier"), envoi)
    document = DocumentPartage.objects.get()
    version = document.versions.get()
    assert version.nom == "plan.pdf" and version.fichier.name.startswith("communautes/documents/")
    modifier = chez("verser_version", communaute, document.pk)
    suite = {"vu": 1, "note": "Corrigé", "fichier": SimpleUploadedFile("plan.pdf", PDF + b" %%EOF\n")}
    assert elle.post(modifier, suite).status_code == 302
    croisee = {"vu": 1, "note": "Mien", "fichier": SimpleUploadedFile("plan.pdf", PDF + b"  %%EOF\n")}
    reponse = elle.post(modifier, croisee, follow=True)
    assert "Une autre version est arrivée" in corps(reponse) and document.versions.count() == 3
    for numero in (1, 2, 3):
        reponse = elle.get(chez("fichier_partage", communaute, document.pk, numero))
        assert b"".join(reponse.streaming_content).startswith(b"%PDF")
        assert reponse["Content-Disposition"] == 'attachment; filename="plan.pdf"'
        assert (reponse["Cache-Control"], reponse["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
        assert "sandbox" in reponse["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [("a.svg", b"<svg/>"), ("a.html", b"<p>"), ("a.pdf", b"<html>"), ("a.docx", b"PK\x03\x04"), ("a.pdf", b"")],
)
def test_un_fichier_menteur_est_refuse(elle, communaute, nom, contenu):
    envoi = {"titre": "Titre gardé", "fichier": SimpleUploadedFile(nom, contenu, "application/pdf")}
    reponse = elle.post(chez("partager_document", communaute, "fichier"), envoi)
    assert reponse.status_code == 422 and "Titre gardé" in corps(reponse) and DocumentPartage.objects.count() == 0


def test_retire_avec_une_raison_et_la_ligne_reste(client, communaute, membre):
    version = un_fichier(communaute, membre)
    document = version.document
    etape = reverse("timeline:etape", args=["communautes.documentpartage", document.pk, "retirer"])
    client.force_login(membre)
    assert client.post(etape, {"etat": "partage", "motif": "Non"}).status_code == 403
    client.force_login(animatrice_de(communaute))
    assert client.post(etape, {"etat": "partage", "motif": ""}).status_code == 422
    client.post(etape, {"etat": "partage", "motif": "Plan périmé."})
    fichier = chez("fichier_partage", communaute, document.pk, 1)
    lu = client.get(fichier)
    assert b"".join(lu.streaming_content).startswith(b"%PDF"), "who withdrew it may still check it"
    client.force_login(membre)
    lue = corps(client.get(document.get_absolute_url()))
    assert "Plan périmé." in lue and "plan.pdf" not in lue
    assert client.get(fichier).status_code == 404
    assert "Plan périmé." in corps(client.get(chez("documents", communaute)))
    assert client.get(chez("verser_version", communaute, document.pk)).status_code == 409


# --- Costs -------------------------------------------------------------------------------------------------------


def remplir(communaute, membre, sujet, document, n):
    """`n` more of each, by as many members."""
    gens = PersonneFabrique.create_batch(n)
    copier(communaute.adhesions.get(personne=membre), n, personne_id=lambda rang: gens[rang].pk)
    for rang, elle in enumerate(gens):
        autre = un_sujet(communaute, elle)
        une_reponse(autre, membre if rang < 5 else elle)
        une_reponse(sujet, elle)
        voter(un_sondage(communaute, elle), elle, 0)
        un_texte(communaute, elle)
        VersionDocument.objects.create(
            document=document,
            numero=10 + rang + document.versions.count(),
            texte=f"t{rang}",
            empreinte="e",
            auteur=elle,
        )


def test_les_pages_coutent_autant_avec_1_et_avec_50(elle, communaute, membre):
    sujet, sondage = un_sujet(communaute, membre, avec_photo=True), un_sondage(communaute, membre)
    voter(sondage, membre, 0)
    document = un_texte(communaute, membre).document
    adresses = [
        chez("forum", communaute), f"{chez('forum', communaute)}?q=fictif", sujet.get_absolute_url(),
        chez("sondages", communaute), sondage.get_absolute_url(), chez("documents", communaute),
        document.get_absolute_url(),
    ]  # fmt: skip
    remplir(communaute, membre, sujet, document, 1)
    avant = [requetes(elle, adresse) for adresse in adresses]
    remplir(communaute, membre, sujet, document, 49)
    for option in sondage.options.all():
        for _ in range(3):
            voter(sondage, adherer(communaute), option.rang - 1)
    assert [requetes(elle, adresse) for adresse in adresses] == avant
    assert [requetes(elle, f"{chez(nom, communaute)}?page=2") for nom in ("forum", "sondages", "documents")] == [
        avant[0], avant[3], avant[5],
    ]  # fmt: skip
    assert max(avant) < 45, avant


def test_un_membre_de_plus_ne_change_pas_le_role(communaute):
    """An expert reads and writes like a member."""
    experte = adherer(communaute, role=Adhesion.Role.EXPERTE)
    assert un_sujet(communaute, experte).auteur == experte
