"""Cost cards: how many seconds each operation takes on a platform, with where every figure comes from."""
