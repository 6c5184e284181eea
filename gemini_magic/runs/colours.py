"""The colours of the saved form.

Mid-tones, to be read on light and dark grounds alike.
"""

GREEN, RED, AMBER, GREY = "#2b8a3e", "#d6453d", "#b26a00", "#808080"
