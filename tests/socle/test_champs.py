"""What people type, and what is kept of it: in the fields, in the forms that use them, in the feed that reads old rows."""

from xml.etree import ElementTree

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver, reverse

from comptes.forms import PseudonymeField
from idees.forms import BoiteForm, ProjetDepuisIdeeForm, RetirerForm
from idees.models import Idee
from moderation.forms import MotifForm, SignalementForm
from projets.forms import ActualiteForm, DocumentForm, EtapeForm, ProjetForm, VersionForm
from projets.models import Thematique
from reponses.forms import AvisForm, JalonForm, RenvoyerForm, ReponseForm
from reponses.forms_lots import LotForm
from reponses.forms_modeles import ModeleForm
from socle.champs import PlusieursField, TexteCourt, TexteLibre
from tests.fabriques import IdeeFabrique, ThematiqueFabrique

KEPT = [
    ("Des bancs", "Des bancs"),
    ("  Des \t bancs\r\nici ", "Des bancs ici"),
    ("Des\x08 bancs\x00", "Des bancs"),
    ("Des\u200b ban\u2060cs\ufeff", "Des bancs"),
    ("\u202eDes bancs\u202c", "Des bancs"),
    ("Des\u2028bancs", "Des bancs"),
    ("\ud800Des bancs\uffff", "Des bancs"),
    ("Famille 👩\u200d👧", "Famille 👩\u200d👧"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("…", "…"),
    ("+1", "+1"),
]
INVISIBLES = ["\u200b" * 20, "\u2060" * 20, "\u3164" * 20, "\u115f\u1160" * 10, "\u2800" * 20, "\u00ad" * 20, "\u0301" * 20,
              "\u200d" * 20, "\ufe0f" * 20, "\x08" * 20, "\u202e" * 20, " \u00a0\u2003" * 9, "\U000e0041" * 20]  # fmt: skip


@pytest.mark.sans_base
@pytest.mark.parametrize(("tape", "garde"), KEPT)
def test_ce_qui_est_garde_d_une_ligne(tape, garde):
    assert TexteCourt().clean(tape) == garde


@pytest.mark.django_db
@pytest.mark.parametrize("cle", ["9" * 30, "-1", "0", "zzz", "1.5", "²"])
def test_une_cle_que_rien_ne_porte_est_un_choix_hors_de_la_liste(cle):
    """SQLite cannot even look for the longest."""
    theme = ThematiqueFabrique()
    champ = PlusieursField(Thematique.objects.all())
    assert list(champ.clean([str(theme.pk)])) == [theme]
    with pytest.raises(forms.ValidationError, match="Choisissez parmi les réponses proposées"):
        champ.clean([str(theme.pk), cle])


def toutes_les_classes(classe):
    for fille in classe.__subclasses__():
        yield from (fille, *toutes_les_classes(fille))


@pytest.mark.sans_base
def test_toute_liste_ou_l_on_en_coche_plusieurs_le_sait():
    """The plain field of Django would stop on such a key: no form of the house has one."""
    get_resolver().url_patterns  # all views are imported, and their forms  # noqa: B018
    maison = {config.name for config in apps.get_app_configs() if config.path.startswith(str(settings.RACINE))}
    champs = [
        (f"{classe.__module__}.{classe.__name__}.{nom}", type(champ))
        for classe in toutes_les_classes(forms.BaseForm)
        if classe.__module__.partition(".")[0] in maison
        for nom, champ in getattr(classe, "base_fields", {}).items()
        if isinstance(champ, forms.ModelMultipleChoiceField)
    ]
    assert len(champs) > 8
    assert [nom for nom, classe in champs if classe is forms.ModelMultipleChoiceField] == []


@pytest.mark.sans_base
def test_un_long_texte_garde_ses_lignes():
    assert TexteLibre().clean("Un\r\ndeux\rtrois\n\n\u2029quatre\x07") == "Un\ndeux\ntrois\n\n\nquatre"


@pytest.mark.sans_base
@pytest.mark.parametrize("classe", [TexteCourt, TexteLibre])
@pytest.mark.parametrize("tape", INVISIBLES)
def test_l_invisible_n_est_rien(classe, tape):
    with pytest.raises(forms.ValidationError) as refus:
        classe(error_messages={"required": "Écrivez."}).clean(tape)
    assert refus.value.messages == ["Écrivez."]


@pytest.mark.sans_base
@pytest.mark.parametrize("tape", ["\u3164" * 5, "\u200b\u200b", "\u1160"])
def test_un_pseudonyme_se_voit(tape):
    with pytest.raises(forms.ValidationError):
        PseudonymeField().clean(tape)


@pytest.mark.sans_base
@pytest.mark.parametrize(
    "formulaire",
    [BoiteForm, ProjetDepuisIdeeForm, RetirerForm, MotifForm, SignalementForm, ActualiteForm, DocumentForm, EtapeForm,
     ProjetForm, VersionForm, AvisForm, JalonForm, RenvoyerForm, ReponseForm, LotForm, ModeleForm],
)  # fmt: skip
def test_chaque_formulaire_prend_ces_champs(formulaire):
    """A plain CharField that people fill is a way round."""
    nus = [
        nom
        for nom, champ in formulaire.base_fields.items()
        if type(champ) is forms.CharField and not isinstance(champ.widget, forms.HiddenInput)
    ]
    assert nus in ([], ["site_web"])  # the trap for robots is read by nobody


@pytest.mark.django_db
def test_un_vieux_titre_ne_casse_plus_le_flux(client):
    idee = IdeeFabrique(etat="publiee")
    Idee.objects.filter(pk=idee.pk).update(titre="Un banc\x08 à l’ombre\ufffe")
    reponse = client.get(reverse("timeline:atom"))
    assert reponse.status_code == 200
    flux = ElementTree.fromstring(reponse.content)  # noqa: S314  # our own feed
    titres = [titre.text for titre in flux.iter("{http://www.w3.org/2005/Atom}title")]
    assert any("Un banc à l’ombre" in titre for titre in titres)
