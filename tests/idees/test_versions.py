"""Correcting a published idea: freely until its first support, in dated versions from then on, for all to compare."""

import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from idees.actions import ne_plus_soutenir, rediger, soutenir
from idees.comparaison import differences
from idees.corrections import CORRECTIONS_MAX, TexteModifie, corriger
from idees.models import Boite, Idee, Relecture, Soutien, Version
from idees.models.versions import CONTENU
from moderation.actions import masquer, retablir
from moderation.files import attentes
from socle.differences import segments
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    ThematiqueFabrique,
    amener_depuis_publiee,
)
from tests.idees.gestes import coautrice_de
from tests.idees.sans_compte import confier, depot
from tests.requetes import copier, requetes
from tests.tableau import a_l_essai, issue
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir
from timeline.models import Entree, RegistreScelle
from timeline.verification import verifier

pytestmark = pytest.mark.django_db

AVANT, APRES = "Des bancs à l’ombre du lavoir.", "Des bancs et une fontaine à l’ombre du lavoir."


@pytest.fixture
def idee(citoyenne):
    return IdeeFabrique(
        etat="publiee", auteur=citoyenne, titre="Des bancs au lavoir", texte=AVANT, boite__seuil_soutiens=50
    )


def valeurs(idee, **nouvelles):
    return {champ: getattr(idee, champ) for champ in CONTENU} | nouvelles


def modifier(idee, *, par=None, redaction=None, **nouvelles):
    idee = Idee.objects.get(pk=idee.pk)
    vue = idee.redaction if redaction is None else redaction
    return corriger(idee, par=par or idee.auteur, valeurs=valeurs(idee, **nouvelles), redaction=vue)


def saisie(idee, **nouvelles):
    return {
        "titre": idee.titre,
        "texte": idee.texte,
        "thematique": idee.thematique_id,
        "commune": "",
        "lieu_en_mots": idee.lieu,
        "latitude": "",
        "longitude": "",
        "redaction": idee.redaction,
        **nouvelles,
    }


# --- Word by word --------------------------------------------------------------------------------------------------

TEXTES = [
    ("", ""),
    ("Un banc.", "Un banc."),
    ("Un banc.", "Deux bancs."),
    ("Un banc près du lavoir.", "Un banc en bois près du lavoir."),
    ("Un deux trois quatre", "Un cinq six quatre"),
    ("Ligne\r\nautre", "Ligne\nautre ligne"),
    ("  espaces  ", "espaces"),
    ("<b>gras</b>", "<i>gras</i>"),
    ("", "Tout est neuf."),
    ("a " * 2000, "b a " * 1000),
]


@pytest.mark.sans_base
@pytest.mark.parametrize(("avant", "apres"), TEXTES)
def test_les_segments_redonnent_les_deux_textes(avant, apres):
    trouves = segments(avant, apres)
    assert "".join(s.texte for s in trouves if s.genre != "ajoute") == avant.replace("\r\n", "\n")
    assert "".join(s.texte for s in trouves if s.genre != "ote") == apres.replace("\r\n", "\n")


@pytest.mark.sans_base
def test_les_mots_voisins_qui_changent_font_un_seul_changement():
    assert [(s.genre, s.texte) for s in segments("Un deux trois quatre", "Un cinq six quatre")] == [
        ("garde", "Un "),
        ("ote", "deux trois"),
        ("ajoute", "cinq six"),
        ("garde", " quatre"),
    ]


def test_un_point_deplace_et_un_theme_se_disent_en_entier(idee):
    theme = ThematiqueFabrique(nom="Fraîcheur")
    apres = valeurs(idee, thematique=theme, latitude=47.2, longitude=-1.5)
    trouvees = {d.libelle: [(s.genre, s.texte) for s in d.segments] for d in differences(idee, apres)}
    assert trouvees == {
        "Thème": [("ote", idee.thematique.nom), ("ajoute", "Fraîcheur")],
        "Point sur la carte": [("ote", "(rien)"), ("ajoute", "47.20000 ; -1.50000")],
    }


# --- Before and after the first support ---------------------------------------------------------------------------


