"""Operations and exchanges timed on this machine: interleaved, in processor time, with how far they can be believed."""
