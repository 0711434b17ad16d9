"""What people find, found and read of communities: who sees which page, what it says, and how many queries it costs."""

import io
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.text import slugify
from PIL import Image

from communautes.actions import inviter, modifier
from communautes.models import Adhesion, Communaute
from reponses.models import Reponse
from socle.images import reencoder
from territoires.models import Territoire
from tests.communautes.fabriques import adherer, animatrice_de, fonder, ouvrir, referente_de
from tests.communautes.fabriques_forum import un_sujet
from tests.fabriques import IdeeFabrique, PersonneFabrique, ProjetFabrique, ThematiqueFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse
from tests.requetes import copier, requetes
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat
LISTE = "/communautes/"


def lire(client, url, personne=None, code=200) -> str:
    client.logout()
    if personne is not None:
        client.force_login(personne)
    reponse = client.get(url)
    assert reponse.status_code == code, (url, reponse.status_code)
    return reponse.content.decode()


def fermer(reponse) -> bytes:
    """What a file answer holds; the file alone is closed: `close()` would also end the connection that the test shares."""
    contenu = b"".join(reponse.streaming_content)
    for fermeture in reponse._resource_closers:
        fermeture()
    return contenu


def image_deposee() -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", (300, 200), (40, 90, 120)).save(sortie, "PNG")
    return SimpleUploadedFile("rue.png", sortie.getvalue(), content_type="image/png")


# --- Who sees which page -------------------------------------------------------------------------------------------------

#: page -> role -> answer, by door. « dehors »: she knows the front page and is not in. Visitors are sent to sign in first.
ROLES = ("visiteur", "citoyenne", "demande", "invitee", "membre", "animatrice", "exclue", "agent", "moderatrice", "mediatrice",
         "elue", "administratrice")  # fmt: skip
DEDANS = {"membre", "animatrice"}
MAISON = {"agent", "administratrice"}


def attendu(porte, acces, role) -> int:
    connue = acces != A.SUR_INVITATION or role in {"invitee", "exclue", *DEDANS, *MAISON}
    if porte in {"membres", "modifier", "inviter"} and role == "visiteur":
        return 302
    if not connue:
        return 404
    if porte == "detail":
        return 200
    if porte == "journal":
        return 200 if acces == A.PUBLIQUE or role in DEDANS else 403
    if porte == "membres":
        return 200 if role in DEDANS else 403
    if porte in {"modifier", "inviter"}:
        return 200 if role == "animatrice" else 403
    return 200 if acces == A.PUBLIQUE else 404  # atom


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_porte_role_page(client, acces, agent, moderatrice, elue, administratrice, citoyenne, refus_en_bref):
    communaute = ouvrir(acces)
    invitee = PersonneFabrique()
    if acces == A.SUR_DEMANDE:
        Adhesion.objects.create(communaute=communaute, personne=invitee, etat=E.INVITEE)
    else:
        inviter(communaute, par=animatrice_de(communaute), pseudonyme=invitee.pseudonyme)
    gens = {
        "visiteur": None,
        "citoyenne": citoyenne,
        "demande": adherer(communaute, etat=E.DEMANDEE) if acces == A.SUR_DEMANDE else PersonneFabrique(),
        "invitee": invitee,
        "membre": adherer(communaute),
        "animatrice": animatrice_de(communaute),
        "exclue": adherer(communaute, etat=E.EXCLUE),
        "agent": agent,
        "moderatrice": moderatrice,
        "mediatrice": PersonneFabrique(roles=["mediatrice"]),
        "elue": elue,
        "administratrice": administratrice,
    }
    assert set(gens) == set(ROLES)
    obtenus, attendus = {}, {}
    for role in ROLES:
        client.logout()
        if gens[role]:
            client.force_login(gens[role])
        for porte in ("detail", "journal", "membres", "modifier", "inviter", "atom"):
            url = reverse(f"communautes:{porte}", args=[communaute.slug])
            obtenus[role, porte] = client.get(url).status_code
            attendus[role, porte] = attendu(porte, acces, role)
            if porte == "atom" and acces != A.PUBLIQUE:
                attendus[role, porte] = 404
    assert obtenus == attendus


