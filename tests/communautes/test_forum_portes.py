"""Second doors: no address leads inside a closed community but its own, and only for those who are in."""

import re
from copy import deepcopy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from commentaires.actions import approuver, commenter
from commentaires.mentions import proposer, reconnaitre
from commentaires.models import Accord, Commentaire
from communautes.models import Adhesion, Communaute, DocumentPartage, Sondage, Sujet, VersionDocument
from moderation.actions import masquer, signaler
from notifications.models import Courriel, Notification
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.communautes.fabriques_forum import un_fichier, un_sondage, un_sujet, un_texte, une_reponse, voter
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire, taire
from timeline.etapes import EtapeInterdite, franchir
from timeline.models import Entree

A, E = Communaute.Acces, Adhesion.Etat
CANARI = "canari-du-dedans"
DIT = f"{CANARI} reponse"
#: What everybody may read has a word of its own.
DEHORS = "canari-de-la-place"
ETRANGERES = (
    "visiteur", "citoyenne", "demandee", "exclue", "partie", "membre_d_une_autre", "agent", "moderatrice", "elue",
    "administratrice",
)  # fmt: skip


class Scene:
    """A community in which each thing carries its canary, and somebody who is in."""

    def __init__(self, acces=A.SUR_DEMANDE):
        self.communaute = ouvrir(acces)
        self.mot = DEHORS if acces == A.PUBLIQUE else CANARI
        self.membre = adherer(self.communaute)
        self.sujet = un_sujet(self.communaute, self.membre, titre=self.mot, texte=self.mot, avec_photo=True)
        self.reponse = une_reponse(self.sujet, texte=f"{self.mot} reponse")
        self.sondage = un_sondage(self.communaute, question=self.mot, options=["a", "b"])
        voter(self.sondage, self.membre, 0)
        self.texte = un_texte(self.communaute, titre=self.mot, texte=self.mot)
        self.fichier = un_fichier(self.communaute, titre=f"{self.mot} 2")

    def etrangere(self, role):
        if role == "visiteur":
            return AnonymousUser()
        if role in {"demandee", "exclue", "partie"}:
            etat = {"demandee": E.DEMANDEE, "exclue": E.EXCLUE, "partie": E.QUITTEE}[role]
            return adherer(self.communaute, etat=etat)
        if role == "membre_d_une_autre":
            return adherer(ouvrir(A.SUR_DEMANDE))
        return PersonneFabrique(roles=[] if role == "citoyenne" else [role])

    def adresses(self, communaute=None) -> dict[str, list]:
        """Every address of ours, by method; `communaute`: the same ids under another one."""
        slug = (communaute or self.communaute).slug
        s, v = self.sujet.pk, self.sondage.pk
        t, f = self.texte.document_id, self.fichier.document_id

        def ici(nom, *args):
            return reverse(f"communautes:{nom}", args=[slug, *args])

        lues = [
            ici("sujet", s), ici("versions_sujet", s), ici("photo_sujet", s, "grande"), ici("photo_sujet", s, "vignette"),
            ici("corriger_sujet", s), ici("sondage", v), ici("document_partage", t), ici("version_partagee", t, 1),
            ici("verser_version", t), ici("fichier_partage", f, 1), ici("version_partagee", f, 1),
        ]  # fmt: skip
        listes = [] if communaute else [
            ici("forum"), ici("ouvrir_sujet"), ici("sondages"), ici("demander_sondage"), ici("documents"),
            ici("partager_document", "texte"), ici("partager_document", "fichier"),
        ]  # fmt: skip
        ecrites = [
            (ici("epingler_sujet", s), {"action": "epingler"}), (ici("corriger_sujet", s), {"titre": "x", "texte": "y"}),
            (ici("voter_sondage", v), {"choix": self.sondage.options.first().pk}),
            (ici("verser_version", t), {"vu": 1, "note": "n", "texte": "x"}),
        ]  # fmt: skip
        if communaute is None:
            ecrites += [
                (adresse, {"titre": "x", "texte": "y", "question": "q", "options": "a\nb"}) for adresse in listes[1::2]
            ]
        return {"lues": lues + listes, "ecrites": ecrites}

    def portes_de_la_maison(self) -> dict[str, list]:
        """Addresses of the rest of the house that speak of these things."""
        s, r = self.sujet.pk, self.reponse.pk
        fil = reverse("commentaires:fil", args=["communautes.sujet", s])
        modeles = {
            "communautes.sujet": s, "communautes.sondage": self.sondage.pk, "commentaires.commentaire": r,
            "communautes.documentpartage": self.texte.document_id, "communautes.versiondocument": self.fichier.pk,
        }  # fmt: skip
        lues = [
            fil, f"{fil}?fil_ordre=recents", f"{fil}?citer={r}", reverse("commentaires:voir", args=[r]),
            reverse("commentaires:reponses", args=[r]), reverse("commentaires:versions", args=[r]),
            f"/api/v1/commentaires/{r}/", f"/api/v1/commentaires/{r}/etapes/",
            *(reverse("moderation:signaler", args=[m, pk]) for m, pk in modeles.items()),
            reverse("timeline:etape", args=["communautes.sujet", s, "fermer"]),
            reverse("timeline:etape", args=["communautes.sondage", self.sondage.pk, "clore"]),
            reverse("timeline:etape", args=["communautes.documentpartage", self.texte.document_id, "retirer"]),
            *(entree.get_absolute_url() for entree in Entree.objects.filter(communaute=self.communaute, type__startswith="communautes.s")),
        ]  # fmt: skip
        connectees = [
            reverse("commentaires:participants", args=["communautes.sujet", s]) + "?q=p",
            reverse("commentaires:corriger", args=[r]), reverse("commentaires:distinguer", args=[r]),
        ]  # fmt: skip
        ecrites = [
            (reverse("commentaires:accord", args=[r]), {"action": "donner"}), (fil, {"texte": "x"}),
            (fil, {"texte": "x", "parent": r, "cite": r}),
        ]  # fmt: skip
        return {"lues": lues, "connectees": connectees, "ecrites": ecrites}


