"""Questions to an élue: who asks, who supports, what everybody reads, and what nobody may find."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from commentaires.actions import commenter
from communautes import actions
from communautes.actions_questions import constater_les_seuils, ne_plus_soutenir, poser, soutenir
from communautes.forms import CommunauteForm
from communautes.models import Adhesion, Communaute, Question
from communautes.questions_proches import proches
from comptes.effacement import effacer
from moderation.actions import masquer, retablir
from notifications.models import Notification
from portail.tic import tic
from reponses.models import Echeance, Escalade
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.communautes.fabriques_questions import demander, repondre, soutenir_a
from tests.fabriques import PersonneFabrique, ProjetFabrique
from tests.notifications.conftest import dire
from tests.requetes import requetes
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat


@pytest.fixture
def petit_seuil(settings):
    settings.QUESTIONS_SEUIL, settings.QUESTIONS_DELAI_JOURS = 2, 30


def essayer(communaute, par, **contenu):
    return poser(communaute, par=par, cle_saisie=uuid4(), **{"titre": "Quand rouvre la piscine ?", **contenu})


# --- Who asks ------------------------------------------------------------------------------------------------------


def test_qui_pose_ou():
    publique, demande, invitation = (ouvrir(acces) for acces in (A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION))
    quelqu_un, sans_adresse = PersonneFabrique(), PersonneFabrique()
    sans_adresse.emailaddress_set.update(verified=False)
    assert essayer(publique, quelqu_un).etat == "publiee"
    assert essayer(demande, adherer(demande)).etat == "publiee"
    for communaute, personne in (
        (demande, quelqu_un),
        (demande, adherer(demande, etat=E.EXCLUE)),
        (demande, PersonneFabrique(roles=["agent"])),
        (invitation, adherer(invitation)),
        (invitation, referente_de(invitation)),
        (publique, sans_adresse),
        (publique, AnonymousUser()),
    ):
        with pytest.raises(EtapeInterdite) as refus:
            essayer(communaute, personne)
        assert str(refus.value)
    assert Question.objects.count() == 2


@pytest.mark.parametrize("etat", ["en_sommeil", "close", "masquee"])
def test_une_communaute_qui_dort_est_fermee_ou_masquee_ne_recoit_rien(etat, moderatrice, petit_seuil):
    communaute = ouvrir()
    question = demander(communaute)
    agent = referente_de(communaute)
    if etat == "en_sommeil":
        franchir(communaute.endormir, par=agent)
    elif etat == "close":
        franchir(communaute.clore, par=agent, motif="C’est fini.")
    else:
        masquer(communaute, par=moderatrice, motif="injure", explication="Un nom injurieux.")
    voisin = PersonneFabrique()
    with pytest.raises((EtapeImpossible, EtapeInterdite)):
        essayer(communaute, voisin)
    with pytest.raises(EtapeImpossible):
        soutenir(Question.objects.get(pk=question.pk), par=voisin)
    lue = Question.objects.visibles_par(voisin).filter(pk=question.pk).exists()
    assert lue == (etat != "masquee"), "what was asked in public stays public, unless its place is hidden"


def test_la_meme_saisie_est_une_seule_question_et_trois_attendent_au_plus(settings):
    communaute, autrice = ouvrir(), PersonneFabrique()
    cle = uuid4()
    une, deux = (poser(communaute, par=autrice, cle_saisie=cle, titre="Quand ?") for _ in range(2))
    assert une == deux and Entree.objects.filter(type="communautes.question.publier").count() == 1
    settings.QUESTIONS_MAX_EN_ATTENTE = 2
    seconde = essayer(communaute, autrice)
    with pytest.raises(TropVite):
        essayer(communaute, autrice)
    franchir(seconde.retirer, par=autrice, motif="Je sais.")
    assert essayer(communaute, autrice)


def test_on_la_pose_a_une_elue_dont_le_mandat_court():
    communaute, elue, ancienne = ouvrir(), PersonneFabrique(roles=["elue"]), PersonneFabrique(roles=["elue"])
    ancienne.mandats.update(debut="2000-01-01", fin="2001-01-01")
    mandat = elue.mandats.get()
    question = essayer(communaute, PersonneFabrique(), mandat=mandat)
    assert question.a_qui == f"{mandat.nom_officiel}, {mandat.intitule}"
    mandat.intitule = "Autre mandat fictif"
    mandat.save()
    question.refresh_from_db()
    assert "Autre mandat" not in question.a_qui, "her mandate is that of the day it was asked"
    for refusee, autrice in ((ancienne.mandats.get(), PersonneFabrique()), (mandat, elue)):
        with pytest.raises(EtapeInvalide) as refus:
            essayer(communaute, autrice, mandat=refusee)
        assert refus.value.champ == "mandat"
    assert essayer(communaute, PersonneFabrique()).a_qui == "la collectivité"


def test_une_communaute_ou_l_on_a_pose_une_question_ne_se_cache_plus():
    """Its page names it in front of everybody: what is public cannot be called back."""
    avec, sans = ouvrir(A.SUR_DEMANDE), ouvrir(A.SUR_DEMANDE)
    demander(avec, par=adherer(avec))
    for communaute, offerte in ((avec, False), (sans, True)):
        portes = CommunauteForm(instance=communaute, par=animatrice_de(communaute)).fields["acces"].choices
        assert (A.SUR_INVITATION in dict(portes)) is offerte
    with pytest.raises(EtapeInvalide) as refus:
        actions.modifier(avec, par=animatrice_de(avec), acces=A.SUR_INVITATION)
    assert refus.value.champ == "acces"
    assert actions.modifier(sans, par=animatrice_de(sans), acces=A.SUR_INVITATION).acces == A.SUR_INVITATION


# --- Supports, and the clock ---------------------------------------------------------------------------------------


def test_le_dernier_soutien_lance_l_horloge(petit_seuil, settings):
    question = demander(a=PersonneFabrique(roles=["elue"]))
    soutenir_a(question, 1)
    assert question.etat == "publiee" and not Echeance.objects.exists()
    soutenir_a(question, 1)
    echeance = Echeance.objects.get()
    assert question.etat == "posee" and echeance.cible == question
    assert echeance.due_le == timezone.localdate() + timedelta(days=30)
    assert echeance.service.nom == settings.QUESTIONS_SERVICE
    assert Entree.objects.publiques().filter(type="communautes.question.atteindre_seuil").get().donnees["seuil"] == 2


def test_un_soutien_par_personne_jamais_le_sien_et_repris_jusqu_a_la_signature(petit_seuil):
    question = demander()
    voisin, sans_adresse = PersonneFabrique(), PersonneFabrique()
    sans_adresse.emailaddress_set.all().delete()
    assert (soutenir(question, par=voisin), soutenir(question, par=voisin)) == (True, False)
    assert ne_plus_soutenir(question, par=voisin) and not ne_plus_soutenir(question, par=voisin)
    for personne in (question.auteur, sans_adresse):
        with pytest.raises(EtapeInterdite):
            soutenir(question, par=personne)
    gens = soutenir_a(question, 3)
    repondre(question, jusque="en_consultation")
    assert ne_plus_soutenir(question, par=gens[0]), "due, and still hers to take back"
    question.reponses.get().avis.update(attendu_le=timezone.localdate() - timedelta(days=1))
    franchir(
        question.reponses.get().presenter,
        par=PersonneFabrique(roles=["agent"]),
        signataire=PersonneFabrique(roles=["elue"]),
    )
    with pytest.raises(EtapeImpossible):
        ne_plus_soutenir(question, par=gens[1])
    with pytest.raises(DatabaseError), transaction.atomic():
        question.soutiens.create(personne=gens[1])


def test_le_tic_rattrape_un_seuil_que_personne_n_a_constate(petit_seuil):
    question = demander()
    for personne in PersonneFabrique.create_batch(2):
        question.soutiens.create(personne=personne)
    assert (constater_les_seuils(), constater_les_seuils()) == (1, 0)
    question.refresh_from_db()
    assert question.etat == "posee"


def test_le_tic_ne_lance_rien_pour_une_question_masquee(petit_seuil, moderatrice):
    question = demander()
    for personne in PersonneFabrique.create_batch(2):
        question.soutiens.create(personne=personne)
    masquer(question, par=moderatrice, motif="injure", explication="Une injure.")
    assert constater_les_seuils() == 0
    retablir(question, par=moderatrice, explication="Une erreur.")
    assert constater_les_seuils() == 1


def test_en_retard_devant_tout_le_monde_apres_avoir_prevenu_l_elue(client):
    """The addressed élue alone is told by the escalation; the day after the date, everybody reads it."""
    elue, autre = PersonneFabrique(roles=["elue"]), PersonneFabrique(roles=["elue"])
    question = demander(a=elue, etat="posee")
    depart = timezone.now()
    with time_machine.travel(depart + timedelta(days=25), tick=False):
        tic()
        escalade = Escalade.objects.get(palier=Escalade.Palier.ELUES)
        assert list(escalade.elues.all()) == [elue] and autre not in escalade.elues.all()
        assert "En retard" not in client.get(question.get_absolute_url()).content.decode()
    with time_machine.travel(depart + timedelta(days=31), tick=False):
        tic()
        assert "En retard d’un jour" in client.get(question.get_absolute_url()).content.decode()
        assert question.titre in client.get("/reponses/attendues/?delai=en_retard").content.decode()
        vue = reverse("communautes:questions", args=[question.communaute.slug]) + "?vue=en_retard"
        assert question.titre in client.get(vue).content.decode()
        assert Entree.objects.publiques().filter(type="reponses.echeance.depasser").get().cible == question
    with pytest.raises(DatabaseError), transaction.atomic():
        Echeance.objects.update(due_le=timezone.localdate() + timedelta(days=900))


def test_l_elue_peut_repondre_sans_attendre(client, petit_seuil):
    elue = PersonneFabrique(roles=["elue"])
    question = demander(a=elue)
    client.force_login(elue)
    adresse = reverse("timeline:etape", args=["communautes.question", question.pk, "prendre"])
    assert client.get(adresse).status_code == 200
    assert not Echeance.objects.exists(), "reading a page writes nothing"
    client.post(adresse, {"etat": "publiee", "service": ""})
    question.refresh_from_db()
    assert question.etat == "posee" and Echeance.objects.count() == 1


# --- Who reads -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE])
def test_publique_des_son_envoi_quelle_que_soit_la_porte(client, acces):
    communaute = ouvrir(acces)
    autrice = adherer(communaute)
    question = demander(communaute, par=autrice)
    page = client.get(question.get_absolute_url())
    assert page.status_code == 200 and communaute.nom in page.content.decode()
    liste = client.get(reverse("communautes:questions", args=[communaute.slug]))
    assert liste.status_code == 200 and question.titre in liste.content.decode()
    entree = Entree.objects.get(type="communautes.question.publier")
    assert entree.est_publique and entree.communaute_id is None
    assert question.titre in client.get(reverse("communautes:questions_atom", args=[communaute.slug])).content.decode()
    assert question.get_absolute_url() in client.get(reverse("portail:plan_pages")).content.decode()


def test_le_flux_date_une_question_de_sa_derniere_etape(client):
    """A reader who has it already is told that it is answered; when it was asked does not change."""
    communaute = ouvrir()
    with time_machine.travel(timezone.now() - timedelta(days=20)):
        posee = demander(communaute)
        attendue = demander(communaute, etat="posee")
    repondre(attendue)
    flux = client.get(reverse("communautes:questions_atom", args=[communaute.slug])).content
    atom = "{http://www.w3.org/2005/Atom}"
    dates = {
        entree.findtext(f"{atom}title"): [
            datetime.fromisoformat(entree.findtext(f"{atom}{nom}")).date() for nom in ("published", "updated")
        ]
        for entree in ElementTree.fromstring(flux).iter(f"{atom}entry")  # noqa: S314 (our own answer)
    }
    avant, maintenant = posee.publiee_le.astimezone(UTC).date(), datetime.now(UTC).date()
    assert dates == {posee.titre: [avant, avant], attendue.titre: [avant, maintenant]}


def test_les_phrases_du_journal_mettent_le_titre_entre_guillemets():
    question = demander(etat="repondue", titre="Quand des bancs ?")
    phrases = [phrase_en_texte(entree) for entree in Entree.objects.sur(question)]
    assert len(phrases) > 2 and all("question « Quand des bancs ? » " in phrase for phrase in phrases)


def test_le_formulaire_le_dit_avant_l_envoi(client, settings):
    settings.QUESTIONS_SEUIL, settings.QUESTIONS_DELAI_JOURS = 7, 45
    communaute = ouvrir()
    client.force_login(PersonneFabrique())
    page = client.get(reverse("communautes:poser_une_question", args=[communaute.slug])).content.decode()
    assert "Votre question sera publique dès son envoi" in page
    assert "Quand 7 personnes la soutiennent" in page and "45 jours au plus" in page
    assert "À la collectivité : elle choisit qui répond" in page


@pytest.mark.parametrize("porte", ["retiree", "masquee", "communaute_masquee"])
def test_ce_qui_ne_se_lit_plus_ne_se_lit_par_aucune_porte(client, porte, moderatrice):
    question = demander(titre="Un titre à taire ?")
    soutien = PersonneFabrique()
    soutenir(question, par=soutien)
    voisin = PersonneFabrique()
    if porte == "retiree":
        franchir(question.retirer, par=question.auteur, motif="Je sais.")
    elif porte == "masquee":
        masquer(question, par=moderatrice, motif="injure", explication="Une injure.")
    else:
        masquer(question.communaute, par=moderatrice, motif="injure", explication="Une injure.")
    slug = question.communaute.slug
    portes = [
        (question.get_absolute_url(), 404),
        (f"/api/v1/questions/{question.pk}/", 404),
        ("/api/v1/questions/", 200),
        (f"/communautes/{slug}/questions/", 404 if porte == "communaute_masquee" else 200),
        (f"/communautes/{slug}/questions/atom/", 404 if porte == "communaute_masquee" else 200),
        (f"/commentaires/communautes.question/{question.pk}/", 404),
        (f"/moderation/signaler/communautes.question/{question.pk}/", 404),
        ("/chronologie/", 200),
    ]
    for personne in (None, voisin):
        if personne:
            client.force_login(personne)
        for adresse, statut in portes:
            recue = client.get(adresse)
            if statut == 200 or recue.status_code != 405:
                assert recue.status_code == statut, adresse
            assert "Un titre à taire" not in recue.content.decode(), adresse
    client.force_login(soutien)
    adresse = reverse("communautes:soutien_d_une_question", args=[question.pk])
    attendu = 409 if porte == "retiree" else 404
    assert client.post(adresse, {"action": "donner"}).status_code == attendu
    assert client.post(adresse, {"action": "autre"}).status_code == (400 if porte == "retiree" else 404)
    assert Question.objects.visibles_par(soutien).filter(pk=question.pk).exists() == (porte == "retiree")
    assert Question.objects.visibles_par(question.auteur).filter(pk=question.pk).exists(), "her own words"


def test_sur_invitation_la_page_dit_ou_aller_et_rien_ne_s_ecrit(client):
    communaute = ouvrir(A.SUR_INVITATION)
    membre = adherer(communaute)
    adresse = reverse("communautes:questions", args=[communaute.slug])
    assert client.get(adresse).status_code == 404
    client.force_login(PersonneFabrique())
    assert client.get(adresse).status_code == 404
    assert client.get(f"{adresse}poser/").status_code == 404
    assert client.post(f"{adresse}poser/", {"titre": "Quand ?"}).status_code == 404
    client.force_login(membre)
    page = client.get(adresse).content.decode()
    assert reverse("idees:proposer") in page and "On ne pose pas" not in page
    assert client.get(f"{adresse}poser/").status_code == 302
    refus = client.post(f"{adresse}poser/", {"titre": "Quand rouvre la piscine ?"})
    assert refus.status_code == 403 and "sur invitation" in refus.content.decode()
    assert not Question.objects.exists()


def test_on_en_discute_comme_la_communaute_le_dit(client):
    fermee, publique = ouvrir(A.SUR_DEMANDE), ouvrir()
    membre, voisin = adherer(fermee), PersonneFabrique()
    dedans, dehors = demander(fermee, par=membre), demander(publique)
    commenter(dedans, par=adherer(fermee), texte="Oui, quand ?")
    commenter(dehors, par=voisin, texte="Oui, quand ?")
    with pytest.raises(EtapeInterdite, match="membres de la communauté"):
        commenter(dedans, par=voisin, texte="Et moi ?")
    client.force_login(voisin)
    page = client.get(dedans.get_absolute_url()).content.decode()
    assert "Oui, quand" in page and "celle des membres de la communauté" in page


# --- What is near, and bad input -----------------------------------------------------------------------------------


def test_les_questions_proches_d_ici_et_elles_seules():
    communaute = ouvrir()
    piscine = demander(communaute, titre="Quand la piscine Nord rouvre-t-elle ?")
    demander(communaute, titre="Pourquoi le bus 23 est-il supprimé ?")
    demander(ouvrir(), titre="Quand la piscine Nord rouvre-t-elle ?")
    assert proches(communaute, "Réouverture de la piscine Nord : quand ?") == [piscine]
    assert proches(communaute, "quand la picsine nord rouvre t elle") == [piscine], "typed askew"
    assert proches(communaute, "Qui entretient les bancs ?") == [] == proches(communaute, "et pour quoi ?")


def test_ce_qui_est_proche_se_montre_une_fois_avant_l_envoi(client):
    communaute = ouvrir()
    deja = demander(communaute, titre="Quand la piscine Nord rouvre-t-elle ?")
    client.force_login(PersonneFabrique())
    adresse = reverse("communautes:poser_une_question", args=[communaute.slug])
    saisie = {"titre": "Quand rouvre la piscine Nord ?", "texte": "Je nage.", "cle_saisie": str(uuid4()), "mandat": ""}
    page = client.post(adresse, saisie)
    assert page.status_code == 200 and deja.titre in page.content.decode() and Question.objects.count() == 1
    assert "Je nage." in page.content.decode()
    for _fois in range(2):
        suite = client.post(adresse, saisie | {"vues": page.context["form"]["vues"].value()})
        assert suite.status_code == 302
    assert Question.objects.count() == 2


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        ({"titre": ""}, "titre", "Écrivez votre question."),
        ({"titre": "\u200b \x08"}, "titre", "Écrivez votre question."),
        ({"titre": "a" * 201}, "titre", "C’est trop long"),
        ({"titre": "Quand ?", "texte": "a" * 2001}, "texte", "2"),
        ({"titre": "Quand ?", "mandat": "999999"}, "mandat", "n’est plus en cours"),
        ({"titre": "Quand ?", "mandat": "x"}, "mandat", "n’est plus en cours"),
        ({"titre": "Quand ?", "cle_saisie": "pas-une-cle"}, "cle_saisie", ""),
    ],
)
def test_ce_qui_est_mal_saisi_est_dit_et_garde(client, saisie, champ, phrase):
    communaute = ouvrir()
    client.force_login(PersonneFabrique())
    page = client.post(
        reverse("communautes:poser_une_question", args=[communaute.slug]), {"texte": "Mes mots.", **saisie}
    )
    assert page.status_code == 422 and not Question.objects.exists()
    assert phrase in " ".join(page.context["form"].errors[champ])
    assert len(page.context["form"].errors[champ]) == 1
    assert saisie.get("texte", "Mes mots.") in page.content.decode()


def test_le_mot_de_trop_revient_avec_sa_raison(client, settings):
    settings.QUESTIONS_MAX_EN_ATTENTE = 1
    autrice = PersonneFabrique()
    communaute = demander(par=autrice).communaute
    client.force_login(autrice)
    adresse = reverse("communautes:poser_une_question", args=[communaute.slug])
    page = client.post(adresse, {"titre": "Et le bus ?", "texte": "Mes mots."})
    assert (
        page.status_code == 429 and "attendent déjà" in page.content.decode() and "Mes mots." in page.content.decode()
    )


@pytest.mark.parametrize("vue", ["soutenues", "recentes", "repondues", "en_retard", "rien", "", "<script>"])
def test_chaque_vue_de_la_liste_a_son_etat_vide(client, vue):
    communaute = ouvrir()
    page = client.get(reverse("communautes:questions", args=[communaute.slug]), {"vue": vue, "page": "999"})
    assert page.status_code == 200 and 'class="vide"' in page.content.decode()
    assert "<script>&" not in page.content.decode()


# --- Told ----------------------------------------------------------------------------------------------------------


def dit_a(personne) -> set[str]:
    return set(Notification.objects.filter(personne=personne).values_list("entree__type", flat=True))


def test_qui_l_a_posee_et_qui_la_soutient_sont_prevenues(petit_seuil):
    elue, agent, moderatrice = (PersonneFabrique(roles=[r]) for r in ("elue", "agent", "moderatrice"))
    question = demander(a=elue)
    suit = adherer(question.communaute)
    gens = soutenir_a(question, 2)
    dire()
    repondre(question, agent=agent, elue=elue, jusque="a_signer")
    dire()
    assert "reponses.presenter" in dit_a(elue)
    reponse = question.reponses.get()
    franchir(reponse.signer, par=elue)
    franchir(reponse.publier, par=agent)
    dire()
    assert {"communautes.question.publier", "communautes.question.atteindre_seuil"} <= dit_a(elue)
    assert {"communautes.question.atteindre_seuil", "reponses.publier"} <= dit_a(gens[0])
    assert {"communautes.question.publier", "communautes.question.atteindre_seuil", "reponses.publier"} <= dit_a(
        question.auteur
    )
    assert "communautes.question.publier" in dit_a(moderatrice)
    assert "communautes.question.atteindre_seuil" in dit_a(agent)
    assert not dit_a(suit) & {"reponses.publier"}


# --- Costs ---------------------------------------------------------------------------------------------------------


def test_autant_de_requetes_pour_une_que_pour_cinquante(client, django_user_model, settings):
    settings.QUESTIONS_MAX_EN_ATTENTE = 100
    projet = ProjetFabrique(annonce=True)
    communaute, autrice, elue = ouvrir(projet=projet), PersonneFabrique(), PersonneFabrique(roles=["elue"])
    question = demander(communaute, par=autrice, a=elue, etat="posee")
    soutenir(question, par=elue)
    pages = [
        (None, reverse("communautes:questions", args=[communaute.slug])),
        (None, question.get_absolute_url()),
        (None, reverse("communautes:questions_atom", args=[communaute.slug])),
        (None, "/api/v1/questions/"),
        (None, projet.get_absolute_url()),
        (autrice, reverse("portail:mes_questions")),
        (autrice, reverse("portail:mes_attentes")),
        (elue, reverse("portail:bureau_elue")),
        (projet.referente, reverse("portail:bureau_agent")),
    ]

    def compter():
        comptes = {}
        for personne, adresse in pages:
            client.logout()
            if personne:
                client.force_login(personne)
            comptes[adresse] = requetes(client, adresse)
        return comptes

    une = compter()
    for rang in range(49):
        autre = demander(communaute, par=autrice, a=elue, etat="posee" if rang % 2 else "publiee")
        soutenir(autre, par=elue)
    cinquante = compter()
    # The page of a projet and a feed show so many entries: with fifty questions, fewer kinds of things are named there.
    bornees = {projet.get_absolute_url(), reverse("communautes:questions_atom", args=[communaute.slug])}
    assert {adresse: n for adresse, n in cinquante.items() if n > une[adresse]} == {}
    assert {adresse for adresse, n in cinquante.items() if n != une[adresse]} <= bornees
    for personne, adresse in (pages[0], pages[5], pages[6]):
        client.logout()
        if personne:
            client.force_login(personne)
        assert requetes(client, f"{adresse}?page=2") <= une[adresse], adresse


# --- Who leaves ----------------------------------------------------------------------------------------------------


def test_qui_efface_son_compte_laisse_ses_mots_sans_son_nom(client):
    autrice, elue = PersonneFabrique(pseudonyme="Celle qui part"), PersonneFabrique(roles=["elue"])
    question, autre = demander(par=autrice, a=elue, etat="posee"), demander()
    soutenir(autre, par=autrice)
    effacer(autrice)
    question.refresh_from_db()
    page = client.get(question.get_absolute_url()).content.decode()
    assert "Participant effacé" in page and "Celle qui part" not in page and question.titre in page
    assert (autre.soutiens.count(), question.etat, Echeance.objects.count()) == (1, "posee", 1)


@pytest.mark.parametrize("envoi", [{}, {"action": "effacer"}])
def test_un_soutien_qui_ne_dit_pas_lequel_est_refuse_sur_une_page(client, voisin, envoi):
    question = demander()
    client.force_login(voisin)
    reponse = client.post(reverse("communautes:soutien_d_une_question", args=[question.pk]), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 400 and "Dites s’il faut soutenir" in page
    assert "<h1>Ce n’est pas possible</h1>" in page and f'href="{question.get_absolute_url()}"' in page
