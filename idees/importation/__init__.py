"""Taking over what people wrote on another platform: one engine for the command and for the pages of the agents.

`lecture` reads whatever calls itself CSV; `correspondance` says which column goes where; `conversions` reads a cell;
`validation` makes a line out of a row, or says why not; `ecriture` is the only place that writes; `moteur` goes through
the file, for a trial or for good.
"""
