"""Words that are published: reported, hidden, taken back by whoever wrote them; and what the team alone reads."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from consultations import participer
from consultations.models import Consultation, Ecrit, Participation, Piece
from consultations.ouvertes import lignes
from consultations.questionnaire import Genre
from consultations.repondantes import Repondante
from consultations.resultats import compter
from consultations.valeurs import Valeur
from moderation.actions import masquer, retablir
from moderation.models import Decision, Signalement
from tests.consultations.fabriques import (
    MOT,
    consultation,
    fermer,
    participation,
    question,
    repondre_en_masse,
    une_page,
)
from tests.requetes import requetes
from timeline.etapes import EtapeInterdite, franchir

pytestmark = pytest.mark.django_db
MOTS = "Les autres sont des ânes."
MOTIF = {"motif": "injure", "explication": "C’est une injure."}


@pytest.fixture
def posee(agent):
    return consultation(
        une_page(question("q1", Genre.TEXTE_LONG), question("q2", Genre.TEXTE_COURT)), agent=agent, titre="Le square"
    )


@pytest.fixture
def finie(posee, citoyenne):
    participation(posee, {"q1": [MOTS], "q2": ["Des bancs"]}, personne=citoyenne, accord_textes=True)
    participation(posee, {"q1": ["De l’ombre."]}, accord_textes=True)
    participation(posee, {"q1": ["Pas pour tout le monde."]})
    return fermer(posee)


def textes(client, finie, cle="q1") -> str:
    return client.get(reverse("consultations:textes", args=[finie.slug, cle])).content.decode()


def porter(client, finie, mots=MOTS, cle="q1"):
    """Press the button beside these words."""
    page = textes(client, finie, cle)
    reference = re.search(r'name="reference" value="([0-9a-f]{32})"', page[page.index(mots) :]).group(1)
    return client.post(
        reverse("consultations:porter_a_la_moderation", args=[finie.slug, cle]), {"reference": reference}
    )


def ecrit(finie, personne) -> Ecrit:
    faite = finie.participations.get(personne=personne)
    return Ecrit.objects.get_or_create(participation=faite, question="q1")[0]


def test_sans_compte_on_signale_des_mots_et_la_moderation_les_masque(client, finie, moderatrice, citoyenne):
    vers = porter(client, finie)
    assert vers.status_code == 302 and vers.url == f"/signaler/consultations.ecrit/{Ecrit.objects.get().pk}/"
    assert MOTS in client.get(vers.url).content.decode()
    signale = Signalement.objects.create(cible=Ecrit.objects.get(), motif="injure")
    client.force_login(moderatrice)
    assert MOTS in client.get(reverse("moderation:file") + "?file=signalements").content.decode()
    franchir(signale.retenir, par=moderatrice, **MOTIF)
    client.logout()
    page = textes(client, finie)
    assert MOTS not in page and "De l’ombre." in page
    resultat = compter(finie).questions[0]
    assert (resultat.textes_publiables, resultat.textes_tus, resultat.textes_masques) == (1, 1, 1)
    dits = {ligne["q1"] for ligne in lignes(finie)}
    assert dits == {"De l’ombre.", None} and "Des bancs" in {ligne["q2"] for ligne in lignes(finie)}
    assert client.get(vers.url).status_code == 404
    # Its author reads why; nobody else does.
    decision = Decision.objects.get()
    assert client.get(decision.get_absolute_url()).status_code == 404
    client.force_login(citoyenne)
    assert "C’est une injure." in client.get(decision.get_absolute_url()).content.decode()


def test_la_moderation_masque_sans_signalement_puis_retablit(client, finie, moderatrice):
    client.force_login(moderatrice)
    vers = porter(client, finie)
    assert vers.url == f"/moderation/masquer/consultations.ecrit/{Ecrit.objects.get().pk}/"
    assert client.post(vers.url, MOTIF).status_code == 302
    assert MOTS not in textes(client, finie)
    retablir(Ecrit.objects.get(), par=moderatrice, explication="Relue.")
    assert MOTS in textes(client, finie)


def test_personne_ne_signale_ses_mots_ni_ne_les_juge(client, finie, citoyenne, moderatrice):
    client.force_login(citoyenne)
    assert client.get(porter(client, finie).url).status_code == 403
    Participation.objects.filter(personne=citoyenne).update(personne=moderatrice)
    client.force_login(moderatrice)
    assert client.get(porter(client, finie).url).status_code == 403


def test_une_adresse_ne_dit_ni_l_heure_ni_les_autres_mots_de_la_personne(client, finie):
    """The reference of the same person's words under two questions has nothing in common."""
    ici, la = textes(client, finie), textes(client, finie, "q2")
    references = [re.findall(r'name="reference" value="([0-9a-f]+)"', page) for page in (ici, la)]
    assert [len(r) for r in references] == [2, 1] and not set(references[0]) & set(references[1])
    assert client.post(
        reverse("consultations:porter_a_la_moderation", args=[finie.slug, "q2"]), {"reference": references[0][0]}
    ).status_code == 404  # fmt: skip
    assert not Ecrit.objects.exists()