def test_une_proposition_n_est_qu_a_elle_et_a_l_equipe(client, citoyenne, voisin, agent, moderatrice):
    communaute = fonder(par=citoyenne)
    url = communaute.get_absolute_url()
    assert "L’équipe la lira" in lire(client, url, citoyenne)
    assert "Ne pas l’ouvrir" in lire(client, url, agent)
    for personne in (None, voisin, moderatrice):
        lire(client, url, personne, 404)
    assert communaute.nom not in lire(client, LISTE, citoyenne)
    assert communaute.nom in lire(client, f"{LISTE}?liste=miennes", citoyenne)


# --- The list --------------------------------------------------------------------------------------------------------------


def test_la_liste_ne_montre_a_chacun_que_ce_qu_il_peut_trouver(client, citoyenne, agent):
    publique, demande, cachee = ouvrir(), ouvrir(A.SUR_DEMANDE), ouvrir(A.SUR_INVITATION)
    brouillon = ouvrir(projet=ProjetFabrique(annonce=False))
    membre = adherer(cachee)
    vue = lire(client, LISTE)
    assert publique.nom in vue and demande.nom in vue
    assert cachee.nom not in vue and brouillon.nom not in vue
    assert cachee.nom not in lire(client, LISTE, citoyenne)
    assert cachee.nom in lire(client, LISTE, membre)
    assert cachee.nom in lire(client, LISTE, agent)
    miennes = lire(client, f"{LISTE}?liste=miennes", membre)
    assert cachee.nom in miennes and publique.nom not in miennes


def test_chercher_dans_ce_que_l_on_voit(client, citoyenne):
    velo, cachee = ouvrir(nom="Réparer nos vélos"), ouvrir(A.SUR_INVITATION, nom="Les vélos secrets")
    vue = lire(client, f"{LISTE}?q=velo+reparer", citoyenne)
    assert velo.nom in vue and cachee.nom not in vue
    assert "Les vélos secrets" in lire(client, f"{LISTE}?q=velos", adherer(cachee))
    vide = lire(client, f"{LISTE}?q=trottinette")
    assert "Aucune communauté ne correspond" in vide and "<strong>0</strong> communauté</p>" in vide
    assert "Les vélos secrets" not in lire(client, f"{LISTE}?q=secrets")


def test_filtrer_par_theme(client):
    theme, autre = ThematiqueFabrique(nom="Nature"), ThematiqueFabrique(nom="Secret")
    verte, nue = ouvrir(thematique=theme), ouvrir()
    ouvrir(A.SUR_INVITATION, thematique=autre)
    vue = lire(client, f"{LISTE}?theme={theme.slug}")
    assert verte.nom in vue and nue.nom not in vue
    assert "Secret" not in vue, "a theme of hidden communities alone is not even offered"
    assert nue.nom in lire(client, f"{LISTE}?theme=inconnu&lieu=nulle-part&page=zz")


def test_les_quartiers_se_rangent_par_leur_numero(client, citoyenne):
    noms = [f"Quartier {n}" for n in (1, 2, 10, 11)]
    commune = Territoire.objects.create(genre="commune", nom="Commune fictive", slug="fictive", code="00001")
    for nom in reversed(noms):
        ouvrir(
            territoire=Territoire.objects.create(genre="quartier", nom=nom, slug=slugify(nom), code=nom, parent=commune)
        )
    for page in (lire(client, LISTE), lire(client, f"{LISTE}proposer/", citoyenne)):
        assert re.findall(r">(Quartier \d+)</option>", page) == noms


@pytest.mark.parametrize("adresse", [LISTE, f"{LISTE}?liste=miennes", f"{LISTE}?q=communaute", "/"])
def test_autant_de_requetes_pour_une_que_pour_cinquante(client, citoyenne, adresse):
    client.force_login(citoyenne)
    premiere = ouvrir(thematique=ThematiqueFabrique())
    adherer(premiere, citoyenne)
    une = requetes(client, adresse)
    themes = ThematiqueFabrique.create_batch(49)
    copies = copier(premiere, 49, slug=lambda n: f"copie-{n}", thematique_id=lambda n: themes[n].pk)
    for adhesion in premiere.adhesions.all():
        copier(adhesion, 49, communaute_id=lambda n: copies[n].pk)
    suite = f"{adresse}{'&' if '?' in adresse else '?'}page=2"
    assert [requetes(client, adresse), requetes(client, suite)] == [une, une]
    if adresse != "/":
        assert client.get(adresse).context["page"].paginator.count == 50
    assert une <= (17 if adresse == "/" else 10)