@pytest.fixture(scope="module")
def _scenes_du_module(pour_le_module):
    return pour_le_module(lambda: {acces: Scene(acces) for acces in (A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION)})


@pytest.fixture
def scenes(_scenes_du_module, db):
    """{door: its scene}, written once for all the tests of this file; each takes its own copy of the objects."""
    return deepcopy(_scenes_du_module)


@pytest.fixture
def scene(scenes):
    return scenes[A.SUR_DEMANDE]


def connecter(personne) -> Client:
    client = Client()
    if personne.pk:
        client.force_login(personne)
    return client


def refusee(reponse) -> bool:
    """404, 403, or sent to sign in; and nothing of the inside in what is said."""
    contenu = b"" if reponse.streaming else reponse.content
    vers_la_porte = "/login/" in reponse.headers.get("Location", reponse.headers.get("HX-Redirect", ""))
    return (reponse.status_code in {403, 404} or vers_la_porte) and CANARI.encode() not in contenu


CACHEES = ("visiteur", "citoyenne", "exclue", "membre_d_une_autre", "agent", "moderatrice")


@pytest.mark.parametrize(
    ("acces", "role"), [*((A.SUR_DEMANDE, r) for r in ETRANGERES), *((A.SUR_INVITATION, r) for r in CACHEES)]
)
def test_aucune_adresse_ne_mene_dedans(scenes, acces, role, refus_en_bref):
    scene = scenes[acces]
    client = connecter(scene.etrangere(role))
    ici, maison = scene.adresses(), scene.portes_de_la_maison()
    avant = ce_qui_est_ecrit()
    dites = {adresse: client.get(adresse) for adresse in ici["lues"]}
    ouvertes = [a for a, reponse in dites.items() if not refusee(reponse)]
    ouvertes += [a for a in maison["lues"] + maison["connectees"] if not refusee(client.get(a))]
    ouvertes += [a for a in ici["lues"] if not refusee(client.get(a, headers={"HX-Request": "true"}))]
    ouvertes += [a for a, envoi in ici["ecrites"] + maison["ecrites"] if not refusee(client.post(a, envoi))]
    assert ouvertes == []
    cache = acces == A.SUR_INVITATION and role not in {"exclue", "partie", "agent", "administratrice"}
    if cache:
        assert {reponse.status_code for a, reponse in dites.items() if "nouveau" not in a and "corriger" not in a
                and "modifier" not in a} == {404}  # fmt: skip
    assert ce_qui_est_ecrit() == avant


def ce_qui_est_ecrit() -> list[int]:
    """In all the communities."""
    return [modele.objects.count() for modele in (Sujet, Sondage, Commentaire, VersionDocument, Accord)]


