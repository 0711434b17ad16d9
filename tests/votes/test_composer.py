"""The desk of votes: who enters by which door and when, what each page writes, what bad input costs, two agents at once."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.fabriques import EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique
from tests.requetes import copier, requetes
from tests.tableau import fautes_parmi
from tests.votes.fabriques import scrutin
from timeline.models import Entree
from votes import composition, etudes
from votes.models import Bulletin, Emargement, Enveloppe, Etude, Option, Scrutin

pytestmark = pytest.mark.django_db
MINUTE = "%Y-%m-%dT%H:%M"


def adresse(nom, vote, *suite) -> str:
    return reverse(f"votes:{nom}", args=[vote.slug, *suite])


@pytest.fixture
def chez(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def brouillon(agent):
    return scrutin("brouillon", agent=agent)


def quand(jours) -> str:
    return timezone.localtime(timezone.now() + timedelta(days=jours)).strftime(MINUTE)


def mots(**autres) -> dict:
    return {
        "titre": "Le budget des quartiers",
        "question": "Que réaliser en premier ?",
        "modele": "budget-3",
        "ouvre_le": quand(1),
        "ferme_le": quand(8),
        "qui": "inscrites",
    } | autres


# --- Who enters, and when ------------------------------------------------------------------------------------------------

#: door -> (method, what is sent, what follows the slug). Those that write are sent something valid.
PORTES = {
    "composer": ("get", {}, ()),
    "geste": ("post", {"geste": "descendre:p1"}, ()),
    "regles": ("get", {}, ()),
    "facon": ("get", {}, ()),
    "apercu": ("get", {}, ()),
    "etudes": ("get", {}, ()),
    "enveloppes": ("get", {}, ()),
    "enveloppe": ("get", {}, ("enveloppe",)),
    "retirer_enveloppe": ("get", {}, ("enveloppe",)),
    "ajouter_options": ("post", {"lignes": "Un banc de plus ; 100"}, ()),
    "ajouter_idees": ("get", {}, ()),
    "ajouter_fichier": ("get", {}, ()),
    "composer_option": ("get", {}, ("p1",)),
    "retirer_option": ("get", {}, ("p1",)),
    "joindre_option": ("get", {}, ("p1",)),
    "dupliquer": ("post", {}, ()),
}
LIRE = {"composer", "apercu", "etudes"}
APRES = {"retirer_option": 200}  # a reason for everybody
FIGE = dict.fromkeys(PORTES, 409) | dict.fromkeys(LIRE, 200) | {"dupliquer": 302}
ATTENDU = {
    "brouillon": dict.fromkeys(PORTES, 200) | {"geste": 302, "ajouter_options": 302, "dupliquer": 302},
    "annonce": FIGE | APRES,
    "ouvert": FIGE | APRES,
    "clos": FIGE,
}
CONDUISENT = {"agent", "administratrice", "referente"}


def frapper(client, porte, vote) -> int:
    methode, donnees, suite = PORTES[porte]
    suite = tuple(vote.enveloppes.first().pk if un == "enveloppe" else un for un in suite)
    donnees = (
        {**donnees, "liste": composition.empreinte_de_la_liste(vote.options.all())} if methode == "post" else donnees
    )
    nom = "composer" if porte == "geste" else porte
    return getattr(client, methode)(adresse(nom, vote, *suite), donnees).status_code


@pytest.fixture
def roles(citoyenne, agent, moderatrice, elue, administratrice):
    autre = PersonneFabrique()
    ProjetFabrique(referente=autre)
    return {
        "visiteur": None,
        "citoyenne": citoyenne,
        "moderatrice": moderatrice,
        "elue": elue,
        "autre_referente": autre,
        "agent": agent,
        "administratrice": administratrice,
        "referente": PersonneFabrique(),
    }


def etape_de(referente):
    loin = timedelta(days=60)
    return EtapeFabrique(
        projet=ProjetFabrique(referente=referente, ouvert=True),
        ouvre=["voter"],
        ouvre_le=timezone.now() - loin,
        ferme_le=timezone.now() + loin,
    )


def du(role, etat, porte) -> int:
    """What this door owes to this role."""
    if role == "visiteur":
        return 302
    if role in CONDUISENT:
        return ATTENDU[etat][porte]
    return 404 if etat == "brouillon" else 403


@pytest.mark.parametrize("etat", ATTENDU)
def test_qui_entre_par_quelle_porte_et_quand(etat, roles, refus_en_bref):
    prepare = scrutin(etat, agent=roles["agent"], etape=etape_de(roles["referente"]))

    def compter(vote):
        return Scrutin.objects.count(), list(vote.options.values_list("cle", flat=True))

    def essai(role):
        """All the doors, one after the other, by one person in her own browser."""
        vote, client = Scrutin.objects.get(pk=prepare.pk), Client()
        if roles[role]:
            client.force_login(roles[role])
        ecrit = compter(vote)
        for porte in PORTES:
            attendu = du(role, etat, porte)
            assert (role, porte, frapper(client, porte, vote)) == (role, porte, attendu)
            if attendu >= 400 or role == "visiteur":
                assert compter(vote) == ecrit
            else:
                ecrit = compter(vote)

    assert fautes_parmi(roles, essai) == {}


#: Doors that write, in the form of what is sent: none may change an announced vote.
ECRITURES = {
    "regles": {"titre": "Changé", "question": "?", "ouvre_le": quand(1), "ferme_le": quand(8), "qui": "inscrites"},
    "facon": {"regle": "approbation", "forme": "approbation", "p_places": "1", "p_hors_bornes": "nul"},
    "enveloppes": {"territoires": ["1"], "budget": "1"},
    "ajouter_options": {"lignes": "De plus ; 1"},
    "ajouter_fichier": {},
    "ajouter_idees": {"idees": ["1"]},
    "composer": {"geste": "monter:p2"},
    "etudes": {"services": ["1"], "options": ["1"], "attendue_le": "2030-01-01"},
}


def test_une_regle_annoncee_ne_change_par_aucune_porte(chez, agent):
    vote = scrutin("annonce", agent=agent)

    def essai(porte):
        avant = Scrutin.objects.values().get(pk=vote.pk), list(vote.options.values()), list(vote.enveloppes.values())
        reponse = chez.post(adresse(porte, vote), ECRITURES[porte])
        assert reponse.status_code == 409
        assert "son règlement et sa liste sont publics" in reponse.content.decode()
        assert (
            Scrutin.objects.values().get(pk=vote.pk),
            list(vote.options.values()),
            list(vote.enveloppes.values()),
        ) == avant

    assert fautes_parmi(ECRITURES, essai) == {}


def test_les_portes_d_une_proposition_et_d_une_enveloppe_annoncees_sont_fermees(chez, agent):
    vote = scrutin("annonce", agent=agent)
    enveloppe = vote.enveloppes.get()
    for nom, suite, envoi in (
        ("composer_option", "p1", {"titre": "Changé", "cout": "1"}),
        ("joindre_option", "p1", {"avec": vote.options.last().pk}),
        ("enveloppe", enveloppe.pk, {"nom": "Changé", "budget": "1"}),
        ("retirer_enveloppe", enveloppe.pk, {}),
    ):
        assert chez.post(adresse(nom, vote, suite), envoi).status_code == 409
    assert vote.options.first().titre == "Bancs de la place"


@pytest.mark.parametrize(
    ("role", "attendu"),
    [("visiteur", 302), ("citoyenne", 403), ("moderatrice", 403), ("elue", 403), ("autre_referente", 200),
     ("agent", 200), ("administratrice", 200)],
)  # fmt: skip
@pytest.mark.parametrize("nom", ["bureau", "creer"])
def test_qui_a_un_bureau(nom, role, attendu, roles, client):
    if roles[role]:
        client.force_login(roles[role])
    assert client.get(reverse(f"votes:{nom}")).status_code == attendu


def test_l_administration_regarde_sans_pouvoir_rien_changer(administratrice, client, brouillon):
    client.force_login(administratrice)
    Etude.objects.create(option=brouillon.options.first(), service=ServiceFabrique(), attendue_le=timezone.localdate())
    for modele in (Scrutin, Option, Etude):
        noms = f"admin:votes_{modele._meta.model_name}"
        assert client.get(reverse(f"{noms}_changelist")).status_code == 200
        page = reverse(f"{noms}_change", args=[modele.objects.first().pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"titre": "Changé"}).status_code == 403
        assert client.get(reverse(f"{noms}_add")).status_code == 403
    assert not {Emargement, Bulletin, Enveloppe} & set(admin.site._registry)


def test_le_bureau_montre_les_etats_et_les_etudes_en_retard(chez, agent, brouillon):
    scrutin("annonce", agent=agent)
    option = brouillon.options.first()
    hier = timezone.localdate() - timedelta(days=1)
    Etude.objects.create(option=option, service=ServiceFabrique(nom="Voirie fictive"), attendue_le=hier)
    page = chez.get(reverse("votes:bureau")).content.decode()
    assert "Voirie fictive" in page
    assert "Études en retard" in page
    page = chez.get(reverse("votes:bureau"), {"etat": "annonce"}).content.decode()
    assert f">{brouillon.titre}</a> <span" not in page


def test_le_bureau_est_a_l_heure_sans_attendre_l_horloge(chez, agent):
    vote = scrutin("ouvert", agent=agent)
    with time_machine.travel(vote.ferme_le, tick=False):
        chez.force_login(agent)
        page = chez.get(reverse("votes:bureau")).content.decode()
    assert "Terminé, à compter" in page.partition('class="composer__nom"')[2].partition("</li>")[0]


def test_une_ouverture_passee_reste_a_regler(chez, agent, brouillon):
    with time_machine.travel(brouillon.ouvre_le, tick=False):
        chez.force_login(agent)
        page = chez.get(adresse("composer", brouillon)).content.decode()
    assert "Choisissez une ouverture à venir" in page
    assert "ce vote peut être annoncé" not in page


def test_une_referente_prepare_dans_son_projet_et_nulle_part_ailleurs(client, roles):
    referente = roles["referente"]
    sienne, ailleurs = etape_de(referente), etape_de(PersonneFabrique())
    sans_vote = EtapeFabrique(projet=sienne.projet, ouvre=["commenter"])
    client.force_login(referente)
    conduite = client.get(reverse("projets:conduire", args=[sienne.projet.slug])).content.decode()
    assert f"{reverse('votes:creer')}?etape={sienne.pk}" in conduite
    assert f"{reverse('votes:creer')}?etape={sans_vote.pk}" not in conduite
    assert client.get(reverse("votes:creer"), {"etape": sienne.pk}).context["form"].initial["etape"] == sienne.pk
    for refusee in ("", ailleurs.pk, sans_vote.pk, 987654):
        reponse = client.post(reverse("votes:creer"), mots(etape=refusee))
        assert reponse.status_code == 422
        assert "etape" in reponse.context["form"].errors
    assert client.post(reverse("votes:creer"), mots(etape=sienne.pk)).status_code == 302
    cree = Scrutin.objects.get()
    assert cree.projet == sienne.projet
    assert cree.titre in client.get(reverse("projets:conduire", args=[sienne.projet.slug])).content.decode()
    autre = scrutin("brouillon")
    assert client.get(adresse("composer", autre)).status_code == 404


# --- Its words, dates and way of counting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modele", "regle", "forme", "choix_max", "nb_mentions"),
    [
        ("budget-3", "plus-votes", "approbation", 3, 0),
        ("budget-sac", "plus-votes", "sac", None, 0),
        ("budget-parts-egales", "parts-egales", "approbation", None, 0),
        ("jugement-paris", "jugement-majoritaire", "mentions", None, 4),
        ("oui-non", "oui-non", "choix", None, 0),
        ("priorites", "priorites", "points", None, 0),
    ],
)
def test_un_modele_donne_sa_facon_de_voter(chez, modele, regle, forme, choix_max, nb_mentions):
    reponse = chez.post(reverse("votes:creer"), mots(modele=modele))
    cree = Scrutin.objects.get()
    assert (reponse.status_code, reponse.url) == (302, adresse("composer", cree))
    obtenu = (cree.regle, cree.forme, cree.choix_max, len(cree.mentions), cree.etat)
    assert obtenu == (regle, forme, choix_max, nb_mentions, "brouillon")
    assert not any("'" in mention for mention in cree.mentions)
    assert cree.enveloppes.count() == 1
    assert list(cree.options.values_list("cle", flat=True)) == (["oui", "non"] if regle == "oui-non" else [])
    assert Entree.objects.sur(cree).get().est_publique is False
    assert chez.get(adresse("facon", cree)).status_code == 200
    assert chez.get(adresse("apercu", cree)).status_code == 200


def test_deux_votes_du_meme_titre_ont_deux_adresses(chez):
    for _fois in range(3):
        assert chez.post(reverse("votes:creer"), mots()).status_code == 302
    assert sorted(Scrutin.objects.values_list("slug", flat=True)) == [
        "le-budget-des-quartiers",
        "le-budget-des-quartiers-2",
        "le-budget-des-quartiers-3",
    ]


#: name -> (what is sent, the field, words of the sentence)
MAUVAIS_MOTS = {
    "sans titre": ({"titre": " \u200b "}, "titre", "Donnez un titre"),
    "trop long": ({"titre": "x" * 141}, "titre", "140"),
    "sans question": ({"question": ""}, "question", "Écrivez la question"),
    "fin avant début": ({"ferme_le": quand(-3)}, "ferme_le", "après l’ouverture"),
    "date en lettres": ({"ouvre_le": "demain"}, "ouvre_le", "Écrivez un jour"),
    "an mille": ({"ouvre_le": "1000-01-01T00:00"}, "ouvre_le", "trop loin"),
    "habitantes de nulle part": ({"qui": "habitantes"}, "territoire", "Choisissez le territoire"),
    "règle inventée": ({"qui": "amies"}, "qui", "Dites qui"),
    "modèle inventé": ({"modele": "tirage"}, "modele", "genre de vote de la liste"),
    "étape inconnue": ({"etape": "9999"}, "etape", "Choisissez une étape"),
    "étape en lettres": ({"etape": "x"}, "etape", "Choisissez une étape"),
    "âge négatif": ({"age_min": "-3"}, "age_min", "entre 1 et 120"),
    "âge en lettres": ({"age_min": "dix"}, "age_min", "nombre d’années"),
    "âge énorme": ({"age_min": "9" * 30}, "age_min", "entre 1 et 120"),
}


def test_de_mauvais_mots_sont_dits_a_cote_de_leur_champ_et_rien_n_est_ecrit(chez):
    def essai(cas):
        changes, champ, phrase = MAUVAIS_MOTS[cas]
        reponse = chez.post(reverse("votes:creer"), mots(**changes))
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors[champ])
        assert Scrutin.objects.count() == 0
        if cas != "sans titre":
            assert reponse.context["form"]["titre"].value() == changes.get("titre", "Le budget des quartiers")

    assert fautes_parmi(MAUVAIS_MOTS, essai) == {}


@pytest.mark.parametrize(("champ", "jours"), [("ouvre_le", -9), ("ferme_le", 90)])
def test_les_dates_tiennent_dans_celles_de_l_etape(chez, champ, jours):
    etape = EtapeFabrique(ouvre=["voter"])
    reponse = chez.post(reverse("votes:creer"), mots(etape=etape.pk, **{champ: quand(jours)}))
    assert "étape choisie" in reponse.context["form"].errors[champ][0]


def lu(client, nom, vote, *suite, **demande):
    return client.get(adresse(nom, vote, *suite), demande).context["form"]


def envoi_de(form) -> dict:
    """What a browser sends of a form that nobody has touched."""
    envoi = {}
    for champ in form:
        valeur = champ.value()
        if valeur is True:
            envoi[champ.html_name] = "on"
        elif valeur not in (None, False):
            envoi[champ.html_name] = champ.field.widget.format_value(valeur) if not isinstance(valeur, list) else valeur
    return {nom: valeur for nom, valeur in envoi.items() if valeur is not None}


def test_deux_agents_sur_les_mots_la_seconde_est_prevenue(chez, brouillon):
    vu = lu(chez, "regles", brouillon)["vu"].value()
    envoi = mots(etape=brouillon.etape_id, vu=vu)
    assert chez.post(adresse("regles", brouillon), envoi | {"titre": "La première"}).status_code == 302
    reponse = chez.post(adresse("regles", brouillon), envoi | {"titre": "La seconde"})
    assert reponse.status_code == 422
    assert "Quelqu’un a changé cette page" in reponse.content.decode()
    assert reponse.context["form"]["titre"].value() == "La seconde"
    assert Scrutin.objects.get().titre == "La première"


def test_chaque_facon_de_compter_montre_ses_reglages_et_les_garde(chez, brouillon):
    from votes.reglement import FORMES_DE, parametres_de

    def essai(regle):
        brouillon.refresh_from_db()  # as it was before the rule that was tried last
        for forme in FORMES_DE[regle]:
            page = chez.get(adresse("facon", brouillon), {"regle": regle, "forme": forme})
            form = page.context["form"]
            assert (page.context["regle"], page.context["forme"]) == (regle, forme)
            assert "p_ordre_du_sort" not in form.fields
            envoi = envoi_de(form) | {"regle": regle, "forme": forme}
            if forme == "points" and regle != "priorites":
                envoi["points_total"] = "7"
            if forme == "mentions":
                envoi["mentions"] = "Non\nOui\nOui !"
            reponse = chez.post(adresse("facon", brouillon), envoi)
            assert reponse.status_code == 302, reponse.context["form"].errors
            brouillon.refresh_from_db()
            assert (brouillon.regle, brouillon.forme) == (regle, forme)
            assert brouillon.parametres == {}
            parametres_de(brouillon)

    assert fautes_parmi(Scrutin.Regle.values, essai) == {}


def test_les_reglages_d_une_regle_sont_gardes_et_relus(chez, brouillon):
    form = lu(chez, "facon", brouillon, regle="parts-egales", forme="approbation")
    envoi = envoi_de(form) | {
        "regle": "parts-egales", "forme": "approbation", "choix_min": "1", "choix_max": "5", "p_pas": "2,50",
        "p_completion": "plus-votes", "p_arret_exhaustif": "on", "p_maximums": "Sport=2\nCulture=1",
    }  # fmt: skip
    assert chez.post(adresse("facon", brouillon), envoi).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.parametres == {
        "pas": 250, "completion": "plus-votes", "arret_exhaustif": True, "maximums": ["Sport=2", "Culture=1"],
    }  # fmt: skip
    assert (brouillon.choix_min, brouillon.choix_max) == (1, 5)
    form = lu(chez, "facon", brouillon)
    assert (form["p_pas"].value(), form["choix_max"].value()) == ("2,50", 5)
    autre = lu(chez, "facon", brouillon, regle="oui-non")
    assert set(autre.fields) & {"p_pas", "choix_max", "p_oui"} == set()
    envoi = envoi_de(autre) | {"regle": "oui-non", "forme": "choix", "p_majorite": "2/3"}
    assert chez.post(adresse("facon", brouillon), envoi).status_code == 302
    brouillon.refresh_from_db()
    assert (brouillon.parametres, brouillon.choix_max) == ({"majorite": "2/3"}, None)


#: (rule, way of voting, what is sent, the field, words)
MAUVAISES_FACONS = {
    "min au-dessus du max": (
        "plus-votes",
        "approbation",
        {"choix_min": "4", "choix_max": "2"},
        "choix_max",
        "atteindre",
    ),
    "choix en lettres": ("plus-votes", "approbation", {"choix_max": "trois"}, "choix_max", "nombre entier"),
    "zéro choix": ("plus-votes", "approbation", {"choix_max": "0"}, "choix_max", "trop petit"),
    "choix énorme": ("plus-votes", "approbation", {"choix_max": "9" * 40}, "choix_max", "trop grand"),
    "sans points": ("points", "points", {"points_total": ""}, "points_total", "combien de points"),
    "plus que les points": (
        "points",
        "points",
        {"points_total": "3", "points_max": "9"},
        "points_max",
        "plus que tous",
    ),
    "une mention": ("jugement-majoritaire", "mentions", {"mentions": "Oui"}, "mentions", "de 2 à 10"),
    "mentions doubles": ("jugement-majoritaire", "mentions", {"mentions": "Oui\nOui"}, "mentions", "les mêmes"),
    "mention longue": (
        "jugement-majoritaire",
        "mentions",
        {"mentions": "Oui\n" + "x" * 61},
        "mentions",
        "60 caractères",
    ),
    "choix inventé": ("parts-egales", "approbation", {"p_completion": "hasard"}, "p_completion", "dans la liste"),
    "pas négatif": ("parts-egales", "approbation", {"p_pas": "-1"}, "p_pas", "montant"),
    "majorité impossible": ("oui-non", "choix", {"p_majorite": "3/0"}, "p_majorite", "fraction"),
    "majorité de plus d'un": ("oui-non", "choix", {"p_majorite": "3/2"}, "__all__", "jamais être atteinte"),
    "catégorie sans nombre": ("plus-votes", "approbation", {"p_maximums": "Sport"}, "__all__", "Sport"),
    "capacités de trop": ("priorites", "points", {"p_capacites": "1\n2"}, "__all__", "une par moment"),
    "capacité en lettres": ("priorites", "points", {"p_capacites": "un"}, "p_capacites", "n’est pas un nombre"),
}


def test_une_mauvaise_facon_est_dite_et_rien_n_est_ecrit(chez, brouillon):
    def essai(cas):
        regle, forme, changes, champ, phrase = MAUVAISES_FACONS[cas]
        avant = Scrutin.objects.values().get()
        envoi = envoi_de(lu(chez, "facon", brouillon, regle=regle, forme=forme)) | {"regle": regle, "forme": forme}
        if forme == "points" and regle == "points":
            envoi["points_total"] = "7"
        reponse = chez.post(adresse("facon", brouillon), envoi | changes)
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors[champ])
        assert Scrutin.objects.values().get() == avant

    assert fautes_parmi(MAUVAISES_FACONS, essai) == {}


def test_deux_agents_sur_la_facon_la_seconde_est_prevenue(chez, brouillon):
    envoi = envoi_de(lu(chez, "facon", brouillon)) | {"regle": "plus-votes", "forme": "approbation"}
    assert chez.post(adresse("facon", brouillon), envoi | {"choix_max": "3"}).status_code == 302
    reponse = chez.post(adresse("facon", brouillon), envoi | {"choix_max": "4"})
    assert reponse.status_code == 422
    assert "Quelqu’un a changé ces règles" in reponse.content.decode()
    assert Scrutin.objects.get().choix_max == 3


def test_parts_egales_et_trois_choix_previennent_l_agent(chez, brouillon):
    page = chez.get(adresse("facon", brouillon), {"regle": "parts-egales"}).content.decode()
    assert "30 à 60 %" in page
    assert "30 à 60 %" not in chez.get(adresse("facon", brouillon)).content.decode()
    for choix_max, prevenu in ((3, True), (4, False), (None, False)):
        Scrutin.objects.filter(pk=brouillon.pk).update(regle="parts-egales", choix_max=choix_max)
        assert ("30 à 60 %" in chez.get(adresse("composer", brouillon)).content.decode()) is prevenu


def test_une_copie_a_les_memes_regles_et_la_meme_liste(chez, agent):
    vote = scrutin("annonce", agent=agent, choix_max=2)
    reponse = chez.post(adresse("dupliquer", vote))
    copie = Scrutin.objects.exclude(pk=vote.pk).get()
    assert reponse.url == adresse("regles", copie)
    assert (copie.etat, copie.choix_max, copie.empreinte, copie.etape) == ("brouillon", 2, "", vote.etape)
    assert copie.ouvre_le > timezone.now()
    assert list(copie.options.values_list("cle", "titre", "cout", "enveloppe__budget")) == list(
        vote.options.values_list("cle", "titre", "cout", "enveloppe__budget")
    )
    assert vote.options.count() == 3


@pytest.mark.parametrize(("etat", "offerte"), [("ouverte", True), ("close", False)])
def test_une_referente_copie_tant_que_son_etape_n_est_pas_finie(client, agent, etat, offerte):
    """A copy would have no stage: nobody's but an agent's."""
    referente = PersonneFabrique()
    etape = EtapeFabrique(projet=ProjetFabrique(referente=referente, ouvert=True), ouvre=["voter"], etat=etat)
    vote = scrutin("brouillon", agent=agent, etape=etape)
    client.force_login(referente)
    assert ("Faire une copie" in client.get(adresse("composer", vote)).content.decode()) is offerte
    reponse = client.post(adresse("dupliquer", vote))
    assert reponse.status_code == (302 if offerte else 409)
    assert offerte or "demandez à un agent" in reponse.content.decode()
    client.force_login(agent)
    assert client.post(adresse("dupliquer", vote)).status_code == 302


def test_une_erreur_de_reference_ne_deborde_pas(chez):
    for slug in ("inconnu", "x" * 160):
        assert chez.get(reverse("votes:composer", args=[slug])).status_code == 404


# --- Envelopes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lieux():
    from territoires.models import Territoire

    ville = Territoire.objects.create(genre="metropole", nom="Ville fictive", slug="ville-fictive", code="M1")
    commune = Territoire.objects.create(
        genre="commune", nom="Commune fictive", slug="commune-fictive", code="C1", parent=ville
    )
    return [
        Territoire.objects.create(
            genre="quartier", nom=f"Quartier {n}", slug=f"quartier-{n}", code=f"Q{n}", parent=commune
        )
        for n in (1, 2)
    ]


def test_une_enveloppe_par_lieu_et_chaque_idee_dans_la_sienne(chez, brouillon, lieux):
    envoi = {"territoires": [lieu.pk for lieu in lieux], "budget": "120 000"}
    assert chez.post(adresse("enveloppes", brouillon), envoi).status_code == 302
    assert list(brouillon.enveloppes.values_list("nom", "budget")) == [
        ("Toute la ville", 5_000_000), ("Quartier 1", 12_000_000), ("Quartier 2", 12_000_000),
    ]  # fmt: skip
    idee = IdeeFabrique(etat="retenue", territoire=lieux[1])
    [option] = composition.ajouter_les_idees(brouillon, [idee], par=chez_agent(chez))
    assert option.enveloppe.territoire == lieux[1]
    reponse = chez.post(adresse("enveloppes", brouillon), envoi)
    assert reponse.status_code == 422  # these places have theirs


def chez_agent(client):
    from django.contrib.auth import get_user

    return get_user(type("Demande", (), {"session": client.session})())


@pytest.mark.parametrize(
    ("envoi", "champ", "phrase"),
    [
        ({"nom": "", "budget": "1"}, "nom", "Donnez un nom"),
        ({"nom": "Ville", "budget": "beaucoup"}, "budget", "pas un montant"),
        ({"nom": "Ville", "budget": "0"}, "budget", "plus grand que zéro"),
        ({"nom": "Ville", "budget": "-5"}, "budget", "pas un montant"),
        ({"nom": "Ville", "budget": "9" * 30}, "budget", "trop grand"),
        ({"nom": "Ville", "budget": "1,234"}, "budget", "pas un montant"),
    ],
)
def test_un_mauvais_budget_est_dit(chez, brouillon, envoi, champ, phrase):
    enveloppe = brouillon.enveloppes.get()
    vu = lu(chez, "enveloppe", brouillon, enveloppe.pk)["vu"].value()
    reponse = chez.post(adresse("enveloppe", brouillon, enveloppe.pk), envoi | {"vu": vu})
    assert reponse.status_code == 422
    assert phrase in reponse.context["form"].errors[champ][0]
    assert brouillon.enveloppes.get().budget == 5_000_000


def test_une_enveloppe_change_et_se_retire_si_elle_est_vide(chez, brouillon, lieux):
    enveloppe = brouillon.enveloppes.get()
    assert chez.post(adresse("retirer_enveloppe", brouillon, enveloppe.pk)).status_code == 422
    vu = lu(chez, "enveloppe", brouillon, enveloppe.pk)["vu"].value()
    envoi = {"nom": "La ville", "budget": "60 000,50", "vu": vu}
    assert chez.post(adresse("enveloppe", brouillon, enveloppe.pk), envoi).status_code == 302
    assert (
        chez.post(adresse("enveloppe", brouillon, enveloppe.pk), envoi).status_code == 422
    )  # what was read has changed
    enveloppe.refresh_from_db()
    assert (enveloppe.nom, enveloppe.budget) == ("La ville", 6_000_050)
    [neuve] = composition.ajouter_enveloppes(brouillon, lieux[:1], None, par=chez_agent(chez))
    assert chez.post(adresse("retirer_enveloppe", brouillon, enveloppe.pk)).status_code == 422
    assert chez.post(adresse("retirer_enveloppe", brouillon, neuve.pk)).status_code == 302
    autre = scrutin("brouillon").enveloppes.get()
    for nom in ("enveloppe", "retirer_enveloppe"):
        assert chez.post(adresse(nom, brouillon, autre.pk), envoi).status_code == 404


# --- Constant number of queries ------------------------------------------------------------------------------------------


def peupler(vote, agent, nombre):
    service = ServiceFabrique()
    options = composition.ajouter(
        vote, [Option(cle="", titre=f"Proposition {n}", cout=100) for n in range(nombre)], par=agent
    )
    etudes.demander(vote, options, [service], timezone.localdate(vote.ouvre_le) - timedelta(days=1), par=agent)


@pytest.mark.parametrize("nom", ["composer", "etudes", "apercu", "ajouter_idees", "enveloppes"])
def test_les_pages_coutent_autant_avec_une_ou_cinquante_propositions(nom, chez, agent):
    couts = []
    for nombre in (1, 50):
        vote = scrutin("brouillon", agent=agent, propositions=(), ouvre_le=timezone.now() + timedelta(days=5))
        peupler(vote, agent, nombre)
        couts.append(requetes(chez, adresse(nom, vote)))
    assert couts[0] == couts[1]


def test_le_bureau_coute_autant_avec_un_ou_cinquante_votes(chez, agent):
    """And with as many costs that services still owe."""
    premier, bureau = (
        scrutin("brouillon", agent=agent, ouvre_le=timezone.now() + timedelta(days=5)),
        reverse("votes:bureau"),
    )
    peupler(premier, agent, 1)
    un = requetes(chez, bureau)
    copier(premier, 49, slug=lambda n: f"copie-{n}")
    peupler(premier, agent, 49)
    assert [requetes(chez, f"{bureau}?page={page}") for page in (1, 2)] == [un, un]
    assert chez.get(bureau).context["page"].paginator.count == 50
    assert un <= 10


def test_les_idees_d_une_boite_coutent_autant_qu_une(chez, agent, brouillon):
    couts = []
    for nombre in (1, 50):
        idee = IdeeFabrique(etat="retenue")
        copier(idee, nombre - 1)
        ici = f"{adresse('ajouter_idees', brouillon)}?boite={idee.boite.slug}"
        couts.append(requetes(chez, ici))
        assert len(chez.get(ici).context["lignes"]) == nombre
    assert couts[0] == couts[1]


def fichier(texte, nom="liste.csv"):
    return SimpleUploadedFile(nom, texte if isinstance(texte, bytes) else texte.encode(), "text/csv")
