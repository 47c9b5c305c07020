"""What cannot even be imported."""

raise RuntimeError("this package is broken")