def test_liste_vide(client):
    vue = lire(client, LISTE)
    assert "Aucune communauté pour le moment" in vue and reverse("communautes:proposer") in vue


def test_le_meme_formulaire_envoye_deux_fois_est_une_communaute(citoyenne):
    premiere = fonder(par=citoyenne, nom="Le même nom")
    assert fonder(par=citoyenne, nom="Le même nom") == premiere
    assert fonder(par=citoyenne, nom="Le même nom", charte="D’autres mots.") != premiere, "no word is lost"


def test_qui_est_refusee_a_l_interieur_est_menee_a_la_page_d_accueil(client, voisin):
    communaute = ouvrir(Communaute.Acces.SUR_DEMANDE)
    client.force_login(voisin)
    for nom in ("forum", "membres", "journal"):
        page = client.get(reverse(f"communautes:{nom}", args=[communaute.slug]))
        assert page.status_code == 403 and f'href="{communaute.get_absolute_url()}"' in page.content.decode()


def test_on_ne_promet_pas_tout_a_qui_ne_lit_pas_l_interieur(client, voisin):
    communaute = ouvrir(Communaute.Acces.SUR_DEMANDE)
    client.force_login(voisin)
    assert "Je participe" not in client.get(communaute.get_absolute_url()).content.decode()
    client.force_login(adherer(communaute))
    assert "Je participe" in client.get(communaute.get_absolute_url()).content.decode()


def test_sans_adresse_prouvee_on_dit_quoi_faire(client, citoyenne):
    citoyenne.emailaddress_set.update(verified=False)
    assert "vérifiez d’abord votre adresse" in lire(client, LISTE, citoyenne)
    lire(client, reverse("communautes:proposer"), citoyenne, 403)


# --- Founding ----------------------------------------------------------------------------------------------------------------


DITES = {
    "nom": "Réseau de voisins fictifs",
    "resume": "On se rend service.",
    "description": "Des courses, des plantes, **une perceuse**.",
    "charte": "On se respecte.",
    "acces": "sur_demande",
}


def test_proposer(client, citoyenne):
    client.force_login(citoyenne)
    theme = ThematiqueFabrique()
    envoi = {
        **DITES,
        "rattachement": f"thematique-{theme.pk}",
        "photo": image_deposee(),
        "image_alternative": "Une rue",
    }
    reponse = client.post(reverse("communautes:proposer"), envoi)
    communaute = Communaute.objects.get()
    assert reponse.status_code == 302 and reponse.url == communaute.get_absolute_url()
    assert (communaute.etat, communaute.thematique, communaute.proposee_par) == ("proposee", theme, citoyenne)
    image = client.get(reverse("communautes:image", args=[communaute.slug]))
    assert image["Content-Type"] == "image/webp" and "no-store" in image["Cache-Control"]
    assert fermer(image)[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"nom": ""}, "Donnez un nom"),
        ({"nom": " \u200b "}, "Donnez un nom"),
        ({"resume": ""}, "Dites en une phrase"),
        ({"description": ""}, "Décrivez la communauté"),
        ({"charte": ""}, "Écrivez la charte"),
        ({"acces": "tirage"}, "Choisissez une porte"),
        ({"acces": ""}, "Choisissez qui peut entrer"),
        ({"rattachement": "projet-999999"}, "Choisissez dans la liste"),
        ({"rattachement": "n’importe-quoi"}, "Choisissez dans la liste"),
        ({"nom": "x" * 81}, "80"),
    ],
)
def test_une_proposition_mal_remplie_garde_ce_qui_est_tape(client, citoyenne, change, phrase):
    client.force_login(citoyenne)
    reponse = client.post(reverse("communautes:proposer"), {**DITES, "charte": "Mots à garder.", **change})
    vue = reponse.content.decode()
    assert reponse.status_code == 422 and phrase in vue
    assert "charte" in change or "Mots à garder." in vue
    assert not Communaute.objects.exists() and not Entree.objects.filter(type="communautes.proposer").exists()