def test_avant_le_premier_soutien_le_texte_est_remplace(idee, citoyenne):
    assert modifier(idee, texte=APRES) == ["texte"]
    idee.refresh_from_db()
    assert (idee.texte, idee.redaction, Version.objects.count()) == (APRES, 1, 0)
    entree = Entree.objects.sur(idee).filter(type="idees.corriger").get()
    assert (entree.par, entree.est_publique, entree.donnees) == (citoyenne, True, {"champs": ["texte"], "redaction": 1})
    assert "est modifiée par Camille Exemple" in entree.phrase and "Voir ce qui a changé" not in entree.phrase


def test_des_le_premier_soutien_chaque_correction_est_une_version(idee, citoyenne, voisin):
    modifier(idee, titre="Des bancs près du lavoir")
    silencieuse = Entree.objects.sur(idee).get(type="idees.corriger")
    soutenir(Idee.objects.get(pk=idee.pk), par=voisin)
    modifier(idee, texte=APRES)
    modifier(idee, lieu="Devant le lavoir")
    lues = list(Version.objects.order_by("numero").values_list("numero", "titre", "texte", "lieu", "par"))
    titre = "Des bancs près du lavoir"
    assert lues == [
        (1, titre, AVANT, "", citoyenne.pk),
        (2, titre, APRES, "", citoyenne.pk),
        (3, titre, APRES, "Devant le lavoir", citoyenne.pk),
    ]
    assert Version.objects.get(numero=1).le == silencieuse.le
    assert Entree.objects.sur(idee).filter(type="idees.corriger").first().donnees["version"] == 3
    assert verifier()[1] is None


def test_des_versions_continuent_quand_les_soutiens_sont_partis(idee, voisin):
    soutenir(idee, par=voisin)
    modifier(idee, texte=APRES)
    ne_plus_soutenir(Idee.objects.get(pk=idee.pk), par=voisin)
    modifier(idee, texte=AVANT)
    assert list(Version.objects.values_list("numero", "texte")) == [(3, AVANT), (2, APRES), (1, AVANT)]


def test_rien_de_change_n_ecrit_rien(idee, voisin):
    soutenir(idee, par=voisin)
    Idee.objects.filter(pk=idee.pk).update(texte="Un texte\r\nsur deux lignes.")
    assert modifier(idee, texte="Un texte\nsur deux lignes.") == []
    assert not Version.objects.exists() and not Entree.objects.filter(type="idees.corriger").exists()


def test_une_version_ne_se_reecrit_ni_ne_se_supprime(idee, voisin, citoyenne):
    soutenir(idee, par=voisin)
    modifier(idee, texte=APRES)
    version = Version.objects.get(numero=1)
    with pytest.raises(RegistreScelle):
        version.save()
    with pytest.raises(RegistreScelle):
        version.delete()
    colonnes = [c.column for c in Version._meta.concrete_fields if c.name not in {"id", "par"}]
    autres = {"idee_id": IdeeFabrique().pk, "thematique_id": ThematiqueFabrique().pk, "numero": 9, "le": timezone.now()}
    autres |= {"latitude": 1.5, "longitude": 1.5}
    for colonne in colonnes:
        if colonne == "territoire_id":
            continue  # no other place exists here; the list of the lock is read below
        with pytest.raises(DatabaseError), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**{colonne: autres.get(colonne, "autre")})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("DELETE FROM idees_version WHERE id = %s", [version.pk])
    Version.objects.filter(pk=version.pk).update(par=None)  # the erasure of an account


# --- Who, and when -------------------------------------------------------------------------------------------------

ETATS = ["brouillon", "a_moderer", "publiee", "en_etude", "retenue", "retiree", "refusee", "fusionnee"]


