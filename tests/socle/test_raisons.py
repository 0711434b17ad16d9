"""A reason that everybody will read is seen: what draws nothing is refused as nothing, beside its field."""

import pytest

from commentaires.forms import DistinguerForm, RetirerLaDistinctionForm
from idees.forms.fusion import ReunirForm
from idees.forms.importations import AnnulerImportationForm
from reponses.forms import AnnulerForm

pytestmark = pytest.mark.sans_base

FORMULAIRES = {
    "motif": [
        AnnulerForm,
        lambda saisi: ReunirForm(saisi, peut_imposer=False),
        AnnulerImportationForm,
        lambda saisi: RetirerLaDistinctionForm(saisi, objet=None, par=None),
    ],
    "ce_qui_change": [DistinguerForm],
}


@pytest.mark.parametrize("invisible", ["\u200b", "\u2800 \ufeff", "\x08", "\u3164"])
@pytest.mark.parametrize(
    ("champ", "former"), [(champ, un) for champ, plusieurs in FORMULAIRES.items() for un in plusieurs]
)
def test_une_raison_invisible_n_en_est_pas_une(champ, former, invisible):
    assert champ in former({champ: invisible}).errors
    lue = former({champ: f"La salle{invisible} est fermée."})
    assert not lue.errors
    assert "".join(lue.cleaned_data[champ].split()) == "Lasalleestfermée."