def test_une_image_sans_ses_mots_ou_qui_n_en_est_pas_une(client, citoyenne):
    client.force_login(citoyenne)
    reponse = client.post(reverse("communautes:proposer"), {**DITES, "photo": image_deposee()})
    vue = reponse.content.decode()
    assert reponse.status_code == 422 and "Dites ce que montre l’image" in vue and "ne l’a pas gardée" in vue
    faux = SimpleUploadedFile("rue.png", b"<svg onload=alert(1)>", content_type="image/png")
    reponse = client.post(reverse("communautes:proposer"), {**DITES, "photo": faux, "image_alternative": "Une rue"})
    assert reponse.status_code == 422 and not Communaute.objects.exists()
    vide = SimpleUploadedFile("rue.png", b"", content_type="image/png")
    reponse = client.post(reverse("communautes:proposer"), {**DITES, "photo": vide, "image_alternative": "Une rue"})
    assert reponse.status_code == 422 and "Ce fichier est vide." in reponse.content.decode()


def test_un_projet_cache_ne_se_rattache_pas(client, citoyenne):
    client.force_login(citoyenne)
    cache = ProjetFabrique(annonce=False)
    reponse = client.post(reverse("communautes:proposer"), {**DITES, "rattachement": f"projet-{cache.pk}"})
    assert reponse.status_code == 422 and cache.titre not in reponse.content.decode()


def test_trop_de_propositions(client, citoyenne):
    client.force_login(citoyenne)
    for rang in range(3):
        client.post(reverse("communautes:proposer"), {**DITES, "nom": f"Communauté inventée {rang}"})
    reponse = client.post(reverse("communautes:proposer"), DITES)
    assert reponse.status_code == 422 and "attendent déjà" in reponse.content.decode()
    assert Communaute.objects.count() == 3


def test_un_agent_ouvre_tout_de_suite(client, agent):
    client.force_login(agent)
    reponse = client.post(reverse("communautes:proposer"), DITES, follow=True)
    assert "Référent·e de la collectivité" in reponse.content.decode()
    communaute = Communaute.objects.get()
    client.post(reverse("timeline:etape", args=["communautes.communaute", communaute.pk, "ouvrir"]),
                {"etat": "proposee", "referente": agent.pk})  # fmt: skip
    communaute.refresh_from_db()
    assert communaute.etat == "ouverte" and referente_de(communaute) == agent


def test_le_nom_d_une_autre_page_ne_prend_pas_sa_place(citoyenne):
    assert fonder(par=citoyenne, nom="Proposer").slug != "proposer"
    assert fonder(par=citoyenne, nom="Appels").slug != "appels"


def test_la_file_de_l_equipe(client, agent, citoyenne):
    communaute = fonder(par=citoyenne)
    vue = lire(client, "/bureau/", agent)
    assert "Communautés proposées" in vue and communaute.nom in vue and communaute.get_absolute_url() in vue


# --- The front page ----------------------------------------------------------------------------------------------------------


def test_l_accueil_d_une_communaute_fermee_ne_compte_pas_ses_membres(client, voisin):
    communaute = ouvrir(A.SUR_DEMANDE)
    membre = adherer(communaute)
    page = lire(client, communaute.get_absolute_url(), voisin)
    assert "<dt>Membres</dt>" not in page and membre.pseudonyme not in page
    assert animatrice_de(communaute).pseudonyme in page, "those who lead are named"
    assert "<dt>Membres</dt>" in lire(client, communaute.get_absolute_url(), membre)
    assert "<dt>Membres</dt>" in lire(client, ouvrir().get_absolute_url())


@pytest.mark.parametrize(("acces", "montre"), [(A.PUBLIQUE, True), (A.SUR_DEMANDE, True), (A.SUR_INVITATION, False)])
def test_l_apercu_partage_seulement_de_ce_que_tout_le_monde_lit(client, acces, montre):
    communaute = ouvrir(acces)
    page = lire(client, communaute.get_absolute_url(), animatrice_de(communaute))
    assert ('property="og:title"' in page) is montre


