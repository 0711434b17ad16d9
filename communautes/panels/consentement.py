"""What a drawn person agrees to when she takes her place. A version that somebody agreed to is never reworded: the next one is."""

from django.utils.translation import gettext_lazy as _

VERSIONS = {
    1: _(
        "J’accepte de faire partie de ce panel citoyen. J’ai lu son mandat. Les autres membres me connaîtront par mon "
        "pseudonyme. Mon nom et mon adresse ne sont lus que par les personnes qui organisent le panel, et seront effacés à "
        "la date écrite dans le mandat. Je peux quitter le panel quand je le veux, sans donner de raison."
    ),
}
VERSION = max(VERSIONS)