def test_pour_un_membre_les_memes_adresses_s_ouvrent(scene):
    """The test above looks at addresses that exist."""
    client = connecter(scene.membre)
    for adresse in scene.adresses()["lues"]:
        reponse = client.get(adresse)
        assert reponse.status_code == 200, adresse
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    fermees = [a for a in scene.portes_de_la_maison()["lues"] if client.get(a).status_code not in {200, 302, 403}]
    assert fermees == []


@pytest.mark.parametrize("role", ["membre", "animatrice"])
def test_les_numeros_d_une_autre_communaute_sont_refuses(scene, role, refus_en_bref):
    """AC-06: whoever leads here changes nothing there by writing other numbers in the address."""
    ici = ouvrir(A.SUR_DEMANDE)
    client = connecter(adherer(ici) if role == "membre" else animatrice_de(ici))
    adresses = scene.adresses(ici)
    assert {client.get(a).status_code for a in adresses["lues"]} == {404}
    assert {client.post(a, envoi).status_code for a, envoi in adresses["ecrites"]} == {404}


def test_citer_ou_repondre_aux_mots_d_une_autre_communaute(scene):
    ici = ouvrir(A.SUR_DEMANDE)
    elle = adherer(ici)
    sujet = un_sujet(ici, elle)
    client = connecter(elle)
    fil = reverse("commentaires:fil", args=["communautes.sujet", sujet.pk])
    assert CANARI not in client.get(f"{fil}?citer={scene.reponse.pk}").content.decode()
    client.post(fil, {"texte": "Je cite.", "cite": scene.reponse.pk})
    assert Commentaire.objects.get(texte="Je cite.").cite is None
    assert client.post(fil, {"texte": "Je réponds.", "parent": scene.reponse.pk}).status_code == 422


def test_rien_ne_sort_par_les_listes_de_la_maison(scene):
    """Chronology, feeds, search, API lists, own pages of strangers: the canary is nowhere."""
    for role in ("visiteur", "citoyenne", "agent", "moderatrice"):
        client = connecter(scene.etrangere(role))
        for adresse in (
            "/", reverse("timeline:chronologie"), reverse("timeline:atom"), "/sitemap.xml", "/idees/?q=canari",
            "/api/v1/journal/", "/api/v1/registres/", reverse("communautes:liste"), scene.communaute.get_absolute_url(),
            reverse("moderation:registre"),
        ):  # fmt: skip
            reponse = client.get(adresse)
            contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
            assert CANARI.encode() not in contenu, (role, adresse)


def test_qui_part_ne_retrouve_rien_dans_son_espace(scene):
    auteure = scene.reponse.auteur
    client = connecter(auteure)
    assert CANARI in client.get(reverse("portail:mes_commentaires")).content.decode()
    franchir(scene.communaute.adhesions.get(personne=auteure).quitter, par=auteure)
    lue = client.get(reverse("portail:mes_commentaires")).content.decode()
    assert scene.sujet.get_absolute_url() not in lue and f">{CANARI}</a>" not in lue


# --- An open community: everybody reads, those who are in write -----------------------------------------------------


@pytest.fixture
def ouverte(scenes):
    return scenes[A.PUBLIQUE]


@pytest.mark.parametrize(
    "role", ["citoyenne", "exclue", "partie", "membre_d_une_autre", "agent", "moderatrice", "elue"]
)
def test_dans_une_communaute_ouverte_on_lit_et_on_n_ecrit_pas_avant_d_entrer(ouverte, role):
    elle = ouverte.etrangere(role)
    client, avant = connecter(elle), ce_qui_est_ecrit()
    lue = client.get(ouverte.sujet.get_absolute_url()).content.decode()
    assert ouverte.mot in lue and "Rejoignez la communauté</a> pour répondre" in lue and 'name="texte"' not in lue
    assert "Répondre" not in lue and "D’accord" not in lue and "Citer" not in lue
    fil = reverse("commentaires:fil", args=["communautes.sujet", ouverte.sujet.pk])
    reponse = client.post(fil, {"texte": "Je m’invite."})
    assert reponse.status_code == 403 and "Rejoignez la communauté pour répondre" in reponse.content.decode()
    assert "Je m’invite." in reponse.content.decode(), "what was typed is kept"
    assert (
        client.post(reverse("commentaires:accord", args=[ouverte.reponse.pk]), {"action": "donner"}).status_code == 403
    )
    participants = client.get(
        reverse("commentaires:participants", args=["communautes.sujet", ouverte.sujet.pk]) + "?q=p"
    )
    assert participants.json() == {"noms": []}
    with pytest.raises(EtapeInterdite):
        commenter(ouverte.sujet, par=elle, texte="Par un autre chemin.", officielle=True)
    assert client.put(f"/api/v1/commentaires/{ouverte.reponse.pk}/accord/").status_code == 403
    refus = [client.post(a, envoi).status_code for a, envoi in ouverte.adresses()["ecrites"]]
    assert set(refus) == {403} and ce_qui_est_ecrit() == avant


