"""What the stories of ideas share: a box, its form, and what somebody types in it."""

import uuid

import pytest

from tests.fabriques import ThematiqueFabrique


@pytest.fixture
def saisie(db):
    """What somebody types; one form, so one key."""
    return {
        "cle_saisie": str(uuid.uuid4()),
        "titre": "Des bancs à l’ombre",
        "texte": "Au lavoir il n’y a pas un seul siège, et il fait très chaud.",
        "thematique": ThematiqueFabrique().pk,
        "commune": "",
        "lieu_en_mots": "Devant le lavoir",
        "latitude": "",
        "longitude": "",
        "alternative": "",
    }
