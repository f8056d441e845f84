"""The JSON API: routers over the same functions as the pages."""
