"""Room ``oversight``: what people read is made from the published warehouse."""
