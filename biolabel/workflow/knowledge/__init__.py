"""Knowledge as data: the catalog, single concepts, indices, versions and audits."""
