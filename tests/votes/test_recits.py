"""What is said of each option once the result is known, and what the team finds on the way to it."""

import contextlib

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin, voter_pour
from tests.votes.parcours_http import pendant
from timeline.etapes import franchir
from votes.composition import retirer
from votes.forms.aides import AIDES
from votes.forms.facon import AILLEURS, AILLEURS_DE, VALEURS, champ_de
from votes.models import Comptage, Option, Scrutin
from votes.reglages import reglages
from votes.reglement import phrases
from votes.regles.catalogue import REGLES
from votes.regles.parametre import decrire, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return PersonneFabrique(roles=["agent"])


def oui_non(oui, non, blancs, agent, **parametres):
    """Proclaimed, with so many of each."""
    prepare = scrutin(
        "brouillon", regle="oui-non", forme="choix", propositions=(("oui", 0), ("non", 0)), parametres=parametres
    )
    for option in prepare.options.all():
        Option.objects.filter(pk=option.pk).update(cle=option.titre)
    ouvert = amener(prepare, "ouvert", agent=agent)
    for notes, fois in (({"oui": 1}, oui), ({"non": 1}, non), ({}, blancs)):
        for _fois in range(fois):
            voter_pour(ouvert, notes=notes)
    return amener(ouvert, "proclame", agent=agent)


def page(client, proclame, cle):
    return client.get(reverse("votes:pourquoi", args=[proclame.slug, cle])).content.decode()


@pytest.mark.parametrize(
    ("voix", "reglages", "phrase", "gagne"),
    [
        ((3, 2, 0), {}, "Le « oui » a 60 % des réponses : il devait dépasser 50 %.", "oui"),
        ((3, 2, 0), {"majorite": "2/3"}, "Le « oui » a 60 % des réponses : il devait dépasser 66,66 %.", "non"),
        ((2, 2, 0), {"stricte": False}, "Le « oui » a 50 % des réponses : il devait atteindre 50 %.", "oui"),
        ((2, 1, 1), {"base": "votantes"}, "Le « oui » a 50 % de tous les bulletins, blancs compris", "non"),
        ((0, 0, 1), {}, "Personne n’a répondu oui ou non.", "non"),
        ((2, 1, 0), {"quorum": 5}, "Le règlement demande au moins 5 bulletins pour décider", None),
    ],
)
def test_un_oui_non_dit_ce_qu_il_fallait_atteindre(client, agent, voix, reglages, phrase, gagne):
    proclame = oui_non(*voix, agent, **reglages)
    for cle in ("oui", "non"):
        dite = page(client, proclame, cle)
        assert phrase in dite
        assert ("Cette réponse l’emporte" in dite) == (cle == gagne)
    resultats = client.get(reverse("votes:resultats", args=[proclame.slug])).content.decode()
    assert phrase in resultats
    assert resultats.count("L’emporte") == (gagne is not None)


def test_un_vote_alternatif_dit_a_quel_tour_on_est_elimine(client, agent):
    ouvert = scrutin(regle="vote-alternatif", forme="classement")
    for notes, fois in (({"p1": 1, "p2": 2}, 3), ({"p2": 1}, 2), ({"p3": 1, "p1": 2}, 1)):
        for _fois in range(fois):
            voter_pour(ouvert, notes=notes)
    proclame = amener(ouvert, "proclame", agent=agent)
    assert "En première place sur 1 bulletin, pour 6 bulletins en tout." in page(client, proclame, "p3")
    assert "Elle est éliminée au tour 1, avec 1 voix : « Fontaine du marché » en a 2." in page(client, proclame, "p3")
    assert "« Bancs de la place » l’emporte au tour 2, avec 4 voix." in page(client, proclame, "p3")
    assert "éliminée" not in page(client, proclame, "p1")


def test_un_duel_gagne_est_au_singulier(client, agent):
    ouvert = scrutin(regle="schulze", forme="classement")
    voter_pour(ouvert, notes={"p1": 1, "p2": 2, "p3": 3})
    proclame = amener(ouvert, "proclame", agent=agent)
    assert "Elle devance 1 autre proposition." in page(client, proclame, "p2")
    assert "Elle devance 2 autres propositions." in page(client, proclame, "p1")


def rangs(ordre):
    return {f"p{numero}": rang for rang, numero in enumerate(ordre, start=1)}


