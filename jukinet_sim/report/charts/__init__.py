"""Results as charts: plain rows in, Vega-Lite by way of Altair out."""
