"""What goes wrong when an image is built."""


class ImageError(Exception):
    """The image cannot be built. The message says what to do."""