MENTIONS = {"regle": "jugement-majoritaire", "forme": "mentions", "mentions": ["Non", "Bof", "Oui"]}
#: {name: (fields of the vote, [(grades of one ballot, how many such ballots)], {option: what its page says})}.
RECITS = {
    # 3 > 2 for p1 over p2.
    "un duel": (
        {"regle": "schulze", "forme": "classement"},
        [(rangs("123"), 3), (rangs("213"), 2)],
        {"p2": ["« Bancs de la place » la devance : 3 bulletins contre 2."]},
    ),
    # p1 beats p2 6 to 3, p2 beats p3 7 to 2, p3 beats p1 5 to 4: from p1 to p3 the chain is worth 6, back it is worth 5.
    "une suite de duels": (
        {"regle": "schulze", "forme": "classement"},
        [(rangs("123"), 4), (rangs("231"), 3), (rangs("312"), 2)],
        {
            "p2": ["« Bancs de la place » la devance : 6 bulletins contre 3."],
            "p3": ["« Bancs de la place » la devance par une suite de duels", "a 6 dans ce sens, 5 dans l’autre."],
        },
    ),
    # p1: Non, Bof, Oui, Oui; p2: Bof, Bof, Oui and Non; p3: Non three times and Oui. The lower median is the second worst.
    "des mentions": (
        MENTIONS,
        [
            ({"p1": 2, "p2": 2, "p3": 0}, 1),
            ({"p1": 2, "p2": 1, "p3": 0}, 1),
            ({"p1": 1, "p2": 1, "p3": 0}, 1),
            ({"p1": 0, "p2": 0, "p3": 2}, 1),
        ],
        {
            "p1": ["Sa mention majoritaire est « Bof » : 2 bulletins donnent mieux, 1 donne moins bien."],
            "p2": [
                "Sa mention majoritaire est « Bof » : 1 bulletin donne mieux, 1 donne moins bien.",
                "« Bancs de la place » est devant avec la même mention : 50 % lui donnent mieux et 25 % moins bien. Pour "
                "celle-ci, 25 % donnent mieux et 25 % moins bien.",
            ],
            "p3": ["« Bancs de la place » est devant : sa mention majoritaire est « Bof »."],
        },
    ),
    "un choix": (
        {"regle": "choix-unique", "forme": "choix"},
        [({"p1": 1}, 3), ({"p2": 1}, 1)],
        {"p2": ["Elle a reçu 1 voix, sur 4 bulletins.", "La première, « Bancs de la place », en a reçu 2 de plus."]},
    ),
    "deux places": (
        {"regle": "approbation", "forme": "approbation", "parametres": {"places": 2}},
        [({"p1": 1, "p2": 1}, 3), ({"p1": 1, "p3": 1}, 2)],
        {"p3": ["La dernière qui passe, « Fontaine du marché », en a reçu 1 de plus."]},
    ),
    "des points": (
        {"regle": "points", "forme": "points", "points_total": 10},
        [({"p1": 6, "p2": 1}, 1)],
        {"p2": ["Elle a reçu 1 point, sur 1 bulletin.", "La première, « Bancs de la place », en a reçu 5 de plus."]},
    ),
    # Equal: only the lot is said, no figure is above another.
    "à égalité": (
        {"regle": "approbation", "forme": "approbation"},
        [({"p1": 1}, 1), ({"p2": 1}, 1)],
        {"p2": ["Elle était à égalité : le tirage au sort publié avant le vote a décidé."]},
    ),
}


@pytest.mark.parametrize("recit", RECITS)
def test_ce_qui_n_est_pas_en_tete_dit_qui_est_devant_et_par_quoi(recit, client, agent):
    """Small enough to be counted by hand; the one that is first has nobody ahead."""
    champs, bulletins, pages = RECITS[recit]
    ouvert = scrutin(**champs)
    for notes, fois in bulletins:
        for _fois in range(fois):
            voter_pour(ouvert, notes=notes)
    proclame = amener(ouvert, "proclame", agent=agent)
    (elue, *_autres) = proclame.comptages.get().resultat["enveloppes"][0]["elues"]
    for cle, attendues in pages.items():
        if recit == "à égalité":
            cle = "p1" if elue == "p2" else "p2"
        lue = page(client, proclame, cle)
        for phrase in attendues:
            assert phrase in lue
    devant = page(client, proclame, elue)
    for mot in ("devant", "devance :", "la devance par", "de plus"):
        assert mot not in devant.partition("<main")[2]


def test_le_resultat_dit_ce_qui_a_ete_retire(client, agent):
    ouvert = scrutin()
    voter_pour(ouvert, "p1", "p2")
    with pendant(ouvert):
        retirer(ouvert.options.get(cle="p1"), motif="Le terrain est pris.", par=agent)
    proclame = amener(ouvert, "proclame", agent=agent)
    lues = client.get(reverse("votes:resultats", args=[proclame.slug])).content.decode()
    assert "ces propositions ne sont pas comptées" in lues
    assert f'href="{ouvert.options.get(cle="p1").get_absolute_url()}"' in lues


def test_les_pages_de_comptage_proposent_la_proclamation(client, agent):
    """Whoever has just counted proclaims from where she is."""
    compte = scrutin("depouille", agent=agent)
    client.force_login(agent)
    etape = reverse("timeline:etape", args=["votes.scrutin", compte.pk, "proclamer"])
    for url in (reverse("votes:depouiller", args=[compte.slug]), Comptage.objects.get().get_absolute_url()):
        assert f'href="{etape}?' in client.get(url).content.decode()
    franchir(compte.proclamer, par=agent)