@pytest.mark.parametrize("reference", ["", "\x00", "0" * 32, "é" * 32, "' OR 1=1"])
def test_une_reference_qui_n_en_est_pas_une_ne_mene_a_rien(reference, client, finie):
    porte = reverse("consultations:porter_a_la_moderation", args=[finie.slug, "q1"])
    assert client.post(porte, {"reference": reference}).status_code == 404
    assert client.get(porte).status_code == 405 and not Ecrit.objects.exists()


@pytest.mark.parametrize("resultats", ["cloture", "restitution"])
def test_avant_l_heure_des_resultats_aucun_mot_ne_se_signale(resultats, client, agent, moderatrice):
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG)), agent=agent, resultats=resultats)
    faite = participation(ouverte, {"q1": [MOTS]}, accord_textes=True)
    cache = Ecrit.objects.create(participation=faite, question="q1")
    client.force_login(moderatrice)
    assert client.get(f"/signaler/consultations.ecrit/{cache.pk}/").status_code == 404
    assert client.get(f"/moderation/masquer/consultations.ecrit/{cache.pk}/").status_code == 404
    porte = reverse("consultations:porter_a_la_moderation", args=[ouverte.slug, "q1"])
    assert client.post(porte, {"reference": "0" * 32}).status_code == 404


def test_des_mots_masques_puis_corriges_restent_masques(client, posee, moderatrice, citoyenne):
    """Otherwise hiding them would last until the next correction."""
    Consultation.objects.filter(pk=posee.pk).update(resultats="direct")
    posee.refresh_from_db()
    faite = participation(posee, {"q1": [MOTS]}, personne=citoyenne, accord_textes=True)
    masquer(ecrit(posee, citoyenne), par=moderatrice, **MOTIF)
    page = posee.version.questionnaire.pages[0]
    participer.garder(faite, par=citoyenne, page=page, brut={"q1": ["Tous des ânes."]})
    participer.envoyer(faite, par=citoyenne, accord_textes=True)
    assert "ânes" not in textes(client, posee)


# --- Agreeing, and no longer ---------------------------------------------------------------------------------------------


def test_on_retire_son_accord_meme_apres_la_fin(client, finie, citoyenne, voisin):
    faite = finie.participations.get(personne=citoyenne)
    adresse = reverse("consultations:taire", args=[faite.numero])
    client.force_login(voisin)
    assert client.post(adresse).status_code == 404 and MOTS in textes(client, finie)
    client.force_login(citoyenne)
    assert "Ne plus publier mes mots" in client.get(
        reverse("consultations:participation", args=[faite.numero])
    ).content.decode()  # fmt: skip
    assert client.post(adresse).status_code == 302
    assert MOTS not in textes(client, finie) and MOTS not in {ligne["q1"] for ligne in lignes(finie)}
    assert compter(finie).participations == 3


def test_sans_compte_aussi_avec_son_recu(client, finie):
    sans = finie.participations.get(donnees__texte="De l’ombre.")
    client.post(reverse("consultations:retrouver"), {"numero": sans.numero, "mot": MOT})
    client.post(reverse("consultations:taire", args=[sans.numero]))
    assert "De l’ombre." not in textes(client, finie)


def test_une_reponse_retiree_n_a_plus_de_mots_a_taire(posee):
    faite = participation(posee, {"q1": [MOTS]}, accord_textes=True)
    par = Repondante([faite.pk])
    participer.retirer(faite, par=par)
    with pytest.raises(EtapeInterdite):
        participer.taire(faite, par=par)


# --- What the team reads ----------------------------------------------------------------------------------------------------


