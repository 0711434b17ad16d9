"""Feasibility studies: asked, given back, taken back, late; their costs kept; two options joined with their authors' consent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from idees.fusion import proposer
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, reunir
from tests.votes.fabriques import scrutin
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from votes import composition, etudes, jonction
from votes.models import Etude, Option

pytestmark = pytest.mark.django_db


def adresse(nom, vote, *suite) -> str:
    return reverse(f"votes:{nom}", args=[vote.slug, *suite])


def pas(etude, nom) -> str:
    return reverse("timeline:etape", args=["votes.etude", etude.pk, nom])


@pytest.fixture
def chez(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def brouillon(agent):
    return scrutin(
        "brouillon",
        agent=agent,
        ouvre_le=timezone.now() + timedelta(days=9),
        ferme_le=timezone.now() + timedelta(days=19),
    )


@pytest.fixture
def etude(agent, brouillon):
    return demander(brouillon, agent)


def demander(vote, agent, service=None) -> Etude:
    options = list(vote.options.all()[:1])
    services = [service or ServiceFabrique(nom="Voirie fictive")]
    return etudes.demander(vote, options, services, timezone.localdate() + timedelta(days=3), par=agent)[0]


AVIS = {
    "conclusion": "sous_conditions",
    "motif": "Le sol doit être sondé.",
    "cout": "12 500,50",
    "cout_motif": "Devis fictif de 2026.",
    "calendrier": "Six mois.",
    "entretien": "Par la régie, 500 € par an.",
}


# --- Asking ------------------------------------------------------------------------------------------------------------------


def test_on_demande_a_plusieurs_services_pour_plusieurs_propositions_en_une_fois(chez, brouillon):
    services = [ServiceFabrique(), ServiceFabrique()]
    envoi = {
        "services": [service.pk for service in services],
        "options": [option.pk for option in brouillon.options.all()],
        "attendue_le": (timezone.localdate() + timedelta(days=5)).isoformat(),
    }
    assert chez.post(adresse("etudes", brouillon), envoi).status_code == 302
    assert Etude.objects.filter(option__scrutin=brouillon).count() == 6
    reponse = chez.post(adresse("etudes", brouillon), envoi, follow=True)  # those that are asked are left as they are
    assert "0 étude" in reponse.content.decode()
    assert Etude.objects.count() == 6
    entree = Entree.objects.filter(type="votes.etudes.demander").get()
    assert (entree.est_publique, entree.donnees["nombre"]) == (False, 6)


@pytest.mark.parametrize(
    ("changes", "champ", "phrase"),
    [
        ({"services": []}, "services", "un service"),
        ({"services": ["99999"]}, "services", "de la liste"),
        ({"services": ["x"]}, "services", "de la liste"),
        ({"options": []}, "options", "une proposition"),
        ({"options": ["99999"]}, "options", "de ce vote"),
        ({"attendue_le": ""}, "attendue_le", "Choisissez une date"),
        ({"attendue_le": "demain"}, "attendue_le", "Écrivez une date"),
        ({"attendue_le": "2020-01-01"}, "attendue_le", "à venir"),
        ({"attendue_le": "2090-01-01"}, "attendue_le", "avant son ouverture"),
    ],
)
def test_une_mauvaise_demande_est_dite_et_rien_n_est_ecrit(changes, champ, phrase, chez, brouillon):
    envoi = {
        "services": [ServiceFabrique().pk],
        "options": [brouillon.options.first().pk],
        "attendue_le": (timezone.localdate() + timedelta(days=5)).isoformat(),
    }
    reponse = chez.post(adresse("etudes", brouillon), envoi | changes)
    assert reponse.status_code == 422
    assert phrase in reponse.context["form"].errors[champ][0].replace("d’avant", "avant")
    assert Etude.objects.count() == 0


def test_les_propositions_d_un_autre_vote_ne_s_etudient_pas_ici(agent, chez, brouillon):
    ailleurs = scrutin("brouillon").options.first()
    envoi = {"services": [ServiceFabrique().pk], "options": [ailleurs.pk], "attendue_le": "2026-12-31"}
    assert chez.post(adresse("etudes", brouillon), envoi).status_code == 422
    with pytest.raises(EtapeInvalide):
        etudes.demander(brouillon, [ailleurs], [ServiceFabrique()], timezone.localdate(), par=agent)


# --- Given back, taken back ---------------------------------------------------------------------------------------------------


def test_une_etude_se_rend_se_reprend_et_se_corrige(chez, etude):
    assert chez.get(pas(etude, "rendre")).status_code == 200
    assert chez.post(pas(etude, "rendre"), AVIS).status_code == 302
    etude.refresh_from_db()
    assert (etude.etat, etude.conclusion, etude.cout, etude.motif) == (
        "rendue",
        "sous_conditions",
        1_250_050,
        AVIS["motif"],
    )
    assert etude.rendue_le is not None
    assert chez.post(pas(etude, "rendre"), AVIS).status_code == 409
    assert chez.post(pas(etude, "reprendre"), {}).status_code == 302
    form = chez.get(pas(etude, "rendre")).context["form"]
    assert (form["motif"].value(), form["cout"].value()) == (AVIS["motif"], "12\u00a0500,50")
    assert chez.post(pas(etude, "rendre"), AVIS | {"cout": "", "cout_motif": ""}).status_code == 302
    etude.refresh_from_db()
    assert etude.cout is None


@pytest.mark.parametrize(
    ("changes", "champ", "phrase"),
    [
        ({"conclusion": ""}, "conclusion", "Choisissez"),
        ({"conclusion": "peut-être"}, "conclusion", "de la liste"),
        ({"motif": " \u200b"}, "motif", "Expliquez"),
        ({"conclusion": "non_faisable"}, "alternative", "à la place"),
        ({"cout_motif": ""}, "cout_motif", "D’où".lower()),
        ({"cout": "cher"}, "cout", "pas un montant"),
        ({"motif": "x" * 3001}, "motif", "3000"),
    ],
)
def test_une_mauvaise_etude_est_dite_a_cote_de_son_champ(changes, champ, phrase, chez, etude):
    reponse = chez.post(pas(etude, "rendre"), AVIS | changes)
    assert reponse.status_code == 422
    assert phrase in reponse.context["form"].errors[champ][0]
    if "motif" not in changes:
        assert reponse.context["form"]["motif"].value() == AVIS["motif"]
    etude.refresh_from_db()
    assert (etude.etat, etude.motif) == ("demandee", "")


@pytest.mark.parametrize(
    "champs",
    [
        {"etat": "rendue", "rendue_le": timezone.now(), "conclusion": "faisable"},  # no reason
        {"etat": "rendue", "conclusion": "faisable", "motif": "Oui."},  # no date
        {"conclusion": "non_faisable", "motif": "Non."},  # no alternative
        {"cout": 100},  # from where?
        {"etat": "inventé"},
    ],
)
def test_la_base_refuse_une_etude_qui_ne_s_explique_pas(champs, brouillon):
    base = {"option": brouillon.options.first(), "service": ServiceFabrique(), "attendue_le": timezone.localdate()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Etude.objects.bulk_create([Etude(**base, **champs)])


def test_un_service_n_est_demande_qu_une_fois(etude):
    with pytest.raises(IntegrityError), transaction.atomic():
        Etude.objects.create(option=etude.option, service=etude.service, attendue_le=timezone.localdate())


def test_une_etude_attendue_ou_non_faisable_retient_l_annonce(agent, brouillon, etude):
    with pytest.raises(EtapeInvalide, match="n’a pas encore rendu"):
        franchir(brouillon.annoncer, par=agent)
    franchir(
        etude.rendre, par=agent, conclusion="non_faisable", motif="Le sol est pollué.", alternative="Un autre square."
    )
    with pytest.raises(EtapeInvalide, match="n’est pas faisable"):
        franchir(brouillon.annoncer, par=agent)
    composition.enlever(etude.option, par=agent)
    franchir(brouillon.annoncer, par=agent)


def test_apres_l_annonce_une_etude_ne_change_plus(chez, agent, brouillon, etude):
    franchir(etude.rendre, par=agent, conclusion="faisable", motif="Rien ne l’empêche.")
    franchir(brouillon.annoncer, par=agent)
    reponse = chez.post(pas(etude, "reprendre"), {})
    assert reponse.status_code == 403
    assert "ne changent plus" in reponse.content.decode()
    page = chez.get(adresse("etudes", brouillon)).content.decode()
    assert "Rien ne l’empêche." in page
    assert "Demander ces études" not in page
    chez.logout()
    option = chez.get(etude.option.get_absolute_url()).content.decode()
    assert "Rien ne l’empêche." in option
    assert "Voirie fictive" in option


def test_une_etude_en_preparation_n_existe_pas_pour_les_autres(client, citoyenne, etude):
    for personne in (None, citoyenne):
        if personne:
            client.force_login(personne)
        assert client.get(pas(etude, "rendre")).status_code == 404
    assert list(Etude.objects.visibles_par(citoyenne)) == []


def test_une_etude_en_retard_se_voit(chez, agent, brouillon, etude):
    assert not etude.est_en_retard
    Etude.objects.filter(pk=etude.pk).update(attendue_le=timezone.localdate() - timedelta(days=1))
    assert "En retard" in chez.get(adresse("etudes", brouillon)).content.decode()
    assert "en retard" in chez.get(adresse("composer", brouillon)).content.decode()
    bureau = chez.get(reverse("votes:bureau")).content.decode()
    assert "Études en retard" in bureau
    assert "Voirie fictive" in bureau


def test_on_cesse_de_demander_ce_qui_n_est_pas_rendu(chez, agent, brouillon, etude):
    autre = demander(
        scrutin("brouillon", ouvre_le=brouillon.ouvre_le, ferme_le=brouillon.ferme_le), agent, ServiceFabrique()
    )
    assert chez.post(adresse("abandonner_etude", brouillon, autre.pk)).status_code == 404
    assert chez.post(adresse("abandonner_etude", brouillon, etude.pk)).status_code == 302
    rendue = demander(brouillon, agent, ServiceFabrique())
    franchir(rendue.rendre, par=agent, conclusion="faisable", motif="Oui.")
    assert chez.post(adresse("abandonner_etude", brouillon, rendue.pk)).status_code == 409
    assert list(Etude.objects.filter(option__scrutin=brouillon)) == [rendue]


def test_le_cout_d_une_etude_devient_celui_de_la_proposition(chez, agent, brouillon, etude):
    page = adresse("garder_le_cout", brouillon, etude.pk)
    with pytest.raises(EtapeInvalide):
        etudes.garder_le_cout(etude, par=agent)
    franchir(etude.rendre, par=agent, conclusion="faisable", motif="Oui.", cout=1_234_500, cout_motif="Un devis.")
    assert "Garder ce coût" in chez.get(adresse("etudes", brouillon)).content.decode()
    assert chez.post(page).status_code == 302
    etude.option.refresh_from_db()
    assert etude.option.cout == 1_234_500
    assert "Garder ce coût" not in chez.get(adresse("etudes", brouillon)).content.decode()
    franchir(brouillon.annoncer, par=agent)
    assert chez.post(page).status_code == 409


# --- Two options that become one ------------------------------------------------------------------------------------------------


def deux_idees(etat="publiee"):
    une = IdeeFabrique(etat=etat, auteur=PersonneFabrique(pseudonyme="Camille Fictive"))
    return une, IdeeFabrique(etat=etat, boite=une.boite, auteur=PersonneFabrique(pseudonyme="Sacha Fictif"))


def options_de(vote, *idees):
    return composition.ajouter(
        vote,
        [Option(cle="", titre=idee.titre, cout=100, idee=idee, proposee_par=idee.nom_de_l_auteur) for idee in idees],
        par=PersonneFabrique(roles=["agent"]),
    )


def unir_avec_accord(source, cible):
    fusion = proposer(source, cible, par=source.auteur, motif="Elles demandent la même chose.")
    franchir(fusion.accepter, par=cible.auteur)
    source.refresh_from_db()
    return fusion


def test_deux_idees_reunies_avec_accord_font_une_seule_proposition(chez, agent, brouillon):
    source, cible = deux_idees()
    une, autre = options_de(brouillon, source, cible)
    unir_avec_accord(source, cible)
    page = chez.get(adresse("joindre_option", brouillon, une.cle), {"avec": autre.pk}).content.decode()
    assert "Joindre ces deux propositions" in page
    assert chez.post(adresse("joindre_option", brouillon, une.cle), {"avec": autre.pk}).status_code == 302
    assert not brouillon.options.filter(pk=une.pk).exists()
    autre.refresh_from_db()
    assert autre.proposee_par == "Sacha Fictif, avec Camille Fictive"
    entree = Entree.objects.sur(autre).get(type="votes.option.joindre")
    assert entree.donnees["idees"] == [cible.pk, source.pk]
    assert entree.donnees["titre_joint"] == source.titre


def test_sans_accord_on_ne_joint_pas_et_la_page_mene_a_la_reunion(chez, agent, brouillon):
    source, cible = deux_idees()
    une, autre = options_de(brouillon, source, cible)
    page = chez.get(adresse("joindre_option", brouillon, une.cle), {"avec": autre.pk}).content.decode()
    assert f"{reverse('idees:reunir', args=[source.pk])}?avec={cible.pk}" in page
    assert chez.post(adresse("joindre_option", brouillon, une.cle), {"avec": autre.pk}).status_code == 422
    with pytest.raises(EtapeInvalide, match="donnent d’abord leur accord"):
        jonction.joindre(une, autre, par=agent)
    reunir(source, cible, par=agent)  # in a hurry, without asking them
    une.idee.refresh_from_db()
    with pytest.raises(EtapeInvalide, match="sans l’accord"):
        jonction.joindre(Option.objects.get(pk=une.pk), autre, par=agent)
    assert brouillon.options.filter(pk__in=[une.pk, autre.pk]).count() == 2


def test_ce_qui_ne_vient_pas_d_une_idee_ou_a_sa_reponse_ne_se_joint_pas(agent, brouillon):
    une, autre = options_de(brouillon, *deux_idees("retenue"))
    a_la_main = brouillon.options.get(cle="p1")
    for premiere, seconde, phrase in (
        (une, autre, "a déjà sa réponse"),
        (une, a_la_main, "ne vient pas d’une idée"),
        (une, une, "deux propositions différentes"),
        (une, scrutin("brouillon").options.first(), "de ce vote"),
    ):
        assert phrase in jonction.accord_sur(premiere, seconde).refus


@pytest.mark.parametrize("avec", ["", "x", "99999", "ailleurs"])
def test_une_proposition_forgee_ne_se_joint_pas(avec, chez, brouillon):
    une, _autre = options_de(brouillon, *deux_idees())
    if avec == "ailleurs":
        avec = options_de(scrutin("brouillon"), IdeeFabrique(etat="publiee"))[0].pk
    assert chez.post(adresse("joindre_option", brouillon, une.cle), {"avec": avec}).status_code == 422


def test_qui_ne_prepare_pas_ce_vote_n_y_touche_pas(citoyenne, brouillon, etude):
    option = etude.option
    une, autre = options_de(brouillon, *deux_idees())
    jour = timezone.localdate() + timedelta(days=1)
    for geste in (
        lambda: etudes.demander(brouillon, [option], [ServiceFabrique()], jour, par=citoyenne),
        lambda: etudes.abandonner(etude, par=citoyenne),
        lambda: etudes.garder_le_cout(etude, par=citoyenne),
        lambda: jonction.joindre(une, autre, par=citoyenne),
        lambda: composition.modifier(option, par=citoyenne, valeurs={"titre": "x"}),
        lambda: composition.enlever(option, par=citoyenne),
        lambda: composition.regler(brouillon, par=citoyenne, valeurs={"titre": "x"}),
        lambda: composition.ajouter(brouillon, [], par=citoyenne),
        lambda: composition.dupliquer(brouillon, par=citoyenne),
    ):
        with pytest.raises(EtapeInterdite):
            geste()


def test_ce_qui_est_enleve_pendant_qu_on_ecrit_est_dit(agent, brouillon, etude):
    option = etude.option
    composition.enlever(option, par=agent)
    with pytest.raises(EtapeImpossible, match="n’est plus dans la liste"):
        composition.modifier(option, par=agent, valeurs={"titre": "Trop tard"})