@pytest.mark.une_fois("la table des droits ; corriger, et ne pas pouvoir, s'essaient autour sur les deux bases")
@pytest.mark.parametrize("etat", ETATS)
def test_qui_peut_corriger_quoi(etat, refus_en_bref):
    """Page and action say the same: only the team, only what waits or is published."""
    idee = IdeeFabrique(etat=etat)
    equipe = {"autrice": idee.auteur, "coautrice": coautrice_de(idee)}
    gens = {qui: PersonneFabrique(roles=[qui]) for qui in ("agent", "moderatrice")}
    gens |= {"voisin": PersonneFabrique(), "visiteur": None} | equipe
    fautes = []
    for qui, personne in gens.items():
        navigatrice = Client()
        with a_l_essai():
            if personne:
                navigatrice.force_login(personne)
                possible = ["texte"] if etat in Idee.ETATS_CORRIGEABLES else EtapeImpossible
                attendu = possible if qui in equipe else EtapeInterdite
                try:
                    obtenu = modifier(idee, par=personne, texte=APRES)
                except (EtapeImpossible, EtapeInterdite) as refus:
                    obtenu = type(refus)
                if obtenu != attendu:
                    fautes.append((qui, obtenu, attendu))
            visible = navigatrice.get(idee.get_absolute_url()).status_code == 200
            obtenu = navigatrice.get(reverse("idees:corriger", args=[idee.pk])).status_code
            attendu = (200 if etat in Idee.ETATS_CORRIGEABLES else 409) if qui in equipe else 403 if visible else 404
            if obtenu != attendu:
                fautes.append((qui, "page", obtenu, attendu))
    assert fautes == []


@pytest.mark.parametrize("avec_compte", [True, False])
def test_en_attente_elle_se_corrige_et_la_moderatrice_publie_ce_qu_elle_a_lu(client, moderatrice, avec_compte):
    if avec_compte:
        idee = IdeeFabrique(etat="a_moderer", texte=AVANT)
        client.force_login(idee.auteur)
    else:
        idee = depot("a_moderer", texte=AVANT).idee
        confier(client, idee)
        suivi = client.get(reverse("idees:suivi", args=[idee.pk])).content.decode()
        assert reverse("idees:modifier", args=[idee.pk]) in suivi
    d_elle = Client()
    d_elle.force_login(moderatrice)
    page = d_elle.get(reverse("moderation:file"), {"file": "idees.idee"}).content.decode()
    lu = {"etat": "a_moderer", "lu": str(idee.redaction)}
    assert f'name="lu" value="{idee.redaction}"' in page
    assert client.get(reverse("idees:modifier", args=[idee.pk])).url == reverse("idees:corriger", args=[idee.pk])
    corrigee = client.post(reverse("idees:corriger", args=[idee.pk]), saisie(idee, texte=APRES))
    assert corrigee.status_code == 302
    entree = Entree.objects.sur(idee).get(type="idees.corriger")
    assert not entree.est_publique and not Version.objects.exists() and not Relecture.objects.exists()
    publier = reverse("timeline:etape", args=["idees.idee", idee.pk, "publier"])
    refus = d_elle.post(publier, lu)
    assert refus.status_code == 409 and "a changé pendant que vous le lisiez" in unescape(refus.content.decode())
    idee.refresh_from_db()
    assert (idee.etat, idee.texte) == ("a_moderer", APRES)
    assert d_elle.post(publier, lu | {"lu": str(idee.redaction)}).status_code == 302
    idee.refresh_from_db()
    assert idee.etat == "publiee"


