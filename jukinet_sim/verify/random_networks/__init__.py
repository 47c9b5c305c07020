"""Random networks in which every part of the vocabulary may meet every other, made from the choices of any `Chooser`."""
