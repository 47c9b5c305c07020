"""Whole numbers that municipalities or prefectures have, such as which way they ask, and that change on dates."""
