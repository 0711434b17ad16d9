"""The pages of moderation: the queue, reporting, the public register, the statement of reasons."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commentaires.actions import commenter
from idees.models import Idee
from moderation import files
from moderation.actions import masquer, retablir, signaler
from moderation.cadence import ENVOIS_MAX
from moderation.models import Decision, Signalement
from tests.fabriques import IdeeFabrique, PersonneFabrique
from tests.requetes import copier, requetes
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
RAISONS = {"motif": "injure", "explication": "Restons polis : dites-le autrement."}
VECTEUR = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee", titre="Des bancs à l’ombre")


@pytest.fixture
def commentaire(idee, voisin):
    return commenter(idee, par=voisin, texte="Vous êtes nuls.")


def connectee(personne):
    client = Client()
    client.force_login(personne)
    return client


def lire(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return unescape(reponse.content.decode())


def contenu(page):
    return page.split('<main id="contenu"')[1].split("</main>")[0]


# --- The queue ---------------------------------------------------------------------------------------------------


@pytest.fixture
def file_des_idees(monkeypatch):
    """A queue as an app registers it, alone."""
    monkeypatch.setattr(files, "_files", {})
    return files.inscrire(
        files.File(
            titre="Idées à relire",
            requete=Idee.objects.a_relire,
            modele="idees.idee",
            etapes=("publier", "refuser"),
        )
    )


@pytest.mark.parametrize(
    ("role", "statut"),
    [
        ("visiteur", 302),
        ("citoyenne", 403),
        ("agent", 403),
        ("elue", 403),
        ("moderatrice", 200),
        ("administratrice", 200),
    ],
)
def test_la_file_est_pour_la_moderation(role, statut, request, commentaire, file_des_idees):
    client = Client() if role == "visiteur" else connectee(request.getfixturevalue(role))
    for adresse in (
        reverse("moderation:file"),
        reverse("moderation:masquer", args=["commentaires.commentaire", commentaire.pk]),
        reverse("moderation:retablir", args=["commentaires.commentaire", commentaire.pk]),
    ):
        assert client.get(adresse).status_code == statut


def test_la_file_montre_tout_le_texte_et_depuis_quand(moderatrice, file_des_idees):
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        idee = IdeeFabrique(
            etat="a_moderer", titre="Une idée à relire", texte="Début. " + "Long. " * 500 + "Fin du texte."
        )
    page = lire(connectee(moderatrice), reverse("moderation:file"))
    assert "Une idée à relire" in page
    assert "Fin du texte." in page
    assert idee.auteur.pseudonyme in page
    assert "attend depuis 3\xa0jours" in page
    for etape in ("publier", "refuser"):
        assert reverse("timeline:etape", args=["idees.idee", idee.pk, etape]) in page
    assert reverse("timeline:etape", args=["idees.idee", idee.pk, "abandonner"]) not in page


def test_le_plus_ancien_d_abord_puis_le_suivant(moderatrice, file_des_idees):
    idees = []
    for jours in (1, 3, 2):
        with time_machine.travel(timezone.now() - timedelta(days=jours)):
            idees.append(IdeeFabrique(etat="a_moderer"))
    client, adresse = connectee(moderatrice), reverse("moderation:file")
    assert [int(n) for n in re.findall(r'id="carte-idee-(\d+)"', lire(client, adresse))] == [
        idees[i].pk for i in (1, 2, 0)
    ]
    reponse = client.post(
        reverse("timeline:etape", args=["idees.idee", idees[1].pk, "publier"]), {"etat": "a_moderer", "suite": adresse}
    )
    assert reponse.headers["Location"] == adresse
    assert [int(n) for n in re.findall(r'id="carte-idee-(\d+)"', lire(client, adresse))] == [
        idees[i].pk for i in (2, 0)
    ]


def test_refuser_demande_une_raison_et_revient_a_la_file(moderatrice, file_des_idees):
    idee, client = IdeeFabrique(etat="a_moderer"), connectee(moderatrice)
    page = client.get(reverse("moderation:file")).content.decode()
    adresse = unescape(re.search(rf'href="(/etapes/idees.idee/{idee.pk}/refuser/[^"]*)"', page).group(1))
    assert f"suite={reverse('moderation:file')}" in adresse
    formulaire = lire(client, adresse)
    assert "Point de la charte" in formulaire
    envoi = {"etat": "a_moderer", "suite": reverse("moderation:file"), "motif": "publicite", "explication": ""}
    refus = client.post(adresse, envoi)
    assert refus.status_code == 422
    assert "Écrivez au moins une phrase" in unescape(refus.content.decode())
    assert not Decision.objects.exists()
    fait = client.post(adresse, envoi | {"explication": "C’est une publicité."})
    assert fait.headers["Location"] == reverse("moderation:file")
    assert Decision.objects.sur(idee).get().explication == "C’est une publicité."


def test_ses_propres_mots_ne_se_jugent_pas(moderatrice, file_des_idees):
    IdeeFabrique(etat="a_moderer", auteur=moderatrice)
    page = lire(connectee(moderatrice), reverse("moderation:file"))
    assert "une autre personne décide" in page
    assert "/publier/" not in page


def test_les_signalements_sont_groupes_par_contribution(moderatrice, commentaire, idee, file_des_idees):
    for n, personne in enumerate(PersonneFabrique.create_batch(3)):
        signaler(commentaire, par=personne, motif="injure", texte=f"Raison {n}.")
    signaler(idee, par=AnonymousUser(), motif="hors_sujet", texte="Sans compte.", nom="Lou Fictif")
    page = lire(connectee(moderatrice), f"{reverse('moderation:file')}?file=signalements")
    assert len(re.findall(r'id="carte-signalement-\d+"', page)) == 2
    assert page.count("Vous êtes nuls.") == 1
    assert all(f"Raison {n}." in page for n in range(3))
    assert "Lou Fictif" in page
    assert idee.texte in page


def test_sa_propre_alerte_ne_se_juge_pas(moderatrice, commentaire, citoyenne, file_des_idees):
    signaler(commentaire, par=moderatrice, motif="injure")
    signaler(commentaire, par=citoyenne, motif="injure")
    page = lire(connectee(moderatrice), reverse("moderation:file"))
    assert "une autre personne décide" in page
    assert "/retenir/" not in page


def test_une_contribution_retiree_depuis_ne_se_lit_plus(moderatrice, citoyenne, file_des_idees):
    idee = IdeeFabrique(etat="publiee", texte="Des mots que leur autrice a repris.")
    signalement, _n = signaler(idee, par=citoyenne, motif="injure")
    franchir(idee.retirer, par=idee.auteur, motif="Je préfère.")
    page = lire(connectee(moderatrice), reverse("moderation:file"))
    assert "Des mots que leur autrice a repris." not in page
    assert reverse("timeline:etape", args=["moderation.signalement", signalement.pk, "retenir"]) not in page
    assert reverse("timeline:etape", args=["moderation.signalement", signalement.pk, "ecarter"]) in page


def test_la_file_vide_le_dit(moderatrice, file_des_idees):
    assert "Rien n’attend ici" in lire(connectee(moderatrice), reverse("moderation:file"))
    assert "Rien n’est masqué" in lire(connectee(moderatrice), f"{reverse('moderation:file')}?file=masquees")


def test_une_file_inconnue_montre_la_premiere(moderatrice, file_des_idees):
    assert lire(connectee(moderatrice), f"{reverse('moderation:file')}?file=../../etc&page=zzz")


@pytest.mark.parametrize("quoi", ["idees.idee", "signalements", "masquees"])
def test_le_nombre_de_requetes_ne_depend_pas_de_la_file(moderatrice, quoi, file_des_idees):
    """One of each that came by the real roads, then forty-nine like it; on each page of the queue."""
    client, adresse = connectee(moderatrice), f"{reverse('moderation:file')}?file={quoi}"
    if quoi == "idees.idee":
        dites = [(IdeeFabrique(etat="a_moderer"), [])]
    else:
        idee, autre = IdeeFabrique(etat="publiee"), PersonneFabrique(roles=["moderatrice"])
        dessous = commenter(idee, par=PersonneFabrique(), texte="Vous êtes nuls.")
        gens = (PersonneFabrique(), AnonymousUser())
        dites = [
            (objet, [masquer(objet, par=autre, **RAISONS)] if quoi == "masquees"
             else [signaler(objet, par=personne, motif="injure")[0] for personne in gens])
            for objet in (dessous, idee)
        ]  # fmt: skip
    une = requetes(client, adresse)
    auteurs = PersonneFabrique.create_batch(49)
    for objet, lignes in dites:
        objet.refresh_from_db()
        autres = copier(objet, 49, auteur_id=lambda n: auteurs[n].pk)
        for ligne in lignes:
            # A little older each time: both kinds are on every page.
            le, quand = ("le", ligne.le) if quoi == "masquees" else ("cree_le", ligne.cree_le)
            dates = {le: lambda n, quand=quand: quand - timedelta(minutes=n)}
            copier(ligne, 49, cible_id=lambda n, autres=autres: autres[n].pk, **dates)
    pages = [f"{adresse}&page={numero}" for numero in (1, 2, 3)]
    assert [requetes(client, page) for page in pages] == [une] * 3
    cartes = [client.get(page).content.decode().count("data-es-carte-file") for page in pages]
    assert cartes == [20, 20, 10 if quoi == "idees.idee" else 20]
    assert une <= 23


# --- Hide and show again, by page --------------------------------------------------------------------------------


def test_masquer_puis_retablir_par_la_page(moderatrice, commentaire, idee):
    client = connectee(moderatrice)
    adresse = reverse("moderation:masquer", args=["commentaires.commentaire", commentaire.pk])
    assert "Vous êtes nuls." in lire(client, adresse)
    incomplet = client.post(adresse, {"motif": "injure", "explication": "\x00 "})
    assert incomplet.status_code == 422
    assert not Decision.objects.exists()
    client.post(adresse, RAISONS)
    decision = Decision.objects.get()
    assert "Vous êtes nuls." not in lire(Client(), reverse("commentaires:fil", args=["idees.idee", idee.pk]))
    assert client.post(adresse, RAISONS).status_code == 409
    masquees = lire(client, f"{reverse('moderation:file')}?file=masquees")
    adresse = reverse("moderation:retablir", args=["commentaires.commentaire", commentaire.pk])
    assert adresse in masquees
    assert adresse in lire(client, decision.get_absolute_url())
    trop_long = client.post(adresse, {"explication": "a" * 2001})
    assert trop_long.status_code == 422
    assert "a" * 2001 in trop_long.content.decode()
    client.post(adresse, {"explication": "Relu : c’est permis."})
    assert "Vous êtes nuls." in lire(Client(), reverse("commentaires:fil", args=["idees.idee", idee.pk]))
    assert adresse not in lire(client, f"{reverse('moderation:file')}?file=masquees")


def test_une_moderatrice_ne_masque_pas_ses_mots_par_la_page(moderatrice, idee):
    sien = commenter(idee, par=moderatrice, texte="Mes mots.")
    adresse = reverse("moderation:masquer", args=["commentaires.commentaire", sien.pk])
    assert connectee(moderatrice).get(adresse).status_code == 403
    assert connectee(moderatrice).post(adresse, RAISONS).status_code == 403
    sien.refresh_from_db()
    assert not sien.est_masquee


@pytest.mark.parametrize("modele", ["comptes.utilisateur", "moderation.decision", "inconnu.chose", "idees.boite"])
def test_on_ne_modere_que_des_contributions(moderatrice, modele):
    for nom in ("masquer", "retablir", "signaler"):
        assert connectee(moderatrice).get(reverse(f"moderation:{nom}", args=[modele, 1])).status_code == 404


# --- Reporting ---------------------------------------------------------------------------------------------------


def preparer(client, objet, **saisie):
    """What a person sends who took the time to read: the hidden fields of the page, and hers."""
    adresse = reverse("moderation:signaler", args=[objet._meta.label_lower, objet.pk])
    with time_machine.travel(timezone.now() - timedelta(seconds=10)):
        page = client.get(adresse).content.decode()
    ouvert = re.search(r'name="ouvert" value="([^"]+)"', page).group(1)
    return adresse, {"ouvert": ouvert, "site_web": "", "motif": "injure", "bonne_foi": "on", **saisie}


def test_signaler_sans_compte(client, commentaire, idee):
    adresse, envoi = preparer(client, commentaire, texte="« nuls »", nom="Lou Fictif", courriel="lou@exemple.fr")
    page = lire(client, adresse)
    assert "Vous êtes nuls." in page
    assert "de bonne foi" in page
    assert commentaire.get_absolute_url() in page
    reponse = client.post(adresse, envoi, follow=True)
    assert "Votre signalement est bien reçu" in unescape(reponse.content.decode())
    signalement = Signalement.objects.get()
    assert (signalement.par, signalement.cible, signalement.texte) == (None, commentaire, "« nuls »")
    assert Entree.objects.filter(type="moderation.signaler", est_publique=False).count() == 1


def test_signaler_avec_un_compte_ne_demande_pas_d_adresse(citoyenne, commentaire):
    client = connectee(citoyenne)
    adresse, envoi = preparer(client, commentaire, courriel="autre@exemple.fr")
    assert 'name="courriel"' not in lire(client, adresse)
    client.post(adresse, envoi)
    encore = client.post(adresse, envoi, follow=True)
    assert "Vous avez déjà signalé" in unescape(encore.content.decode())
    signalement = Signalement.objects.get()
    assert (signalement.par, signalement.courriel) == (citoyenne, "")


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"motif": ""}, "Choisissez ce qui ne va pas."),
        ({"bonne_foi": ""}, "Cochez cette case"),
        ({"courriel": "lou@"}, "Écrivez une adresse complète"),
        ({"motif": "illegal", "texte": ""}, "Dites en une phrase ce qui est contraire à la loi"),
        ({"texte": "é" * 2001}, "2000 caractères au plus, ici 2001"),
        ({"site_web": "https://robot.exemple"}, "Laissez ce champ vide, puis envoyez de nouveau."),
        ({"ouvert": "bricolé"}, "La page était ouverte depuis trop longtemps."),
    ],
)
def test_une_mauvaise_saisie_est_dite_et_rien_n_est_perdu(client, commentaire, change, phrase):
    adresse, envoi = preparer(client, commentaire, texte="Mes mots à garder.", nom="Lou Fictif")
    reponse = client.post(adresse, envoi | change)
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 422
    assert phrase in page
    assert "Lou Fictif" in page
    assert "Mes mots à garder." in page or "texte" in change
    assert not Signalement.objects.exists()


def test_trop_rapide_pour_une_personne_puis_accepte(client, commentaire):
    """The page is shown again with the same hour: somebody really quick waits a moment and sends again."""
    adresse = reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk])
    ouvert = re.search(r'name="ouvert" value="([^"]+)"', client.get(adresse).content.decode()).group(1)
    envoi = {"ouvert": ouvert, "motif": "injure", "bonne_foi": "on"}
    refus = client.post(adresse, envoi)
    assert refus.status_code == 422
    assert "très rapide" in unescape(refus.content.decode())
    assert f'name="ouvert" value="{ouvert}"' in refus.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        assert client.post(adresse, envoi).status_code == 302


def test_une_page_de_la_veille_se_rouvre(client, commentaire):
    adresse, envoi = preparer(client, commentaire)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False) as horloge:
        refus = client.post(adresse, envoi)
        assert refus.status_code == 422
        envoi["ouvert"] = re.search(r'name="ouvert" value="([^"]+)"', refus.content.decode()).group(1)
        horloge.shift(10)
        assert client.post(adresse, envoi).status_code == 302


def test_une_connexion_qui_signale_trop_attend(client, idee):
    commentaires = [commenter(idee, par=PersonneFabrique(), texte=f"Nul {n}.") for n in range(ENVOIS_MAX + 1)]
    for commentaire in commentaires[:-1]:
        adresse, envoi = preparer(client, commentaire)
        assert client.post(adresse, envoi).status_code == 302
    adresse, envoi = preparer(client, commentaires[-1], texte="Mes mots à garder.")
    refus = client.post(adresse, envoi)
    assert refus.status_code == 429
    assert "Mes mots à garder." in refus.content.decode()
    assert Signalement.objects.count() == ENVOIS_MAX
    assert client.post(adresse, envoi, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_une_adresse_de_machine_n_est_jamais_gardee(client, commentaire):
    adresse, envoi = preparer(client, commentaire)
    client.post(adresse, envoi, REMOTE_ADDR="192.0.2.44")
    assert "192.0.2.44" not in str(getattr(cache, "_cache", {}))
    assert "192.0.2.44" not in str(Signalement.objects.values())


def test_sans_cache_on_peut_encore_signaler(client, commentaire, monkeypatch):
    def panne(*args, **kwargs):
        raise ConnectionError

    adresse, envoi = preparer(client, commentaire)
    monkeypatch.setattr("socle.cadence.cache.add", panne)
    assert client.post(adresse, envoi).status_code == 302


def test_on_ne_signale_pas_ses_mots(voisin, commentaire):
    adresse = reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk])
    assert connectee(voisin).get(adresse).status_code == 403
    assert connectee(voisin).post(adresse, {}).status_code == 403


def test_ce_qui_est_tape_dans_un_signalement_reste_du_texte(moderatrice, commentaire, client, file_des_idees):
    adresse, envoi = preparer(client, commentaire, texte=VECTEUR, nom=VECTEUR, courriel="x")
    refuse = client.post(adresse, envoi).content.decode()
    client.post(adresse, envoi | {"courriel": ""})
    file = connectee(moderatrice).get(f"{reverse('moderation:file')}?file=signalements").content.decode()
    for page in (refuse, file):
        assert VECTEUR in unescape(page)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# --- Every door forgets hidden words -----------------------------------------------------------------------------


def portes_publiques(idee, commentaire):
    return [
        reverse("timeline:chronologie"),
        reverse("timeline:atom"),
        *[entree.get_absolute_url() for entree in Entree.objects.publiques()],
        reverse("moderation:registre"),
        reverse("idees:liste"),
        "/",
        reverse("idees:detail", args=[idee.pk]),
        reverse("commentaires:fil", args=["idees.idee", idee.pk]),
        reverse("commentaires:voir", args=[commentaire.pk]),
        reverse("commentaires:reponses", args=[commentaire.pk]),
        reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk]),
        reverse("moderation:signaler", args=["idees.idee", idee.pk]),
    ]


def test_chaque_porte_oublie_un_commentaire_masque(client, citoyenne, voisin, moderatrice):
    idee = IdeeFabrique(etat="publiee", titre="Titre qui reste")
    commentaire = commenter(idee, par=voisin, texte="Motsecret du commentaire.")
    commenter(idee, par=citoyenne, texte="Réponse qui reste.", parent=commentaire)
    masquer(commentaire, par=moderatrice, **RAISONS)
    for lectrice in (client, connectee(citoyenne)):
        statuts = {}
        for adresse in portes_publiques(idee, commentaire):
            reponse = lectrice.get(adresse, follow=True)
            statuts[adresse] = reponse.status_code
            assert "Motsecret" not in reponse.content.decode(), adresse
            assert RAISONS["explication"] not in unescape(reponse.content.decode()), adresse
        for nom, attendu in (("voir", 404), ("reponses", 200)):
            assert statuts[reverse(f"commentaires:{nom}", args=[commentaire.pk])] == attendu
        assert statuts[reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk])] == 404
        assert statuts[reverse("idees:detail", args=[idee.pk])] == 200


def test_chaque_porte_oublie_une_idee_masquee_puis_la_retrouve(client, citoyenne, voisin, moderatrice):
    idee = IdeeFabrique(etat="publiee", titre="Titresecret de l’idée", texte="Motsecret de l’idée, assez long.")
    commentaire = commenter(idee, par=voisin, texte="Motsecret du commentaire.")
    masquer(idee, par=moderatrice, **RAISONS)
    visibles = {reverse("timeline:chronologie"), reverse("timeline:atom"), reverse("moderation:registre"), "/"}
    visibles |= {reverse("idees:liste")} | {entree.get_absolute_url() for entree in Entree.objects.publiques()}
    for lectrice in (client, connectee(citoyenne), connectee(voisin)):
        for adresse in portes_publiques(idee, commentaire):
            reponse = lectrice.get(adresse, follow=True)
            assert reponse.status_code == (200 if adresse in visibles else 404), adresse
            assert "secret" not in reponse.content.decode(), adresse
    retablir(idee, par=moderatrice, explication="Relu.")
    page = lire(client, reverse("idees:detail", args=[idee.pk]))
    assert "Motsecret de l’idée" in page
    assert "Motsecret du commentaire." in page


def test_la_frise_dit_qui_a_decide_de_quoi_sans_les_mots(client, commentaire, moderatrice):
    masquer(commentaire, par=moderatrice, **RAISONS)
    page = contenu(lire(client, reverse("timeline:chronologie")))
    assert f"La modération masque une contribution (commentaire n° {commentaire.pk}). Raison : Propos injurieux" in page
    assert "il n’est plus visible aujourd’hui" in page
    retablir(commentaire, par=moderatrice, explication="Relu.")
    page = contenu(lire(client, reverse("timeline:chronologie")))
    assert commentaire.get_absolute_url() in page
    assert moderatrice.pseudonyme not in page


def test_les_entrees_privees_se_lisent_par_les_agents_seuls(agent, citoyenne, commentaire, moderatrice, client):
    signalement, _n = signaler(commentaire, par=citoyenne, motif="injure")
    franchir(signalement.retenir, par=moderatrice, **RAISONS)
    for type_entree in ("moderation.signaler", "moderation.retenir"):
        entree = Entree.objects.get(type=type_entree)
        assert client.get(entree.get_absolute_url()).status_code == 404
        assert connectee(agent).get(entree.get_absolute_url()).status_code == 200
    assert (
        connectee(citoyenne).get(Entree.objects.get(type="moderation.signaler").get_absolute_url()).status_code == 200
    )


# --- The register and the statement of reasons -------------------------------------------------------------------


def test_le_registre_public_date_et_motive_sans_nom_ni_mot(client, commentaire, idee, voisin, moderatrice):
    masquer(commentaire, par=moderatrice, **RAISONS)
    retablir(commentaire, par=moderatrice, explication="Relu.")
    IdeeFabrique(etat="refusee")
    page = contenu(lire(client, reverse("moderation:registre")))
    for attendu in (
        "Contribution masquée",
        "Contribution rétablie",
        "Publication refusée",
        "Propos injurieux ou menaçants",
    ):
        assert attendu in page
    for cache_ in (
        "Vous êtes nuls.",
        voisin.pseudonyme,
        moderatrice.pseudonyme,
        idee.titre,
        "Restons polis",
        "C’est une publicité.",
    ):
        assert cache_ not in page


def test_le_registre_a_un_nombre_constant_de_requetes(client, idee, moderatrice):
    adresse = reverse("moderation:registre")
    dit = commenter(idee, par=PersonneFabrique(), texte="Nul.")
    decision = masquer(dit, par=moderatrice, **RAISONS)
    une = requetes(client, adresse)
    autres = copier(dit, 50)
    copier(decision, 50, cible_id=lambda n: autres[n].pk)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]
    assert client.get(adresse).context["page"].paginator.num_pages == 2
    assert une <= 3


def test_le_registre_vide_le_dit(client):
    assert "Aucune décision pour l’instant" in lire(client, reverse("moderation:registre"))


@pytest.mark.parametrize(
    ("role", "statut"),
    [
        ("visiteur", 404),
        ("citoyenne", 404),
        ("agent", 404),
        ("elue", 404),
        ("voisin", 200),
        ("moderatrice", 200),
        ("administratrice", 200),
    ],
)
def test_la_decision_est_pour_l_autrice_et_la_moderation(role, statut, request, commentaire):
    decision = masquer(commentaire, par=PersonneFabrique(roles=["moderatrice"]), **RAISONS)
    client = Client() if role == "visiteur" else connectee(request.getfixturevalue(role))
    assert client.get(decision.get_absolute_url()).status_code == statut


def test_la_decision_dit_tout_ce_qu_elle_doit(voisin, commentaire, citoyenne, settings):
    moderatrice = PersonneFabrique(roles=["moderatrice"], pseudonyme="Nom Caché")
    signalement, _n = signaler(commentaire, par=citoyenne, motif="injure")
    franchir(signalement.retenir, par=moderatrice, **RAISONS)
    page = contenu(lire(connectee(voisin), Decision.objects.get().get_absolute_url()))
    for attendu in (
        "Vous êtes nuls.",
        "Propos injurieux ou menaçants",
        RAISONS["explication"],
        "Décision prise par une personne, après un signalement.",
        "Aucun outil automatique",
        settings.ESTUAIRE["contact"],
        "six mois",
        "Contribution masquée",
    ):
        assert attendu in page
    for cache_ in ("Nom Caché", citoyenne.pseudonyme):
        assert cache_ not in page
    retablir(commentaire, par=moderatrice, explication="Relu.")
    assert "Une autre décision a été prise depuis." in lire(
        connectee(voisin), Decision.objects.order_by("pk")[0].get_absolute_url()
    )


def test_la_decision_ne_dit_pas_les_mots_de_l_idee_masquee_qu_on_a_commentee(voisin, moderatrice):
    idee = IdeeFabrique(etat="publiee", titre="Titresecret de l’idée")
    commentaire = commenter(idee, par=voisin, texte="Mes mots à moi.")
    decision = masquer(commentaire, par=moderatrice, **RAISONS)
    masquer(idee, par=moderatrice, **RAISONS)
    page = lire(connectee(voisin), decision.get_absolute_url())
    assert "Mes mots à moi." in page
    assert "Titresecret" not in page


def test_une_idee_refusee_montre_ses_raisons_a_son_autrice(moderatrice):
    idee = IdeeFabrique(etat="a_moderer")
    franchir(idee.refuser, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    page = lire(connectee(idee.auteur), Decision.objects.get().get_absolute_url())
    assert idee.texte in page
    assert "C’est une publicité." in page
    assert "à l’initiative de l’équipe de modération" in page