def test_l_equipe_lit_tous_les_mots_apres_la_fin_et_les_autres_non(client, finie, agent, citoyenne, elue, moderatrice):
    for personne in (None, citoyenne, elue, moderatrice):
        client.logout()
        if personne:
            client.force_login(personne)
        assert "Pas pour tout le monde." not in textes(client, finie)
    client.force_login(agent)
    page = textes(client, finie)
    assert "Pas pour tout le monde." in page and page.count("À ne pas publier") == 1


def test_pendant_la_consultation_l_equipe_ne_lit_que_ce_qui_est_public(client, agent):
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG)), agent=agent, resultats="direct")
    participation(ouverte, {"q1": ["Pas pour tout le monde."]})
    client.force_login(agent)
    assert "Pas pour tout le monde." not in textes(client, ouverte)


def test_l_equipe_voit_les_fichiers_apres_la_fin(client, agent, citoyenne, moderatrice):
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.FICHIER)), agent=agent)
    faite = participation(ouverte, envoyee=False)
    piece = Piece(participation=faite, question="q2", nom="plan.pdf", type_mime="application/pdf", taille=4)
    piece.fichier.save("x.pdf", ContentFile(b"%PDF"), save=False)
    piece.save()
    participer.envoyer(faite, par=Repondante([faite.pk]), mot=MOT)
    adresse = reverse("consultations:fichiers", args=[ouverte.slug, "q2"])
    client.force_login(agent)
    assert client.get(adresse).status_code == 404
    finie = fermer(ouverte)
    page = client.get(adresse).content.decode()
    telecharger = reverse("consultations:piece", args=[piece.pk])
    assert "plan.pdf" in page and telecharger in page and client.get(telecharger).getvalue() == b"%PDF"
    assert adresse in client.get(reverse("consultations:resultats", args=[finie.slug])).content.decode()
    for personne in (citoyenne, moderatrice):
        client.force_login(personne)
        assert client.get(adresse).status_code == 404


@pytest.mark.parametrize("nom", ["textes", "fichiers"])
def test_les_mots_et_les_fichiers_coutent_autant_pour_un_que_pour_cinquante(client, agent, nom):
    genre = Genre.TEXTE_LONG if nom == "textes" else Genre.FICHIER
    finie = fermer(consultation(une_page(question("q1", genre)), agent=agent))
    adresse = reverse(f"consultations:{nom}", args=[finie.slug, "q1"])

    def remplir(nombre):
        dits = [{"q1": Valeur(texte="Un banc.")} if nom == "textes" else {}] * nombre
        depuis = finie.participations.count()
        repondre_en_masse(finie, dits, accord_textes=True)
        if nom == "fichiers":
            recue = {
                "question": "q1",
                "nom": "plan.pdf",
                "type_mime": "application/pdf",
                "taille": 4,
                "est_posee": True,
            }
            Piece.objects.bulk_create(
                Piece(participation=faite, fichier=f"{faite.pk}.pdf", **recue)
                for faite in finie.participations.order_by("pk")[depuis:]
            )

    client.force_login(agent)
    remplir(1)
    un = requetes(client, adresse)
    remplir(49)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [un, un]
    assert client.get(adresse).context["page"].paginator.count == 50
    assert un <= 10


def test_avec_le_bilan_l_equipe_lit_les_resultats_pour_l_ecrire(client, agent, citoyenne, elue):
    ouverte = consultation(une_page(question("q1")), agent=agent, resultats="restitution")
    participation(ouverte)
    assert "L’équipe les lit dès la fin" in ouverte.regles_en_clair()
    adresse = reverse("consultations:resultats", args=[ouverte.slug])
    client.force_login(agent)
    assert "Question par question" not in client.get(adresse).content.decode()
    finie = fermer(ouverte)
    page = client.get(adresse).content.decode()
    assert "Question par question" in page and "pour écrire le bilan" in page
    for porte in ("donnees/reponses.csv", "resultats/croiser/"):
        assert client.get(f"{finie.get_absolute_url()}{porte}").status_code == 200
    for personne in (None, citoyenne, elue):
        client.logout()
        if personne:
            client.force_login(personne)
        assert "Question par question" not in client.get(adresse).content.decode()
        assert client.get(f"{finie.get_absolute_url()}donnees/reponses.csv").status_code == 404
        assert client.get(f"/api/v1/consultations/{finie.slug}/resultats/").status_code == 404