def test_une_idee_masquee_ou_d_un_appel_clos_ne_change_plus(client, citoyenne, moderatrice):
    etape = EtapeFabrique(projet=ProjetFabrique(ouvert=True))
    idee = IdeeFabrique(etat="publiee", auteur=citoyenne, boite=BoiteFabrique(etape=etape))
    masquer(idee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    with pytest.raises(EtapeImpossible, match="masqué"):
        modifier(idee, texte=APRES)
    retablir(idee, par=moderatrice, explication="C’était une erreur.")
    assert modifier(idee, texte=APRES)
    type(etape).objects.filter(pk=etape.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
    with pytest.raises(EtapeImpossible, match="ne reçoit plus"):
        modifier(idee, texte=AVANT)
    client.force_login(citoyenne)
    assert client.get(reverse("idees:corriger", args=[idee.pk])).status_code == 409
    assert "Modifier mon idée" not in client.get(idee.get_absolute_url()).content.decode()


def test_trop_de_corrections_attendent_demain(idee, client, citoyenne):
    for n in range(CORRECTIONS_MAX):
        modifier(idee, texte=f"{AVANT} {n}")
    with pytest.raises(TropVite):
        modifier(idee, texte=APRES)
    client.force_login(citoyenne)
    idee.refresh_from_db()
    reponse = client.post(reverse("idees:corriger", args=[idee.pk]), saisie(idee, texte=APRES))
    assert reponse.status_code == 429 and APRES in unescape(reponse.content.decode())


# --- Two hands at once ---------------------------------------------------------------------------------------------


def test_la_seconde_voit_les_deux_textes_et_rien_n_est_ecrase(client, idee, citoyenne):
    sacha = coautrice_de(idee, pseudonyme="Sacha")
    chemin = reverse("idees:corriger", args=[idee.pk])
    client.force_login(sacha)
    vieille = saisie(idee, texte="Des bancs en pierre à l’ombre du lavoir.")
    modifier(idee, par=citoyenne, texte=APRES)
    page = client.post(chemin, vieille)
    lu = unescape(page.content.decode())
    assert page.status_code == 409
    assert "Quelqu’un a enregistré un autre texte" in lu
    assert "Des bancs en pierre à l’ombre du lavoir." in lu  # kept in the field
    assert re.search(r"<del>.*fontaine.*</del>", lu) and re.search(r"<ins>.*pierre.*</ins>", lu)
    idee.refresh_from_db()
    assert (idee.texte, idee.redaction) == (APRES, 1)
    vue = re.search(r'name="redaction" value="(\d+)"', lu).group(1)
    assert vue == "1"
    assert client.post(chemin, {**vieille, "redaction": vue}).status_code == 302
    idee.refresh_from_db()
    assert idee.texte == "Des bancs en pierre à l’ombre du lavoir."


def test_un_brouillon_ecrit_a_deux_non_plus(client, citoyenne):
    idee = IdeeFabrique(auteur=citoyenne, texte=AVANT)
    sacha = coautrice_de(idee)
    rediger(idee, par=sacha, valeurs=valeurs(idee, texte=APRES), redaction=0)
    with pytest.raises(TexteModifie):
        rediger(idee, par=citoyenne, valeurs=valeurs(idee, texte="Le mien."), redaction=0)
    client.force_login(citoyenne)
    chemin = reverse("idees:modifier", args=[idee.pk])
    page = client.post(chemin, {**saisie(idee, texte="Le mien, sans la fontaine."), "garder": "1", "alternative": ""})
    lu = unescape(page.content.decode())
    assert page.status_code == 422 and "Quelqu’un a enregistré un autre texte" in lu
    assert "Le mien, sans la fontaine." in lu and "fontaine" in lu
    idee.refresh_from_db()
    assert idee.texte == APRES


def test_le_meme_formulaire_envoye_deux_fois_est_une_correction(client, idee, citoyenne, voisin):
    soutenir(idee, par=voisin)
    client.force_login(citoyenne)
    for _ in range(2):
        reponse = client.post(reverse("idees:corriger", args=[idee.pk]), saisie(idee, texte=APRES))
        assert reponse.status_code == 302
    assert Version.objects.count() == 2


def test_une_mauvaise_saisie_garde_ce_qui_est_tape(client, idee, citoyenne):
    client.force_login(citoyenne)
    reponse = client.post(reverse("idees:corriger", args=[idee.pk]), saisie(idee, titre="Banc", texte=APRES))
    lu = unescape(reponse.content.decode())
    assert reponse.status_code == 422 and "Ce titre est trop court" in lu and APRES in lu
    idee.refresh_from_db()
    assert idee.texte == AVANT


# --- The first support and a correction, at the same moment --------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", range(6))
def test_un_premier_soutien_est_apres_la_correction_ou_une_version_existe(tour):
    """Whatever the order: somebody whose support was safe while the old words stood finds them in a version."""
    idee = IdeeFabrique(etat="publiee", texte=AVANT, boite__seuil_soutiens=50)
    voisins = [PersonneFabrique() for _ in range(4)]
    vus = []

    def soutien(voisin):
        soutenir(Idee.objects.get(pk=idee.pk), par=voisin)
        vus.append(Idee.objects.values_list("texte", flat=True).get(pk=idee.pk))
        return True

    gestes = [lambda v=v: soutien(v) for v in voisins]
    gestes.insert(tour % 5, lambda: modifier(idee, texte=APRES))
    issues = ensemble(*gestes)
    assert issues.count(True) == 4 and ["texte"] in issues
    assert Soutien.objects.count() == 4
    if AVANT in vus:
        assert list(Version.objects.values_list("numero", "texte")) == [(2, APRES), (1, AVANT)]
    assert Idee.objects.get(pk=idee.pk).texte == APRES
    assert verifier()[1] is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_un_soutien_en_cours_ne_retient_pas_un_autre_soutien():
    """A support that is not committed yet holds nobody back; a correction decided meanwhile comes before it."""
    idee = IdeeFabrique(etat="publiee", texte=AVANT, boite__seuil_soutiens=50)
    lente, vive = PersonneFabrique(), PersonneFabrique()
    ecrit, finir = threading.Event(), threading.Event()

    def soutien_lent():
        with transaction.atomic():
            Soutien.objects.create(idee_id=idee.pk, personne=lente)
            ecrit.set()
            assert finir.wait(20)

    def les_autres():
        assert ecrit.wait(20)
        nouveau = soutenir(Idee.objects.get(pk=idee.pk), par=vive)
        Soutien.objects.filter(personne=vive).delete()
        changes = modifier(idee, texte=APRES)
        finir.set()
        return nouveau, changes

    assert ensemble(soutien_lent, les_autres) == [None, (True, ["texte"])]
    assert list(Soutien.objects.values_list("personne", flat=True)) == [lente.pk]
    assert not Version.objects.exists()  # the support was committed after the new words


def test_on_ne_soutient_pas_des_mots_que_l_on_n_a_pas_lus(client, idee, voisin):
    client.force_login(voisin)
    page = client.get(idee.get_absolute_url()).content.decode()
    assert 'name="redaction" value="0"' in page
    modifier(idee, texte=APRES)
    chemin = reverse("idees:soutien", args=[idee.pk])
    reponse = client.post(chemin, {"action": "donner", "redaction": "0"})
    assert reponse.status_code == 409 and "vient d’être modifiée" in unescape(reponse.content.decode())
    assert not Soutien.objects.exists()
    assert client.post(chemin, {"action": "donner", "redaction": "1"}).status_code == 302
    assert Soutien.objects.count() == 1


# --- Reading -------------------------------------------------------------------------------------------------------


@pytest.fixture
def corrigee(idee, voisin):
    soutenir(idee, par=voisin)
    modifier(idee, texte=APRES, titre="Des bancs et une fontaine")
    return Idee.objects.get(pk=idee.pk)


def test_la_page_dit_modifiee_le_et_mene_aux_differences(client, corrigee, voisin):
    client.force_login(voisin)
    page = client.get(corrigee.get_absolute_url()).content.decode()
    assert "modifiée le" in page and reverse("idees:versions", args=[corrigee.pk]) in page
    liste = client.get(reverse("idees:versions", args=[corrigee.pk])).content.decode()
    assert "Version 2" in liste and "Version 1, la première" in liste and "celle d’aujourd’hui" in liste
    version = unescape(client.get(reverse("idees:version", args=[corrigee.pk, 2])).content.decode())
    assert re.search(r"<ins>.*\[ajouté :.*une fontaine.*fin de ce qui est ajouté\].*</ins>", version)
    assert "enlevez votre soutien" in version
    premiere = client.get(reverse("idees:version", args=[corrigee.pk, 1])).content.decode()
    assert "Le premier texte" in premiere and "bancs à l’ombre" in unescape(premiere)
    assert client.get(reverse("idees:version", args=[corrigee.pk, 3])).status_code == 404


def test_une_idee_jamais_modifiee_le_dit(client, idee):
    assert "modifiée le" not in client.get(idee.get_absolute_url()).content.decode()
    page = client.get(reverse("idees:versions", args=[idee.pk]))
    assert page.status_code == 200 and "Une seule version" in page.content.decode()


def test_ce_qui_est_tape_reste_du_texte(client, corrigee):
    modifier(corrigee, texte="<script>alert(1)</script> des bancs à l’ombre du lavoir.")
    page = client.get(reverse("idees:version", args=[corrigee.pk, 3])).content.decode()
    assert "<script>alert" not in page and "&lt;" in page


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("visiteur", 404), ("voisin", 404), ("autrice", 200), ("agent", 200), ("moderatrice", 200), ("elue", 404)],
)
def test_les_versions_d_une_idee_masquee_sont_cachees_par_chaque_porte(client, corrigee, moderatrice, qui, statut):
    masquer(corrigee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    personne = corrigee.auteur if qui == "autrice" else PersonneFabrique(roles=[] if qui[0] == "v" else [qui])
    if qui != "visiteur":
        client.force_login(personne)
    for porte in (
        reverse("idees:versions", args=[corrigee.pk]),
        reverse("idees:version", args=[corrigee.pk, 1]),
        reverse("idees:version", args=[corrigee.pk, 2]),
        reverse("api:versions_idee", args=[corrigee.pk]),
    ):
        assert client.get(porte).status_code == statut, porte
    chronologie = client.get(reverse("timeline:chronologie")).content.decode()
    assert "Des bancs et une fontaine" not in chronologie and "versions/2" not in chronologie


def test_l_api_lit_les_versions_et_corrige_comme_la_page(client, corrigee, citoyenne):
    lues = client.get(reverse("api:versions_idee", args=[corrigee.pk])).json()["results"]
    assert [(v["numero"], v["texte"], v["par"]) for v in lues] == [
        (2, APRES, "Camille Exemple"),
        (1, AVANT, "Camille Exemple"),
    ]
    client.force_login(citoyenne)
    detail = client.get(reverse("api:idee", args=[corrigee.pk])).json()
    corps = {"titre": "Une fontaine au lavoir", "texte": APRES, "thematique": corrigee.thematique_id}
    chemin = reverse("api:idee", args=[corrigee.pk])

    def envoyer(**autres):
        return client.put(chemin, {**corps, **autres}, content_type="application/json")

    assert envoyer().status_code == 400
    assert envoyer(redaction=detail["redaction"] - 1).status_code == 409
    assert envoyer(redaction=detail["redaction"]).json()["titre"] == "Une fontaine au lavoir"
    assert Version.objects.count() == 3


# --- Moderation ----------------------------------------------------------------------------------------------------


def test_une_correction_visible_tout_de_suite_attend_la_moderation(client, idee, moderatrice):
    Boite.objects.update(moderation=Boite.Moderation.AVANT)
    modifier(idee, texte=APRES)
    client.force_login(moderatrice)
    page = unescape(client.get(reverse("moderation:file"), {"file": "idees.relecture"}).content.decode())
    assert APRES in page and "J’ai relu, c’est bon" in page and "Masquer cette idée" in page
    franchir(Relecture.objects.get().relire, par=moderatrice)
    assert {f.modele: nb for f, nb in attentes(moderatrice)}["idees.relecture"] == 0
    client.logout()
    assert APRES in unescape(client.get(idee.get_absolute_url()).content.decode())


def test_une_seconde_correction_remplace_la_carte_et_la_moderatrice_le_sait(idee, moderatrice):
    modifier(idee, texte=APRES)
    devant_elle = Relecture.objects.get()
    modifier(idee, texte="Tout autre chose, qui n’a plus rien à voir.")
    with pytest.raises(EtapeImpossible):
        franchir(devant_elle.relire, par=moderatrice)
    assert list(Relecture.objects.order_by("pk").values_list("etat", flat=True)) == ["depassee", "a_relire"]


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        ("moderatrice", "relue"),
        ("administratrice", "relue"),
        ("agent", "403"),
        ("voisin", "403"),
        ("autrice", "403"),
        ("coautrice", "403"),
    ],
)
def test_qui_relit(idee, qui, attendu):
    modifier(idee, texte=APRES)
    autrice = idee.auteur
    autrice.roles_globaux.create(role="moderatrice")
    coautrice = coautrice_de(idee)
    coautrice.roles_globaux.create(role="moderatrice")
    roles = [qui] if qui in {"moderatrice", "administratrice", "agent"} else []
    personne = {"autrice": autrice, "coautrice": coautrice}.get(qui) or PersonneFabrique(roles=roles)
    relecture = Relecture.objects.get()
    assert issue(relecture, "relire", type(personne).objects.get(pk=personne.pk)) == attendu
    relecture = Relecture.objects.get()
    assert issue(relecture, "depasser", personne) == ("409" if attendu == "relue" else "403")