def test_sans_compte_on_se_connecte_puis_on_rejoint_sans_rien_perdre(ouverte, client):
    assert "Connectez-vous</a> pour commenter" in client.get(ouverte.sujet.get_absolute_url()).content.decode()
    fil = reverse("commentaires:fil", args=["communautes.sujet", ouverte.sujet.pk])
    assert "/login/" in client.post(fil, {"texte": "Avant d’entrer."})["Location"]
    session = client.session["commentaire_garde"]
    elle = PersonneFabrique()
    client.force_login(elle)
    gardee = client.session
    gardee["commentaire_garde"] = session
    gardee.save()
    assert "Rejoignez" in client.get(ouverte.sujet.get_absolute_url()).content.decode()
    adherer(ouverte.communaute, elle)
    assert "Avant d’entrer." in client.get(ouverte.sujet.get_absolute_url()).content.decode()


def test_les_resultats_ne_se_lisent_dehors_qu_a_la_fin(ouverte, client):
    adresse = ouverte.sondage.get_absolute_url()
    avant = client.get(adresse).content.decode()
    assert "a répondu" not in avant and "100,0 %" not in avant
    franchir(ouverte.sondage.clore, par=animatrice_de(ouverte.communaute))
    assert "1 personne a répondu" in client.get(adresse).content.decode()


# --- Mentions ------------------------------------------------------------------------------------------------------


def test_on_ne_nomme_que_celles_qui_lisent(scene):
    communaute, sujet = scene.communaute, scene.sujet
    gens = {
        "Membre Muette": adherer(communaute, PersonneFabrique(pseudonyme="Membre Muette")),
        "Partie Loin": adherer(communaute, PersonneFabrique(pseudonyme="Partie Loin")),
        "Jamais Venue": PersonneFabrique(pseudonyme="Jamais Venue"),
    }
    une_reponse(sujet, gens["Partie Loin"])
    franchir(communaute.adhesions.get(personne=gens["Partie Loin"]).quitter, par=gens["Partie Loin"])
    assert [nom for nom in gens if proposer(sujet, nom[:5])] == ["Membre Muette"]
    texte = " ".join(f"@{nom}," for nom in gens)
    assert {p.pseudonyme for p in reconnaitre(texte, sujet, sauf=scene.membre)} == {"Membre Muette"}


def test_le_premier_message_n_appelle_que_celles_qui_lisent(scene, client):
    """In bold for its readers, and news for nobody outside: not for whoever left between the words and the news."""
    communaute = scene.communaute
    gens = {nom: adherer(communaute, PersonneFabrique(pseudonyme=nom)) for nom in ("Membre Muette", "Partie Loin")}
    gens["Jamais Venue"] = PersonneFabrique(pseudonyme="Jamais Venue")
    taire()
    texte = " ".join(f"@{nom}," for nom in gens) + " [voir](https://exemple.test/@Membre-Muette)"
    sujet = un_sujet(communaute, scene.membre, texte=texte)
    franchir(communaute.adhesions.get(personne=gens["Partie Loin"]).quitter, par=gens["Partie Loin"])
    dire()
    prevenues = Notification.objects.filter(entree__type="communautes.sujet.ouvrir", personne__in=gens.values())
    assert [nouvelle.personne for nouvelle in prevenues] == [gens["Membre Muette"]]
    lettres = Courriel.objects.filter(objet__startswith="On vous a nommé")
    assert [lettre.personne for lettre in lettres] == [gens["Membre Muette"]]
    client.force_login(scene.membre)
    page = client.get(sujet.get_absolute_url()).content.decode()
    assert re.findall(r'<strong class="mention">(.*?)</strong>', page) == ["@Membre Muette"]
    assert 'href="https://exemple.test/@Membre-Muette"' in page


