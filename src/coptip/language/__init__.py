"""Language: pure marking of free text; it knows neither files nor exercises."""
