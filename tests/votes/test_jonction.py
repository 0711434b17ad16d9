"""Two options of ideas that have their answer become one, when both authors say so."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from idees.models import Idee, Soutien
from moderation.actions import masquer
from notifications.abonnements import abonner, suit
from notifications.models import Courriel
from socle.permissions import SYSTEME
from tests.fabriques import CADRE, IdeeFabrique, PersonneFabrique
from tests.notifications.conftest import dire, taire
from tests.tableau import attendus, cases_fautives, noms
from tests.votes.fabriques import amener, scrutin
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir, transitions_ouvertes
from timeline.models import Entree
from votes import composition, jonction
from votes.models import Jonction, Option
from votes.suites import ouvrir_un_projet

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon():
    return scrutin("brouillon")


@pytest.fixture
def deux(brouillon, agent):
    """Options of two accepted ideas, the first to be kept."""
    une = IdeeFabrique(etat="retenue", auteur=PersonneFabrique(pseudonyme="Camille Fictive"))
    autre = IdeeFabrique(etat="retenue", boite=une.boite, auteur=PersonneFabrique(pseudonyme="Sacha Fictif"))
    options = [
        Option(cle="", titre=idee.titre, cout=100, idee=idee, proposee_par=idee.nom_de_l_auteur)
        for idee in (une, autre)
    ]
    return composition.ajouter(brouillon, options, par=agent)


@pytest.fixture
def posee(deux, agent):
    return jonction.demander(*deux, par=agent, motif="Elles parlent du même quai.")


def autrices(posee):
    return posee.idee_gardee.auteur, posee.idee_jointe.auteur


ROLES = ("visiteur", "citoyenne", "agent", "referente", "moderatrice", "elue", "une", "autre", "systeme")
#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("proposee", "accepter"): ("proposee", {"une", "autre"}),
    ("proposee", "refuser"): ("refusee", {"une", "autre"}),
    ("proposee", "abandonner"): ("abandonnee", {"agent", "referente", "systeme"}),
    ("proposee", "effectuer"): ("effective", set()),  # brought by the second agreement
}


@pytest.mark.parametrize("etat", Jonction.Etat.values)
def test_table(etat, posee, citoyenne, agent, moderatrice, elue):
    une, autre = autrices(posee)
    if etat == "effective":
        franchir(posee.accepter, par=une)
        franchir(posee.accepter, par=autre)
    elif etat != "proposee":
        franchir(
            getattr(posee, {"refusee": "refuser", "abandonnee": "abandonner"}[etat]),
            par=une if etat == "refusee" else agent,
        )
    personnes = {
        "visiteur": AnonymousUser(), "citoyenne": citoyenne, "agent": agent, "moderatrice": moderatrice, "elue": elue,
        "referente": posee.scrutin.etape.projet.referente, "une": une, "autre": autre, "systeme": SYSTEME,
    }  # fmt: skip
    fautives = []
    for nom in sorted(noms(Jonction)):
        vers, qui = TABLE.get((etat, nom), (None, set()))
        fautives += cases_fautives(posee, nom, attendus(ROLES, vers, qui), personnes)
    assert fautives == []


def test_deux_oui_font_une_seule_proposition(posee, brouillon):
    une, autre = autrices(posee)
    franchir(posee.accepter, par=une)
    assert brouillon.options.filter(pk=posee.jointe_id).exists(), "one yes is not enough"
    franchir(posee.accepter, par=autre)
    posee.refresh_from_db()
    assert (posee.etat, posee.jointe) == ("effective", None)
    assert not brouillon.options.filter(titre=posee.titre_joint).exists()
    assert posee.gardee.proposee_par == "Camille Fictive, avec Sacha Fictif"
    assert jonction.idees_jointes(posee.gardee) == [posee.idee_jointe]
    posee.idee_jointe.refresh_from_db()
    assert posee.idee_jointe.etat == "retenue", "its answer stays as it is"
    assert not Entree.objects.publiques().filter(type__startswith="votes.jonction").exists()


def test_un_non_laisse_les_deux_et_n_est_pas_redemande(posee, deux, agent, brouillon):
    franchir(posee.accepter, par=autrices(posee)[0])
    franchir(posee.refuser, par=autrices(posee)[1], motif="Ce n’est pas le même quai.")
    assert brouillon.options.filter(pk__in=[o.pk for o in deux]).count() == 2
    for premiere, seconde in (deux, reversed(deux)):
        with pytest.raises(EtapeInvalide, match="a dit non"):
            jonction.demander(premiere, seconde, par=agent, motif="Encore.")


def test_on_ne_demande_pas_deux_fois_a_la_fois(posee, deux, agent):
    with pytest.raises(EtapeInvalide, match="attendez leur réponse"):
        jonction.demander(*deux, par=agent, motif="Encore.")
    troisieme = composition.ajouter(
        posee.scrutin, [Option(cle="", titre="Une autre", cout=1, idee=IdeeFabrique(etat="retenue"))], par=agent
    )[0]
    with pytest.raises(EtapeImpossible, match="Une autre jonction"):
        jonction.demander(deux[0], troisieme, par=agent, motif="Et celle-ci.")


def test_l_annonce_ferme_la_question(posee, agent):
    amener(posee.scrutin, "annonce", agent=agent)
    posee.refresh_from_db()
    assert posee.etat == "abandonnee"
    with pytest.raises(EtapeImpossible):
        franchir(posee.accepter, par=autrices(posee)[0])


@pytest.mark.parametrize("laquelle", [0, 1])
def test_une_proposition_enlevee_ferme_la_question_et_la_page_reste(client, posee, deux, agent, laquelle):
    composition.enlever(deux[laquelle], par=agent)
    posee.refresh_from_db()
    assert posee.etat == "abandonnee"
    client.force_login(autrices(posee)[0])
    assert posee.titre_joint in client.get(posee.get_absolute_url()).content.decode()


def test_un_non_vaut_pour_les_deux_idees_meme_remises_dans_la_liste(posee, deux, agent):
    franchir(posee.refuser, par=autrices(posee)[0])
    composition.enlever(deux[1], par=agent)
    (remise,) = composition.ajouter(
        posee.scrutin, [Option(cle="", titre="La même", cout=1, idee=posee.idee_jointe)], par=agent
    )
    with pytest.raises(EtapeInvalide, match="a dit non"):
        jonction.demander(deux[0], remise, par=agent, motif="Encore.")


def test_une_proposition_qui_vaut_deja_pour_deux_n_est_pas_absorbee(posee, agent):
    for autrice in autrices(posee):
        franchir(posee.accepter, par=autrice)
    troisieme = composition.ajouter(
        posee.scrutin,
        [Option(cle="", titre="Une autre", cout=1, idee=IdeeFabrique(etat="retenue", auteur=PersonneFabrique()))],
        par=agent,
    )[0]
    with pytest.raises(EtapeInvalide, match="vaut déjà pour deux"):
        jonction.demander(troisieme, posee.gardee, par=agent, motif="Toutes ensemble.")
    assert jonction.demander(posee.gardee, troisieme, par=agent, motif="Toutes ensemble.").etat == "proposee"


def test_on_ne_demande_rien_a_qui_ne_peut_plus_repondre(deux, agent):
    Idee.objects.filter(pk=deux[1].idee_id).update(auteur=None)
    with pytest.raises(EtapeInvalide, match="n’a plus de compte"):
        jonction.demander(*(Option.objects.get(pk=o.pk) for o in deux), par=agent, motif="Elles parlent du même quai.")


def test_une_idee_masquee_ne_se_joint_pas(posee, moderatrice):
    masquer(posee.idee_jointe, par=moderatrice, motif="injure", explication="Des insultes.")
    posee.refresh_from_db()
    with pytest.raises(EtapeImpossible, match="masqué"):
        franchir(posee.accepter, par=autrices(posee)[0])


def test_un_nom_contenu_dans_un_autre_n_est_pas_perdu(posee, deux):
    Option.objects.filter(pk=deux[0].pk).update(proposee_par="Annette")
    Option.objects.filter(pk=deux[1].pk).update(proposee_par="Anne")
    for autrice in autrices(posee):
        franchir(Jonction.objects.get(pk=posee.pk).accepter, par=autrice)
    assert Option.objects.get(pk=deux[0].pk).proposee_par == "Annette, avec Anne"


def test_qui_ne_prepare_pas_ne_demande_pas(deux, citoyenne):
    with pytest.raises(EtapeInterdite):
        jonction.demander(*deux, par=citoyenne, motif="x")
    assert not Jonction.objects.exists()


def test_la_base_refuse_un_effet_sans_les_deux_accords(posee):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as base:
        base.execute("UPDATE votes_jonction SET etat = 'effective', close_le = proposee_le WHERE id = %s", [posee.pk])


@pytest.mark.parametrize("qui", ["visiteur", "citoyenne", "agent", "une", "autre", "moderatrice"])
def test_seules_les_autrices_et_l_equipe_lisent_la_page(qui, client, posee, citoyenne, agent, moderatrice):
    une, autre = autrices(posee)
    personnes = {"citoyenne": citoyenne, "agent": agent, "une": une, "autre": autre, "moderatrice": moderatrice}
    if qui in personnes:
        client.force_login(personnes[qui])
    page = client.get(posee.get_absolute_url())
    assert page.status_code == (200 if qui in {"agent", "une", "autre"} else 404)
    assert (b"Je suis d" in page.content) is (qui in {"une", "autre"})


def test_la_page_du_bureau_demande_puis_dit_ou_cela_en_est(client, agent, deux, brouillon):
    client.force_login(agent)
    adresse = reverse("votes:joindre_option", args=[brouillon.slug, deux[0].cle])
    page = client.get(adresse, {"avec": deux[1].pk}).content.decode()
    assert "Demander aux auteurs" in page
    vide = client.post(adresse, {"avec": deux[1].pk, "motif": " "})
    assert vide.status_code == 422 and "les auteurs le liront" in vide.content.decode()
    assert client.post(adresse, {"avec": deux[1].pk}).status_code == 422
    assert not Jonction.objects.exists()
    pose = client.post(adresse, {"avec": deux[1].pk, "motif": "Le même quai."})
    assert pose.status_code == 302 and pose.url == Jonction.objects.get().get_absolute_url()
    assert "attendez leur réponse" in client.get(adresse, {"avec": deux[1].pk}).content.decode()


def test_les_autrices_repondent_par_la_page(client, posee):
    for autrice in autrices(posee):
        client.force_login(autrice)
        assert (
            client.post(
                reverse("votes:decider_jonction", args=[posee.pk, "accepter"]), {"etat": "proposee"}
            ).status_code
            == 302
        )
    posee.refresh_from_db()
    assert posee.etat == "effective"
    assert "vaut pour les deux idées" in client.get(posee.get_absolute_url()).content.decode()


def test_chacune_recoit_la_question_puis_la_fin(deux, agent):
    taire()
    posee = jonction.demander(*deux, par=agent, motif="Le même quai.")
    dire()
    attendues = {autrice.email for autrice in autrices(posee)}
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == attendues
    assert "Le même quai." in Courriel.objects.first().texte
    franchir(posee.refuser, par=autrices(posee)[1], motif="Non merci.")
    dire()
    finies = Courriel.objects.filter(objet__contains="restent")
    assert set(finies.values_list("destinataire", flat=True)) == {autrices(posee)[0].email, agent.email}
    assert all("Non merci." in courriel.texte for courriel in finies)


def test_le_projet_de_l_elue_est_suivi_par_celles_des_deux(posee, agent):
    suiveuse = PersonneFabrique()
    Soutien.objects.create(idee=posee.idee_jointe, personne=suiveuse)
    abonner(suiveuse, posee.idee_jointe)
    for autrice in autrices(posee):
        franchir(posee.accepter, par=autrice)
    Option.objects.filter(pk=posee.gardee_id).update(est_elue=True)
    projet = ouvrir_un_projet(
        Option.objects.get(pk=posee.gardee_id),
        par=agent,
        cadre={"titre": "Le quai", "resume": "x", **CADRE, "referente": agent},
    )
    assert suit(suiveuse, projet)


def test_rien_a_faire_pour_qui_a_deja_dit_oui(posee):
    une, _autre = autrices(posee)
    franchir(posee.accepter, par=une)
    assert [nom for nom, _e in transitions_ouvertes(posee, une)] == ["refuser"]


def test_la_page_de_la_proposition_nomme_les_deux_idees(client, posee, agent):
    for autrice in autrices(posee):
        franchir(posee.accepter, par=autrice)
    amener(posee.scrutin, "annonce", agent=agent)
    page = client.get(posee.gardee.get_absolute_url()).content.decode()
    assert posee.idee_gardee.get_absolute_url() in page and posee.idee_jointe.get_absolute_url() in page


def test_une_idee_jointe_ne_revient_pas_dans_la_meme_liste_et_la_copie_ne_nomme_que_les_siennes(posee, agent):
    for autrice in autrices(posee):
        franchir(posee.accepter, par=autrice)
    assert composition.ajouter_les_idees(posee.scrutin, [posee.idee_jointe], par=agent) == []
    copie = composition.dupliquer(posee.scrutin, par=agent)
    assert copie.options.get(idee=posee.idee_gardee).proposee_par == "Camille Fictive"
    assert [o.idee for o in composition.ajouter_les_idees(copie, [posee.idee_jointe], par=agent)] == [posee.idee_jointe]
