"""One question per module: networks in, frozen results out."""