def test_l_api_donne_l_image_par_les_droits_du_vote(client):
    prepare = scrutin("brouillon")
    option = prepare.options.get(cle="p1")
    option.image_alternative = "Un banc"
    option.image.save("banc.webp", ContentFile(b"RIFF"))
    amener(prepare, "annonce", agent=PersonneFabrique(roles=["agent"]))
    lue = client.get(f"/api/v1/votes/{prepare.slug}/propositions/p1/").json()
    assert lue["image"] == reverse("votes:image", args=[prepare.slug, "p1"])
    with contextlib.closing(client.get(lue["image"])) as image:
        assert image.status_code == 200


def test_le_lien_vers_le_reglement_mene_quelque_part(client, agent):
    proclame = scrutin("proclame", agent=agent)
    assert (
        f'href="{proclame.get_absolute_url()}#regles"'
        in client.get(reverse("votes:resultats", args=[proclame.slug])).content.decode()
    )
    assert 'id="regles"' in client.get(proclame.get_absolute_url()).content.decode()


def test_la_page_dit_chaque_reglage_du_comptage(client):
    """Blank grades, the median, ties: whoever votes reads them, not only whoever opens the JSON."""
    annonce = scrutin(
        "annonce",
        regle="jugement-majoritaire",
        forme="mentions",
        mentions=["Non", "Oui"],
        parametres={"mediane": "haute"},
    )
    lue = client.get(annonce.get_absolute_url()).content.decode()
    assert "la meilleure" in lue
    assert "la moins bonne des deux" not in lue
    assert "elle y reçoit la pire mention" in lue
    assert "la première seule" in lue


def test_les_limites_et_la_hausse_sont_dites(client):
    prepare = scrutin("brouillon", regle="parts-egales", parametres={"maximums": ["Vert=1"], "pas": 250})
    prepare.options.filter(cle="p1").update(categorie="Vert")
    annonce = amener(prepare, "annonce", agent=PersonneFabrique(roles=["agent"]))
    dites = {reglage.nom: reglage.valeur for reglage in reglages(annonce)}
    assert (dites["Au plus, par catégorie"], dites["La hausse de la part, à chaque tour, en euros"]) == (
        "Vert=1",
        "2,50\N{NO-BREAK SPACE}€",
    )
    assert (dites["Seuil"], dites["S’arrêter quand plus rien ne tient"]) == ("aucun", "non")


@pytest.mark.parametrize("regle", REGLES)
def test_aucun_reglage_n_est_tu(regle):
    """Every field of every rule is told, but those that the page tells elsewhere."""
    publie = Scrutin(regle=regle, reglement={"parametres": publier(REGLES[regle].parametres())})
    caches = AILLEURS | AILLEURS_DE.get(regle, set())
    attendus = [declare.name for declare, _ in decrire(REGLES[regle].parametres) if declare.name not in caches]
    assert len(reglages(publie)) == len(attendus)
    assert all(reglage.valeur for reglage in reglages(publie))


def test_sans_majorite_absolue_personne_n_est_retenu(client, agent):
    ouvert = scrutin(regle="choix-unique", forme="choix", parametres={"majorite": "absolue"})
    voter_pour(ouvert, "p1")
    voter_pour(ouvert, "p2")
    lue = page(client, amener(ouvert, "proclame", agent=agent), "p1")
    assert "Aucune n’a plus de la moitié des voix" in lue
    assert "Pourquoi elle n’est pas retenue" in lue


def test_un_vote_repris_ne_parle_pas_de_compte():
    """Nobody has voted here: nothing of it is kept with an account."""
    repris = Scrutin(
        origine="fichier", regle="approbation", ouvre_le=timezone.now(), ferme_le=timezone.now(), forme="approbation"
    )
    assert "votre compte" not in " ".join(phrases(repris))
    assert "Ce vote a eu lieu ailleurs" in phrases(repris)[0]


def phrases_montrees() -> set[str]:
    """What the fields of the rules say, as the site draws them: helps, and what a value means."""
    montrees = set()
    for regle, fiche in REGLES.items():
        for declare, type_ in decrire(fiche.parametres):
            if declare.name in AILLEURS | AILLEURS_DE.get(regle, set()):
                continue
            dessine, connues = champ_de(declare.name, declare, type_), VALEURS.get(declare.name, {})
            montrees.add(str(dessine.help_text).removesuffix(" Une valeur par ligne."))
            montrees |= {str(sens) for valeur, sens in getattr(dessine, "choices", ()) if valeur not in connues}
    return montrees - {""}


@pytest.mark.sans_base
def test_chaque_phrase_des_regles_que_le_site_montre_se_traduit():
    assert set(AIDES) == phrases_montrees()
    with translation.override("en"):
        assert not [phrase for phrase in AIDES if gettext(phrase) == phrase]