@pytest.mark.parametrize(
    ("etat", "acces", "phrases", "absentes"),
    [
        (None, A.PUBLIQUE, ["Rejoindre"], ["Quitter"]),
        (None, A.SUR_DEMANDE, ["Demander à entrer"], ["Quitter"]),
        (E.DEMANDEE, A.SUR_DEMANDE, ["Votre demande est envoyée", "Retirer ma demande"], ["Demander à entrer"]),
        (E.INVITEE, A.SUR_INVITATION, ["Accepter l’invitation", "Décliner l’invitation"], ["Quitter"]),
        (E.ACCEPTEE, A.PUBLIQUE, ["Vous êtes membre", "Quitter la communauté"], ["Faire appel"]),
        (E.REFUSEE, A.SUR_DEMANDE, ["a été refusée", "Ce n’est pas le sujet.", "Demander à entrer"], ["Quitter"]),
        (E.EXCLUE, A.SUR_DEMANDE, ["exclu·e", "A insulté une voisine.", "Faire appel"], ["Demander à entrer"]),
        (E.QUITTEE, A.PUBLIQUE, ["Vous pouvez la rejoindre", "Rejoindre"], ["Quitter"]),
    ],
)
def test_le_bouton_va_avec_sa_place(client, voisin, etat, acces, phrases, absentes):
    communaute = ouvrir(acces)
    if etat is not None:
        adherer(communaute, voisin, etat=etat)
    page = lire(client, communaute.get_absolute_url(), voisin)
    assert [p for p in phrases if p not in page] == [] and [p for p in absentes if p in page] == []


def test_une_visiteuse_est_invitee_a_se_connecter(client):
    communaute = ouvrir()
    adresse = reverse("communautes:rejoindre", args=[communaute.slug])
    assert f"/comptes/login/?next={adresse}" in lire(client, communaute.get_absolute_url())


@pytest.mark.parametrize("etat", ["en_sommeil", "close"])
def test_l_etat_est_dit_avec_sa_raison(client, etat, voisin):
    communaute = ouvrir()
    agent = referente_de(communaute)
    if etat == "close":
        franchir(communaute.clore, par=agent, motif="Le quartier a changé de nom.")
    else:
        franchir(communaute.endormir, par=agent)
    page = lire(client, communaute.get_absolute_url(), voisin)
    assert ("Le quartier a changé de nom." if etat == "close" else "en sommeil") in page
    assert "n’accueille personne" in page and ">Rejoindre<" not in page


# --- Changing it -------------------------------------------------------------------------------------------------------------


def modifier_par_la_page(client, communaute, personne, **change):
    client.force_login(personne)
    url = reverse("communautes:modifier", args=[communaute.slug])
    champs = client.get(url).context["form"].initial
    noms = ("nom", "resume", "description", "charte", "acces", "image_alternative", "rattachement", "vu")
    envoi = {nom: champs.get(nom) or "" for nom in noms}
    return client.post(url, {**envoi, **change})


def test_modifier_sa_page(client):
    communaute = ouvrir(image_alternative="", resume="Avant.")
    theme = ThematiqueFabrique()
    reponse = modifier_par_la_page(
        client, communaute, animatrice_de(communaute), resume="Après.", rattachement=f"thematique-{theme.pk}",
        photo=image_deposee(), image_alternative="Une rue",
    )  # fmt: skip
    assert reponse.status_code == 302
    communaute.refresh_from_db()
    assert (communaute.resume, communaute.thematique, bool(communaute.image)) == ("Après.", theme, True)
    reponse = modifier_par_la_page(client, communaute, animatrice_de(communaute), sans_image="on", rattachement="")
    communaute.refresh_from_db()
    assert (communaute.thematique, communaute.image.name, communaute.image_alternative) == (None, "", "")


def test_ce_que_quelqu_un_a_change_entretemps_n_est_pas_ecrase(client):
    communaute = ouvrir(resume="Avant.")
    reponse = modifier_par_la_page(client, communaute, animatrice_de(communaute), resume="Après.", vu="autre")
    assert reponse.status_code == 422 and "Quelqu’un a changé cette page" in reponse.content.decode()
    communaute.refresh_from_db()
    assert communaute.resume == "Avant."