# --- Moderation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quoi", ["sujet", "reponse", "sondage", "document", "version"])
def test_ce_qui_est_signale_se_lit_se_masque_et_disparait(scene, quoi):
    version = un_texte(scene.communaute, titre="Titre sage", texte=CANARI)
    cibles = {"sujet": scene.sujet, "reponse": scene.reponse, "sondage": scene.sondage, "document": scene.texte.document,
              "version": version}  # fmt: skip
    cible = cibles[quoi]
    moderatrice = PersonneFabrique(roles=["moderatrice"])
    client, membre = connecter(moderatrice), connecter(adherer(scene.communaute))
    masquage = reverse("moderation:masquer", args=[cible._meta.label_lower, cible.pk])
    assert client.get(masquage).status_code == 404, "not reported: not hers to read"
    with pytest.raises(EtapeInterdite):
        masquer(cible, par=moderatrice, motif="injure", explication="Non.")
    signaler(cible, par=scene.membre if quoi not in {"sujet"} else adherer(scene.communaute), motif="injure")
    assert CANARI in client.get(reverse("moderation:file")).content.decode()
    assert CANARI in client.get(masquage).content.decode()
    if quoi == "sujet":
        photo = client.get(reverse("communautes:photo_sujet", args=[scene.communaute.slug, cible.pk, "vignette"]))
        assert b"".join(photo.streaming_content)[:4] == b"RIFF"
        assert client.get(cible.get_absolute_url()).status_code == 403, "these words, and nothing else of the place"
    client.post(masquage, {"motif": "injure", "explication": "Restons polis."})
    cible.refresh_from_db()
    assert cible.est_masquee
    if quoi != "reponse":
        assert membre.get(cible.get_absolute_url()).status_code == 404
    pages = [reverse(f"communautes:{nom}", args=[scene.communaute.slug]) for nom in ("forum", "sondages", "documents")]
    pages += [version.document.get_absolute_url(), scene.sujet.get_absolute_url()]
    dites = {adresse: membre.get(adresse).content.decode() for adresse in pages}
    visees = {"sujet": pages[0], "sondage": pages[1], "version": pages[3]}
    if quoi in visees:
        assert CANARI not in dites[visees[quoi]]
    if quoi == "reponse":
        assert DIT not in dites[pages[4]] and CANARI in dites[pages[4]]
    entree = Entree.objects.sur(cible if quoi != "version" else version.document).first()
    assert entree.communaute == scene.communaute


def test_les_mots_masques_disparaissent_des_citations_et_des_phrases(scene):
    citante = une_reponse(scene.sujet, texte="Je cite.", cite=scene.reponse)
    membre = connecter(adherer(scene.communaute))
    fil = reverse("commentaires:fil", args=["communautes.sujet", scene.sujet.pk])
    assert "a écrit :" in membre.get(fil).content.decode()
    signaler(scene.reponse, par=scene.membre, motif="injure")
    masquer(scene.reponse, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Non.")
    lue = membre.get(fil).content.decode()
    assert "Les mots cités ici ne sont plus lisibles" in lue and citante.texte in lue
    signaler(scene.sujet, par=citante.auteur, motif="injure")
    masquer(scene.sujet, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Non.")
    for entree in Entree.objects.sur(scene.sujet):
        assert CANARI not in entree.phrase


def test_un_fichier_signale_se_telecharge_pour_etre_juge(scene):
    moderatrice = connecter(PersonneFabrique(roles=["moderatrice"]))
    adresse = reverse("communautes:fichier_partage", args=[scene.communaute.slug, scene.fichier.document_id, 1])
    assert moderatrice.get(adresse).status_code == 404
    signaler(scene.fichier, par=scene.membre, motif="illegal")
    assert b"".join(moderatrice.get(adresse).streaming_content).startswith(b"%PDF")


def test_une_personne_qui_quitte_ne_corrige_ni_n_approuve_plus(scene):
    auteure = scene.reponse.auteur
    franchir(scene.communaute.adhesions.get(personne=auteure).quitter, par=auteure)
    client = connecter(auteure)
    assert (
        client.post(reverse("commentaires:corriger", args=[scene.reponse.pk]), {"texte": "x", "vu": 0}).status_code
        == 404
    )
    autre = une_reponse(scene.sujet)
    with pytest.raises(EtapeInterdite):
        approuver(autre, par=auteure)


@pytest.mark.parametrize("modele", [Sujet, Sondage, DocumentPartage, VersionDocument])
def test_ce_qui_est_dedans_se_voit_par_les_querysets(scene, modele):
    lieu = "document__communaute" if modele is VersionDocument else "communaute"
    ouvertes = modele.objects.filter(**{f"{lieu}__acces": A.PUBLIQUE})
    for role in ETRANGERES:
        assert set(modele.objects.visibles_par(scene.etrangere(role))) == set(ouvertes), role
    assert modele.objects.visibles_par(scene.membre).filter(**{lieu: scene.communaute}).exists()
