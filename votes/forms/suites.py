from idees.forms import ProjetDepuisIdeeForm


class ProjetDepuisUneOptionForm(ProjetDepuisIdeeForm):
    """The frame of the projet that an elected option opens."""

    def __init__(self, data=None, *, option, par):
        super().__init__(data, source=option, par=par)
