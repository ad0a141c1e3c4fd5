"""The container image, built from a checkout by a Docker Engine (container/Dockerfile).

Needs the extra `docker`, and pip, which downloads the wheels. Only the command line imports it.
"""

from verifier.image.build import BuiltImage, build_image
from verifier.image.errors import ImageError

__all__ = ["BuiltImage", "ImageError", "build_image"]