def test_l_image_d_une_communaute_cachee_est_cachee(client, voisin):
    [encodee] = reencoder(image_deposee(), cotes=(300,))
    for acces in (A.PUBLIQUE, A.SUR_INVITATION):
        communaute = ouvrir(acces)
        modifier(
            communaute,
            par=animatrice_de(communaute),
            image=ContentFile(encodee.contenu, name="image.webp"),
            image_alternative="x",
        )
        client.force_login(voisin)
        reponse = client.get(reverse("communautes:image", args=[communaute.slug]))
        assert reponse.status_code == (200 if acces == A.PUBLIQUE else 404)
        if acces == A.PUBLIQUE:
            fermer(reponse)
    client.force_login(animatrice_de(communaute))
    reponse = client.get(reverse("communautes:image", args=[communaute.slug]))
    assert "no-store" in reponse["Cache-Control"]
    fermer(reponse)


# --- The journal ---------------------------------------------------------------------------------------------------------------


def test_le_journal_ne_dit_qu_a_l_animation_qui_est_entre(client):
    communaute = ouvrir()
    membre, autre = adherer(communaute), adherer(communaute)
    url = reverse("communautes:journal", args=[communaute.slug])
    vue = lire(client, url)
    assert "est ouverte" in vue and membre.pseudonyme not in vue
    assert autre.pseudonyme not in lire(client, url, membre)
    page = lire(client, url, animatrice_de(communaute))
    assert membre.pseudonyme in page and autre.pseudonyme in page
    flux = client.get(reverse("communautes:atom", args=[communaute.slug])).content.decode()
    assert "est ouverte" in flux and membre.pseudonyme not in flux


def test_autant_de_requetes_pour_un_journal_long(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    client.force_login(animatrice_de(communaute))
    url = reverse("communautes:journal", args=[communaute.slug])
    adherer(communaute)
    une = requetes(client, url)
    for _ in range(49):
        adherer(communaute)
    assert [requetes(client, f"{url}?page={page}") for page in (1, 2, 3)] == [une] * 3
    assert une <= 17


def test_autant_de_requetes_pour_un_long_flux(client):
    communaute = ouvrir()
    url = reverse("communautes:atom", args=[communaute.slug])
    adherer(communaute)
    une = requetes(client, url)
    for _ in range(49):
        adherer(communaute)
    assert requetes(client, url) == une <= 8


def test_le_plan_et_l_accueil_ne_disent_que_ce_que_tout_le_monde_trouve(client):
    publique, cachee = ouvrir(), ouvrir(A.SUR_INVITATION)
    plan = lire(client, "/plan-pages.xml")
    assert publique.get_absolute_url() in plan and cachee.get_absolute_url() not in plan
    assert publique.nom in lire(client, "/")
    accueil = lire(client, "/", animatrice_de(cachee))
    assert cachee.nom not in accueil, "the home page is shown over shoulders"


def test_la_page_du_projet_montre_ses_communautes(client, voisin):
    projet = ProjetFabrique(ouvert=True)
    publique, cachee = ouvrir(projet=projet), ouvrir(A.SUR_INVITATION, projet=projet)
    vue = lire(client, projet.get_absolute_url(), voisin)
    assert publique.nom in vue and cachee.nom not in vue


def test_visibles_par_personne():
    cachee = ouvrir(A.SUR_INVITATION)
    assert not Communaute.objects.visibles_par(AnonymousUser()).filter(pk=cachee.pk).exists()


def test_autour_d_une_chose_on_lit_ce_que_la_regle_dit(agent, voisin):
    """The short way, for what never lives inside a community, and the long one: the same entries, for everybody."""
    communaute = ouvrir(A.SUR_INVITATION)
    membre = adherer(communaute)
    sujet, idee = un_sujet(communaute, membre), IdeeFabrique(etat="en_etude")
    amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=PersonneFabrique(roles=["elue"]))
    lues = {}
    for nom, choses in (
        ("dehors", [idee, *Reponse.objects.sur(idee)]),
        ("dedans", [sujet]),
        ("les deux", [idee, sujet]),
    ):
        for personne in (AnonymousUser(), voisin, idee.auteur, membre, agent):
            lues[nom, personne.pk] = set(Entree.objects.autour_lues_par(personne, *choses))
            assert lues[nom, personne.pk] == set(Entree.objects.autour(*choses).visibles_par(personne)), nom
    assert lues["dedans", membre.pk] and not lues["dedans", voisin.pk]
    assert lues["dehors", agent.pk] > lues["dehors", voisin.pk] == lues["dehors", None]
