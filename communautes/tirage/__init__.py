"""Drawing of lots of panels: pure functions and files, without any model, that anybody can run again.

Two moments. `preparation.preparer` finds, before the announcement, a fair list of a thousand possible panels (« lots »), each of
which meets every quota; how many of them hold a person, out of a thousand, is exactly that person's chance. `tirer.tirer` then takes one of
them, from the SHA-256 of the three published files and of a public value named in advance. `refaire.refaire` does it again from the files alone.
"""