def test_une_idee_masquee_ou_retiree_quitte_la_file(idee, moderatrice, citoyenne):
    modifier(idee, texte=APRES)
    masquer(idee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    assert not Relecture.objects.a_faire(moderatrice).exists()
    retablir(idee, par=moderatrice, explication="C’était une erreur.")
    assert Relecture.objects.a_faire(moderatrice).count() == 1
    idee.refresh_from_db()
    franchir(idee.retirer, par=citoyenne, motif="J’ai changé d’avis.")
    assert not Relecture.objects.a_faire(moderatrice).exists()


def test_la_file_coute_autant_pour_une_que_pour_cinquante(client, moderatrice):
    boite = BoiteFabrique()
    chemin = reverse("moderation:file") + "?file=idees.relecture"
    client.force_login(moderatrice)

    def ajouter(idees):
        for idee in idees:
            coautrice_de(idee)
            modifier(idee, texte=APRES)

    idee = IdeeFabrique(etat="publiee", boite=boite)
    autres = copier(idee, 49)
    ajouter([idee])
    une = requetes(client, chemin)
    ajouter(autres)
    assert [requetes(client, f"{chemin}&page={page}") for page in (1, 2)] == [une, une]
    assert client.get(chemin).context["page"].paginator.count == 50


def test_lire_cinquante_versions_coute_autant_qu_en_lire_deux(client, corrigee):
    chemins = [reverse("idees:versions", args=[corrigee.pk]), reverse("idees:version", args=[corrigee.pk, 2])]
    deux = [requetes(client, chemin) for chemin in chemins]
    for n in range(3, 51):
        Version.objects.create(
            idee=corrigee,
            numero=n,
            le=timezone.now(),
            par=PersonneFabrique(),
            **valeurs(corrigee, texte=f"{APRES} {n}"),
        )
    assert [requetes(client, chemin) for chemin in chemins] == deux


# --- Withdrawn -----------------------------------------------------------------------------------------------------


@pytest.fixture
def retiree(idee, voisin, citoyenne):
    soutenir(idee, par=voisin)
    idee.refresh_from_db()
    franchir(idee.retirer, par=citoyenne, motif="Une autre idée dit mieux la même chose.")
    return idee


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("soutien", 200), ("coautrice", 200), ("autrice", 200), ("voisin", 404), ("visiteur", 404), ("moderatrice", 404)],
)
def test_une_idee_retiree_se_lit_par_qui_la_soutenait(client, idee, voisin, citoyenne, qui, statut):
    coautrice = coautrice_de(idee)
    soutenir(idee, par=voisin)
    idee.refresh_from_db()
    franchir(idee.retirer, par=citoyenne, motif="Une autre idée dit mieux la même chose.")
    connus = {"soutien": voisin, "coautrice": coautrice, "autrice": citoyenne}
    if qui != "visiteur":
        client.force_login(connus.get(qui) or PersonneFabrique(roles=[qui] if qui == "moderatrice" else []))
    reponse = client.get(idee.get_absolute_url())
    assert reponse.status_code == statut
    if statut == 200:
        lu = unescape(reponse.content.decode())
        assert "Retirée par son auteur" in lu and "Une autre idée dit mieux la même chose." in lu
        assert "<time datetime" in lu and "Je soutiens" not in lu
    assert client.get(reverse("api:idee", args=[idee.pk])).status_code == statut


def test_une_idee_retiree_puis_masquee_n_est_plus_a_ses_soutiens(client, retiree, voisin, agent):
    agent.roles_globaux.create(role="moderatrice")
    masquer(retiree, par=type(agent).objects.get(pk=agent.pk), motif="injure", explication="Propos injurieux.")
    client.force_login(voisin)
    assert client.get(retiree.get_absolute_url()).status_code == 404


def test_une_idee_retiree_garde_ses_versions_pour_ses_soutiens(client, corrigee, voisin, citoyenne):
    franchir(corrigee.retirer, par=citoyenne, motif="J’ai changé d’avis.")
    client.force_login(voisin)
    assert client.get(reverse("idees:version", args=[corrigee.pk, 2])).status_code == 200
    client.force_login(PersonneFabrique())
    assert client.get(reverse("idees:version", args=[corrigee.pk, 2])).status_code == 404


def test_une_idee_a_l_etude_garde_ses_mots(idee):
    SoutienFabrique(idee=idee)
    amener_depuis_publiee(idee, "en_etude")
    with pytest.raises(EtapeImpossible):
        modifier(idee, texte=APRES)
