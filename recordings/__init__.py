"""Small sessions of a virtual runner, recorded through the whole path, each with its truth."""
