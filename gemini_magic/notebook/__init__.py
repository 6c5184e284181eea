"""The notebook: magics, cells, commands, completion."""
